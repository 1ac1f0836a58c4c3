"""Jobs whose beginning and end can be seen from outside: a line in a file each, the way a person would see an effect."""

import os
import signal
import time
from pathlib import Path


def book() -> Path:
    return Path(os.environ["LABOUR_BOOK"])


def write(line: str) -> None:
    with book().open("a") as file:
        file.write(f"{line}\n")


def lines() -> list[str]:
    return book().read_text().splitlines() if book().exists() else []


def gate(subject: str) -> Path:
    """While this file is not there, the job waits."""
    return book().with_name(f"gate-{subject}")


def note(subject: str) -> None:
    """Quickly done."""
    write(subject)


def wait(subject: str) -> None:
    """Begun, then held until the gate opens."""
    write(f"begin {subject}")
    while not gate(subject).exists():
        time.sleep(0.02)
    write(f"end {subject}")


def kill(subject: str) -> None:
    """Takes its worker's process down, every time."""
    write(f"begin {subject}")
    os.kill(os.getpid(), signal.SIGKILL)


def effect(subject: str) -> None:
    """An effect made once whatever happens (its name is its key), then death before the job could be struck off, the first time."""
    made = book().with_name(f"effect-{subject}")
    if made.exists():
        return
    write(f"effect {subject}")
    made.touch()
    os.kill(os.getpid(), signal.SIGKILL)

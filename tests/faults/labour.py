"""Jobs whose beginning and end can be seen from outside: a line in a file each, the way a person would see an effect."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cases import making, signing
from documents import assembly, inspection, previews, reading, sealing, vault
from signatures import ceremony, pades


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


def check(subject: str) -> None:
    """The real inspection of a file, whose worker dies where `mortal` says."""
    stages = {name: (mortal(name, work), after) for name, (work, after) in inspection.STAGES.items()}
    with patch.object(inspection, "STAGES", stages):
        inspection.inspect(subject)


def assemble(subject: str) -> None:
    """The real putting together of an upload's parts, the same."""
    with patch.object(sealing, "again", mortal("assembly", sealing.again)):
        assembly.assemble(subject)


def draw(subject: str) -> None:
    """The real drawing of its pages, the same."""
    mortal("pictures", previews.make)(subject)


def read(subject: str) -> None:
    """The real reading of its text, the same."""
    mortal("text", reading.read)(subject)


def sign(subject: str) -> None:
    """The real placing of a signature, whose worker dies once it is made, or once it stands in the document and nobody was told."""
    with patch.object(pades, "sign", mortal("making", pades.sign)), patch.object(ceremony, "apply", mortal("placing", ceremony.apply)):
        signing.apply(subject)


def mark(subject: str) -> None:
    """The real copy of an identity paper, whose worker dies once it is kept and before its exhibit has it."""
    with patch.object(vault, "keep", mortal("copy", vault.keep)):
        making.mark(subject)


def mortal(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """Work that ends its worker before its effect is written: once where there is a file `once-<stage>`, always where there is `always-<stage>`."""

    def done(*about: Any, **more: Any) -> Any:
        found = work(*about, **more)
        once, always = (book().with_name(f"{times}-{stage}") for times in ("once", "always"))
        if once.exists() or always.exists():
            once.unlink(missing_ok=True)
            write(f"died at {stage}")
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    return done

"""Keeps programs running: one that ends is started again, more slowly each time, until all are ended together."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from backend.stack.processes import clear, ended, start, stop

STEADY_SECONDS = 30.0  # a program that ran this long is restarted at once
LONGEST_PAUSE = 10.0


class Supervised(Protocol):
    """What the supervisor needs to know of a program or a server."""

    process: "subprocess.Popen[bytes] | None"

    @property
    def name(self) -> str: ...
    @property
    def ask(self) -> signal.Signals: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


@dataclass
class Program:
    """One of the platform's own processes."""

    name: str
    command: Sequence[str]
    environment: Callable[[], Mapping[str, str]]
    log: Path
    keep: Sequence[int] = ()
    leash: signal.Signals = signal.SIGTERM  # what it receives if the supervisor is killed
    process: "subprocess.Popen[bytes] | None" = None

    ask = signal.SIGTERM

    def start(self) -> None:
        self.process = start(self.command, log=self.log, env=self.environment(), ask=self.leash, keep=self.keep)

    def stop(self) -> None:
        if self.process:
            stop(self.process, self.ask)


@dataclass
class Watch:
    """A supervised program with the history of its ends."""

    program: Supervised
    ends: int = 0
    since: float = field(default_factory=time.monotonic)
    due: float | None = None

    def look(self, say: Callable[[str], None]) -> bool:
        """Take note of an end, or start again what is due; True when it was started again."""
        now = time.monotonic()
        process = self.program.process
        if self.due is None and process and ended(process):
            clear(process)
            self.ends = 0 if now - self.since > STEADY_SECONDS else self.ends + 1
            self.due = now + (min(LONGEST_PAUSE, 2.0 ** (self.ends - 2)) if self.ends > 1 else 0.0)
            say(f"{self.program.name} ended ({process.returncode}); it starts again")
        if self.due is None or now < self.due:
            return False
        self.due, self.since = None, now
        self.program.start()
        return True


def supervise(
    programs: Sequence[Supervised], on_restart: Callable[[Supervised], None], say: Callable[[str], None], beside: Callable[[], None]
) -> None:
    """Watch over programs already started, for ever, looking `beside` at each turn: a signal's exception ends it."""
    watches = [Watch(program) for program in programs]
    while True:
        for watch in watches:
            if watch.look(say):
                on_restart(watch.program)
        beside()
        time.sleep(0.2)


def stop_all(programs: Sequence[Supervised]) -> None:
    """Ask all to end at once, then see each end."""
    for program in programs:
        if program.process:
            program.process.send_signal(program.ask)
    for program in programs:
        program.stop()

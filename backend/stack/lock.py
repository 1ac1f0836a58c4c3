"""One run per folder: a lock held as long as the supervisor lives, and a note of who holds it and where it serves."""

import fcntl
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from backend.stack.processes import Mark
from backend.stack.services import write_private


@dataclass(frozen=True)
class Note:
    """Who runs here; `address` is empty while it starts."""

    pid: int
    started: int
    address: str = ""

    @property
    def mark(self) -> Mark:
        return Mark(self.pid, self.started)


class Lock:
    """The lock of a folder, given back by the kernel however its holder ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file: int | None = None

    def take(self) -> bool:
        """Take the lock and sign for it; False when another process has it."""
        self.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        file = os.open(self.folder / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self.file = file
        self.sign()
        return True

    def sign(self, address: str = "") -> None:
        """Write down that we run, and at which address."""
        write_private(self.folder / "run.json", asdict(Note(os.getpid(), Mark.of(os.getpid()).started, address)))

    def holder(self) -> Note | None:
        """Who runs in this folder: the very process that signed, alive; None when nobody does."""
        with suppress(FileNotFoundError, ValueError, TypeError):
            note = Note(**json.loads((self.folder / "run.json").read_text()))
            if note.mark.alive and not self.is_free():
                return note
        return None

    def is_free(self) -> bool:
        with open(self.folder / "run.lock") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def release(self) -> None:
        if self.file is not None:
            (self.folder / "run.json").unlink(missing_ok=True)
            os.close(self.file)
            self.file = None

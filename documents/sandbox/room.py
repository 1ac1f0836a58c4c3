"""How much the limited processes of one machine take together: so many at once, and so few that hold a large file."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

LARGE = 64 * 1024 * 1024  # bytes in memory from which a job waits its turn among the large ones


@dataclass
class Room:
    """Places marked by locked files, which their holder's death frees. Without a folder nothing is bounded."""

    folder: Path | None = None
    at_once: int = 0
    large_at_once: int = 0
    _mine: threading.local = field(default_factory=threading.local)

    @contextmanager
    def job(self) -> Iterator[None]:
        """A place for one limited process; waits until there is one."""
        with self._place("job", self.at_once):
            yield

    @contextmanager
    def load(self) -> Iterator["Load"]:
        """What this thread puts in memory for a job. Beyond LARGE it waits for a place, which it keeps to the end; once, however deep."""
        with ExitStack() as held:
            yield Load(self, held)

    @contextmanager
    def large(self) -> Iterator[None]:
        if getattr(self._mine, "holds", False):
            yield
            return
        with self._place("large", self.large_at_once):
            self._mine.holds = True
            try:
                yield
            finally:
                self._mine.holds = False

    @contextmanager
    def _place(self, kind: str, count: int) -> Iterator[None]:
        if self.folder is None or count < 1:
            yield
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptors = [os.open(self.folder / f"{kind}-{number}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) for number in range(count)]
        try:
            _lock_one(descriptors)
            yield
        finally:
            for descriptor in descriptors:
                os.close(descriptor)


@dataclass
class Load:
    """The bytes put in memory so far."""

    room: Room
    held: ExitStack
    size: int = 0
    is_large: bool = False

    def add(self, size: int) -> None:
        """Count bytes before they are written; may wait."""
        self.size += size
        if self.size >= LARGE and not self.is_large:
            self.is_large = True
            self.held.enter_context(self.room.large())


def _lock_one(descriptors: list[int]) -> None:
    """Lock any of them; where all are taken, wait for one, not the same for everybody."""
    for descriptor in descriptors:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
    fcntl.flock(descriptors[threading.get_native_id() % len(descriptors)], fcntl.LOCK_EX)

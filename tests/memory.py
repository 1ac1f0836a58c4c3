"""How much memory work takes: in this process and its descendants, and in the files in memory that they hold open."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MB = 1024 * 1024
LOOKED_AT = 0.02  # seconds


@dataclass
class Peak:
    """The most bytes beyond what was held before."""

    most: int = 0


@contextmanager
def watched() -> Iterator[Peak]:
    """What is done in the block, looked at from a thread."""
    before, peak, over = used(), Peak(), threading.Event()

    def watch() -> None:
        while not over.wait(LOOKED_AT):
            peak.most = max(peak.most, used() - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def used() -> int:
    """Bytes held now, each page counted in proportion of those who share it, each file in memory once."""
    parents = {}
    for entry in Path("/proc").iterdir():
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (ValueError, OSError):
            continue
    mine = {os.getpid()}
    while more := {process for process, parent in parents.items() if parent in mine} - mine:
        mine |= more
    files = {inode: size for process in mine for inode, size in _files(process)}
    return sum(map(_pages, mine)) + sum(files.values())


def _pages(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _files(process: int) -> Iterator[tuple[int, int]]:
    """The files in memory that it holds open, each with its size."""
    try:
        for descriptor in Path(f"/proc/{process}/fd").iterdir():
            if os.readlink(descriptor).startswith("/memfd:"):
                found = descriptor.stat()
                yield found.st_ino, found.st_blocks * 512
    except OSError:  # it ended, or closed what we looked at
        return

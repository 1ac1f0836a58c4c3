"""Files in memory: what goes into a limited process and what comes out of it, never on a disk."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from documents.sandbox.room import Load


@dataclass(frozen=True)
class Held:
    """Bytes held in memory for several jobs, which read them and cannot change them."""

    descriptor: int
    size: int


Content = bytes | Iterable[bytes] | Held


def place(held: ExitStack, content: bytes | Iterable[bytes], load: Load) -> Held:
    """Put bytes in memory, counted in `load`, until `held` is closed. Once there, nobody can change them."""
    descriptor = empty(held)
    start = load.size
    for chunk in (content,) if isinstance(content, bytes) else content:
        load.add(len(chunk))
        view = memoryview(chunk)
        while view:
            view = view[os.write(descriptor, view) :]
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK)
    return Held(descriptor, load.size - start)


def empty(held: ExitStack) -> int:
    """An anonymous file, closed with `held`."""
    descriptor = os.memfd_create("content", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    held.callback(os.close, descriptor)
    return descriptor


def to_read(held: ExitStack, kept: Held) -> int:
    """A descriptor of its own for one reader: from the start, and for reading only."""
    descriptor = os.open(f"/proc/self/fd/{kept.descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    held.callback(os.close, descriptor)
    return descriptor


def read(descriptor: int) -> bytes:
    """All that was written."""
    return b"".join(parts(descriptor))


def parts(descriptor: int, size: int = 1024 * 1024) -> Iterator[bytes]:
    offset = 0
    while part := os.pread(descriptor, size, offset):
        yield part
        offset += len(part)


@contextmanager
def loaded(load: Load, content: bytes | Iterable[bytes]) -> Iterator[Held]:
    """Bytes in memory for the length of a block."""
    with ExitStack() as held:
        yield place(held, content, load)

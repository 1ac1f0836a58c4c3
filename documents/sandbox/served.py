"""Contents that are not handed over whole: the child asks for the ranges it reads, over a socket, and whoever keeps them answers."""

import io
import socket
import struct
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread
from types import TracebackType
from typing import Self

QUESTION = struct.Struct("<IQI")  # which content, from where, how many bytes
SEGMENT = 1024 * 1024
WINDOW = 64 * 1024  # bytes
READ_AHEAD = 3  # contents
AT_HAND = 32 * SEGMENT  # bytes a child keeps


@dataclass(frozen=True)
class Served:
    """A content of `size` bytes; `read(start, end)` gives those from `start` to `end` (not included)."""

    size: int
    read: Callable[[int, int], bytes] = field(repr=False)

    def whole(self) -> Iterator[bytes]:
        """All its bytes, in order."""
        return (self.read(start, min(start + SEGMENT, self.size)) for start in range(0, self.size, SEGMENT))


def asked(door: socket.socket, which: int, size: int) -> io.BufferedReader:
    """In the child: such a content as a file that can be read and sought, a few bytes at a time as parsers do."""
    return io.BufferedReader(Asked(door, which, size), WINDOW)


class Asked(io.RawIOBase):
    """The same, unbuffered. The last segments read stay at hand."""

    _at_hand: OrderedDict[tuple[int, int], bytes] = OrderedDict()

    def __init__(self, door: socket.socket, which: int, size: int) -> None:
        self._door, self._which, self._size, self._place = door, which, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence])
        return self._place

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Fills the buffer: a parser takes less for the end."""
        done = 0
        while done < len(buffer) and self._place < self._size:
            number, skip = divmod(self._place, SEGMENT)
            taken = self._segment(number)[skip : skip + len(buffer) - done]
            buffer[done : done + len(taken)] = taken
            self._place += len(taken)
            done += len(taken)
        return done

    def _segment(self, number: int) -> bytes:
        kept = self._at_hand.pop((self._which, number), None)
        found = self._at_hand[self._which, number] = kept if kept is not None else self._ask(number * SEGMENT)
        while sum(map(len, self._at_hand.values())) > AT_HAND:
            self._at_hand.popitem(last=False)
        return found

    def _ask(self, start: int) -> bytes:
        length = min(SEGMENT, self._size - start)
        self._door.sendall(QUESTION.pack(self._which, start, length))
        return exactly(self._door, length)


class Ahead:
    """The beginnings of the contents that come next, read while the child is busy with the one before: contents are opened in their order."""

    def __init__(self, contents: Sequence[Served]) -> None:
        self._contents = contents
        self._reading: dict[int, Future[bytes]] = {}
        self._readers = ThreadPoolExecutor(READ_AHEAD, "served contents")
        self._next = 0

    def read(self, which: int, start: int, length: int) -> bytes:
        """Bytes of one content; where they are its beginning, those of the next ones are sent for."""
        content = self._contents[which]
        end = min(start + min(length, SEGMENT), content.size)
        if start:
            return content.read(start, end)
        begun = self._reading.pop(which, None)
        self._next = max(self._next, which + 1)
        while self._next < min(which + 1 + READ_AHEAD, len(self._contents)):
            following = self._contents[self._next]
            self._reading[self._next] = self._readers.submit(following.read, 0, min(SEGMENT, following.size))
            self._next += 1
        return begun.result() if begun else content.read(start, end)

    def close(self) -> None:
        self._readers.shutdown(cancel_futures=True)


class Server:
    """In the parent: answers a child's questions from a thread of its own, inside the block. `fault` says why it stopped, if it did."""

    def __init__(self, contents: Sequence[Served]) -> None:
        self._ahead = Ahead(contents)
        self._ours, self.theirs = socket.socketpair()
        self._thread = Thread(target=self._serve, name="served contents", daemon=True)
        self.fault: Exception | None = None
        self._spent, self._since = 0.0, 0.0  # seconds; since when the child waits, if it does

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.theirs.close()
        with suppress(OSError):
            self._ours.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._ahead.close()
        self._ours.close()

    @property
    def waited(self) -> float:
        """Seconds that the child has waited for whoever keeps the contents: they are not its own."""
        since = self._since
        return self._spent + (time.monotonic() - since if since else 0.0)

    def _serve(self) -> None:
        try:
            while question := exactly(self._ours, QUESTION.size):
                self._ours.sendall(self._read(*QUESTION.unpack(question)))
        except (OSError, EOFError):
            return  # the child has ended
        except Exception as fault:
            self.fault = fault
            self._ours.shutdown(socket.SHUT_RDWR)

    def _read(self, which: int, start: int, length: int) -> bytes:
        self._since = time.monotonic()
        try:
            return self._ahead.read(which, start, length)
        finally:
            self._spent, self._since = self._spent + time.monotonic() - self._since, 0.0


def exactly(door: socket.socket, length: int) -> bytes:
    """That many bytes. Raises EOFError where the other side went away first."""
    found = bytearray()
    while len(found) < length:
        chunk = door.recv(length - len(found))
        if not chunk:
            raise EOFError
        found += chunk
    return bytes(found)

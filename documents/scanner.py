"""The virus scanner: ClamAV's clamd over its INSTREAM command. What it cannot answer for is never taken for clean."""

import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

CHUNK = 256 * 1024
CONNECTING = 5.0  # seconds
ASKING = 2.0  # seconds, for a ping
NOT_VIRUSES = ("Heuristics.Encrypted.",)  # a lock is for the next stage to see, and to say
TOO_LARGE = "Heuristics.Limits.Exceeded"


class Away(Exception):
    """The scanner does not answer: what waits for it goes on waiting."""


class Unfinished(Exception):
    """The scanner took this file and did not come to an end with it: too slow, out of memory, gone in the middle."""


class TooLarge(Exception):
    """More than the scanner looks at: it would answer for a part only."""


@dataclass(frozen=True)
class Scan:
    """What the scanner said: the virus it found, if any."""

    infection: str = ""


def configured() -> bool:
    """Whether this installation has a scanner (settings.CLAMD_ADDRESS)."""
    return bool(settings.CLAMD_ADDRESS)


def answers() -> bool:
    """Whether the scanner is there now."""
    try:
        with _connected(ASKING) as clamd:
            clamd.sendall(b"zPING\0")
            return _reply(clamd) == "PONG"
    except (Away, OSError):
        return False


def scan(chunks: Iterable[bytes], size: int) -> Scan:
    """Have `size` bytes looked at. Raises Away, Unfinished, TooLarge."""
    if size > settings.CLAMD_MAX_BYTES:
        raise TooLarge
    with _connected(settings.CLAMD_SECONDS) as clamd:
        said = _ask(clamd, chunks)
    found = said.removesuffix(" FOUND").removeprefix("stream: ") if said.endswith(" FOUND") else ""
    if "size limit exceeded" in said or found.startswith(TOO_LARGE):
        raise TooLarge
    if said.endswith("OK") or found.startswith(NOT_VIRUSES):
        return Scan()
    if not found:
        raise Unfinished(said)
    return Scan(found[:100])


def _ask(clamd: socket.socket, chunks: Iterable[bytes]) -> str:
    try:
        clamd.sendall(b"zINSTREAM\0")
        try:
            for chunk in _cut(chunks):
                clamd.sendall(struct.pack("!I", len(chunk)))
                clamd.sendall(chunk)
            clamd.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough, and says why
        return _reply(clamd)
    except OSError as fault:
        raise Unfinished from fault


def _cut(chunks: Iterable[bytes]) -> Iterator[memoryview]:
    for chunk in chunks:
        view = memoryview(chunk)
        for start in range(0, len(view), CHUNK):
            yield view[start : start + CHUNK]


def _reply(clamd: socket.socket) -> str:
    said = bytearray()
    while len(said) < 4096 and (part := clamd.recv(4096)):
        said += part
        if b"\0" in part:
            break
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


@contextmanager
def _connected(seconds: float) -> Iterator[socket.socket]:
    """A connection to clamd, which then waits `seconds` for each answer. Raises Away."""
    address = urlsplit(settings.CLAMD_ADDRESS)
    try:
        if address.scheme == "unix":
            clamd = socket.socket(socket.AF_UNIX)
            clamd.settimeout(CONNECTING)
            clamd.connect(address.path)
        else:
            clamd = socket.create_connection((address.hostname or "127.0.0.1", address.port or 3310), timeout=CONNECTING)
    except OSError as fault:
        raise Away from fault
    with clamd:
        clamd.settimeout(seconds)
        yield clamd

"""Encryption at rest: Tink's published AES-GCM-HKDF streaming format (AES256_GCM_HKDF_1MB), sealed as bytes come, opened anywhere.

Header: one byte of length (40), 32 bytes of salt, 7 bytes of nonce prefix. The stream's key is made by
HKDF-SHA256 from the data key, the salt and the associated data.
Then segments of 1 MiB, the first shortened by the header; nonce: prefix, four bytes of counter, one byte saying "last".
A segment moved, a tail cut, or another document's object under this key: none of them opens.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
SEGMENT = 1024 * 1024
HEADER = 1 + 32 + 7
TAG = 16
_PLAIN = SEGMENT - TAG


class Tampered(Exception):
    """The sealed bytes are not those that were sealed for this document and version."""


def new_key() -> bytes:
    """A data key, for one version and no other."""
    return os.urandom(KEY_BYTES)


def sealed_size(size: int) -> int:
    """How many bytes `size` bytes take once sealed."""
    segments = max(1, -(-(size + HEADER) // _PLAIN))
    return HEADER + size + segments * TAG


class Sealer:
    """Seal bytes as they come: `update` any number of times, then `finish`."""

    def __init__(self, key: bytes, associated: bytes) -> None:
        salt, self._prefix = os.urandom(32), os.urandom(7)
        self._cipher = _derive(key, salt, associated)
        self._count = 0
        self._room = _PLAIN - HEADER
        self._waiting = bytearray()
        self._header = bytes([HEADER]) + salt + self._prefix

    def update(self, chunk: bytes) -> bytes:
        """The sealed bytes that are ready. The last full segment waits, since the format must know whether it is the last."""
        self._waiting += chunk
        sealed = [self._take_header()]
        while len(self._waiting) > self._room:
            sealed.append(self._segment(last=False))
        return b"".join(sealed)

    def finish(self) -> bytes:
        """What remains, ended so that a cut tail shows."""
        return self._take_header() + self._segment(last=True)

    def _take_header(self) -> bytes:
        header, self._header = self._header, b""
        return header

    def _segment(self, *, last: bool) -> bytes:
        with memoryview(self._waiting) as view:
            plain = bytes(view[: self._room])
        del self._waiting[: self._room]
        sealed = self._cipher.encrypt(_nonce(self._prefix, self._count, last), plain, None)
        self._count += 1
        self._room = _PLAIN
        return sealed


@dataclass(frozen=True)
class Span:
    """The segments that hold a range of plain bytes, and where they lie in the sealed object."""

    first: int
    offset: int
    length: int
    skip: int
    take: int


class Opener:
    """Open a sealed object of known total size, whole or any range of it."""

    def __init__(self, key: bytes, associated: bytes, header: bytes, sealed: int) -> None:
        if len(header) != HEADER or header[0] != HEADER or sealed < HEADER + TAG:
            raise Tampered("not a sealed object")
        self._cipher = _derive(key, header[1:33], associated)
        self._prefix = header[33:]
        self._last = (sealed - 1) // SEGMENT

    def open(self, chunks: Iterable[bytes], span: Span) -> Iterator[bytes]:
        """The plain bytes of a span, from the sealed bytes that `span.offset` and `span.length` name."""
        index, skip, left = span.first, span.skip, span.take
        for sealed in _segments(chunks, span):
            plain = self._open(index, sealed)[skip:][:left]
            index, skip, left = index + 1, 0, left - len(plain)
            yield plain
        if left:
            raise Tampered("the object is cut short")

    def _open(self, index: int, sealed: bytes) -> bytes:
        try:
            return self._cipher.decrypt(_nonce(self._prefix, index, index == self._last), sealed, None)
        except InvalidTag as fault:
            raise Tampered(f"segment {index} does not open") from fault


def span(size: int, start: int, end: int) -> Span:
    """Where plain bytes `start` to `end` (not included) of `size` lie, once sealed."""
    first, last = (start + HEADER) // _PLAIN, max(start, end - 1) + HEADER
    last //= _PLAIN
    final = (sealed_size(size) - 1) // SEGMENT
    first, last = min(first, final), min(last, final)
    offset = first * SEGMENT or HEADER
    stop = min((last + 1) * SEGMENT, sealed_size(size))
    return Span(first, offset, stop - offset, start + HEADER - first * _PLAIN - (0 if first else HEADER), end - start)


def whole(sealed: int) -> Span:
    """The span of all that a sealed object of `sealed` bytes holds."""
    size = sealed - HEADER - ((sealed - 1) // SEGMENT + 1) * TAG
    return span(size, 0, size)


def _segments(chunks: Iterable[bytes], span: Span) -> Iterator[bytes]:
    """Cut a stream of chunks at the edges of segments."""
    room = SEGMENT - (HEADER if span.first == 0 else 0)
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= room:
            yield bytes(held[:room])
            del held[:room]
            room = SEGMENT
    if held:
        yield bytes(held)


def _derive(key: bytes, salt: bytes, associated: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt, associated).derive(key))


def _nonce(prefix: bytes, index: int, last: bool) -> bytes:
    return prefix + index.to_bytes(4, "big") + bytes([last])

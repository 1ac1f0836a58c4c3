"""Bytes on their way from the store: read and opened range by range."""

from collections.abc import Iterator
from contextlib import closing
from itertools import chain

from documents import envelope, storage


class Sealed:
    """One object of the store, opened range by range. Its header comes along with the first range where that is its beginning."""

    def __init__(self, object_key: str, key: bytes, associated: bytes, size: int) -> None:
        self._object_key, self._key, self._associated, self._size = object_key, key, associated, size
        self._opener: envelope.Opener | None = None

    def opened(self, start: int, end: int) -> Iterator[bytes]:
        """The plain bytes `start` to `end` (not included). Raises Tampered where they are not what was sealed."""
        span = envelope.span(self._size, start, end)
        headed = self._opener is None and span.offset == envelope.HEADER
        if self._opener is None and not headed:
            self._opener = self._headed(b"".join(storage.get(self._object_key, 0, envelope.HEADER)))
        ahead = envelope.HEADER if headed else 0
        with closing(storage.get(self._object_key, span.offset - ahead, span.length + ahead)) as chunks:  # type: ignore[type-var]
            if headed:
                self._opener, chunks = self._beheaded(chunks)
            assert self._opener is not None  # noqa: S101 - one of the two has made it
            yield from self._opener.open(chunks, span)

    def _beheaded(self, chunks: Iterator[bytes]) -> tuple[envelope.Opener, Iterator[bytes]]:
        held = b""
        while len(held) < envelope.HEADER and (chunk := next(chunks, None)):
            held += chunk
        return self._headed(held[: envelope.HEADER]), chain([held[envelope.HEADER :]], chunks)

    def _headed(self, header: bytes) -> envelope.Opener:
        return envelope.Opener(self._key, self._associated, header, envelope.sealed_size(self._size))

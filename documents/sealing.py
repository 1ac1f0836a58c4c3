"""Bytes on their way to the store: counted, hashed and encrypted as they are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from backend.keys import uuid7
from documents import envelope, keyring, storage
from documents.models import Version


class Sealing:
    """A stream that the store reads: plain chunks go in, sealed bytes come out."""

    def __init__(self, chunks: Iterator[bytes], key: bytes, associated: bytes) -> None:
        self._chunks = chunks
        self._sealer: envelope.Sealer | None = envelope.Sealer(key, associated)
        self._ready = bytearray()
        self._digest = sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` sealed bytes; fewer only at the end."""
        while self._sealer and (size < 0 or len(self._ready) < size):
            self._ready += self._more(self._sealer)
        taken = bytes(self._ready) if size < 0 else bytes(self._ready[:size])
        del self._ready[: len(taken)]
        return taken

    def _more(self, sealer: envelope.Sealer) -> bytes:
        chunk = next(self._chunks, None)
        if chunk is None:
            self._sealer = None
            return sealer.finish()
        self._digest.update(chunk)
        self.size += len(chunk)
        return sealer.update(chunk)


@dataclass(frozen=True)
class Stored:
    """An object that is in the store and has no row yet."""

    document_id: UUID
    version_id: UUID
    key: str
    sha256: str
    size: int
    wrapped_key: bytes
    key_id: str


def store(chunks: Iterator[bytes], *, document_id: UUID, number: int, size: int = -1) -> Stored:
    """Encrypt under a new data key and store. `size` (bytes, plain) where it is known. Raises Unavailable."""
    data_key = envelope.new_key()
    wrapped, key_id = keyring.wrap(data_key)
    version = Version(document_id=document_id, number=number)
    sealing = Sealing(chunks, data_key, version.associated)
    key = f"documents/{document_id}/{version.pk}/{uuid7()}"
    storage.put(key, sealing, envelope.sealed_size(size) if size >= 0 else -1)
    return Stored(document_id, version.pk, key, sealing.sha256, sealing.size, wrapped, key_id)


def replace(version: Version, content: bytes, data_key: bytes) -> dict[str, Any]:
    """Store other bytes for a version not yet ready, under its own data key. Returns the fields that the row must take.

    The object that was there loses its row, and the sweep removes it.
    """
    return again(version, iter([content]), len(content), data_key)


def again(version: Version, chunks: Iterator[bytes], size: int, data_key: bytes) -> dict[str, Any]:
    """The same for `size` bytes that come in chunks."""
    sealing = Sealing(chunks, data_key, version.associated)
    key = f"documents/{version.document_id}/{version.pk}/{uuid7()}"
    sealed = envelope.sealed_size(size)
    storage.put(key, sealing, sealed)
    return {"key": key, "sha256": sealing.sha256, "size": sealing.size, "sealed_size": sealed}

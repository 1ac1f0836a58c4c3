"""What we make of a version to show it or to search it, kept beside it: encrypted under its own key, gone with it."""

from documents import envelope, keyring, storage
from documents.models import Version
from documents.sealing import Sealing


def put(version: Version, name: str, content: bytes) -> None:
    """Keep something beside a version. Raises Unavailable."""
    sealing = Sealing(iter([content]), _key(version), _associated(version, name))
    storage.put(_place(version, name), sealing, envelope.sealed_size(len(content)))


def get(version: Version, name: str) -> bytes:
    """What was kept under this name. Raises NotFound, Unavailable."""
    sealed = b"".join(storage.get(_place(version, name)))
    opener = envelope.Opener(_key(version), _associated(version, name), sealed[: envelope.HEADER], len(sealed))
    span = envelope.whole(len(sealed))
    return b"".join(opener.open([sealed[span.offset :]], span))


def _key(version: Version) -> bytes:
    return keyring.unwrap(bytes(version.wrapped_key), version.key_id)


def _place(version: Version, name: str) -> str:
    return f"documents/{version.document_id}/{version.pk}/{name}"


def _associated(version: Version, name: str) -> bytes:
    return version.associated + f":{name}".encode()

"""Pictures of pages, made by us: what people look at is never the raw file. Encrypted in the store like the document itself."""

from collections.abc import Iterator
from uuid import UUID

from backend.errors import NotFound
from documents import envelope, keyring, media, rows, sandbox, storage, vault
from documents.models import State, Version
from documents.sealing import Sealing

AHEAD = 20  # pages drawn before anyone asks; the others when they are asked for
BATCH = 5
MEDIA_TYPE = "image/webp"


def make(version_id: UUID | str) -> None:
    """Draw the first pages of a version that is ready, the very first before the others. May be done again."""
    version = Version.objects.ready().filter(pk=version_id, media_type=media.PDF).first()
    if version is None:
        return
    last = min(version.pages or 0, AHEAD)
    for first in (1, *range(2, last + 1, BATCH)):
        _draw(version, first, min(BATCH, last + 1 - first) if first > 1 else 1)
    rows.go_on(version.pk, "")


def page(version: Version, number: int) -> bytes | None:
    """The picture (WebP, at most 1,200 pixels wide) of a page, numbered from 1; None where there is no such page or it cannot be drawn."""
    if version.state != State.READY or not 1 <= number <= (version.pages or 0):
        return None
    try:
        return b"".join(_kept(version, number))
    except NotFound:
        return _draw(version, number, 1)


def _draw(version: Version, first: int, count: int) -> bytes | None:
    """Draw pages and keep them. Returns the first."""
    try:
        drawn = sandbox.run("documents.sandbox.pdf:draw", vault.stream(version), first=first, count=count)
    except sandbox.Failed:
        return None
    pictures = list(_cut(drawn.output, drawn.facts["sizes"]))
    for number, picture in enumerate(pictures, first):
        sealing = Sealing(iter([picture]), _key(version), _associated(version, number))
        storage.put(_name(version, number), sealing, envelope.sealed_size(len(picture)))
    return pictures[0] if pictures else None


def _kept(version: Version, number: int) -> Iterator[bytes]:
    sealed = b"".join(storage.get(_name(version, number)))
    opener = envelope.Opener(_key(version), _associated(version, number), sealed[: envelope.HEADER], len(sealed))
    span = envelope.whole(len(sealed))
    yield from opener.open([sealed[span.offset :]], span)


def _cut(output: bytes, sizes: list[int]) -> Iterator[bytes]:
    start = 0
    for size in sizes:
        yield output[start : start + size]
        start += size


def _key(version: Version) -> bytes:
    return keyring.unwrap(bytes(version.wrapped_key), version.key_id)


def _name(version: Version, number: int) -> str:
    return f"documents/{version.document_id}/{version.pk}/page-{number}"


def _associated(version: Version, number: int) -> bytes:
    return version.associated + f":page-{number}".encode()

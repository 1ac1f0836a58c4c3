"""The vault: keep what the platform makes, give back what was kept, erase, and sweep what was left behind."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from backend import clock
from backend.errors import NotFound, NotNow
from documents import beside, envelope, keyring, rows, sandbox, storage
from documents.media import media_type
from documents.models import Document, Maker, State, Version
from documents.sealing import store

log = logging.getLogger(__name__)
ROOT = "documents/"
GRACE = timedelta(hours=1)  # an object younger than this may be waiting for its row
BATCH = 500


def keep(
    content: bytes,
    *,
    name: str,
    made_by: str = Maker.PLATFORM,
    document: Document | None = None,
    created_by: UUID | None = None,
    based_on: Version | None = None,
) -> Version:
    """Keep bytes that the platform made: a new document, or the next version of one. Ready at once; its pages are counted.

    Slow (storage, a child process): never call it while a case is locked.
    Raises Unavailable; Outdated where `based_on` is no longer the head.
    """
    kind = media_type(content[:1024])
    pages = sandbox.run("documents.sandbox.pdf:pages", content).facts["pages"] if kind == "application/pdf" else None
    document_id, number = rows.place(document)
    stored = store(_cut(content), document_id=document_id, number=number, size=len(content))
    with rows.or_removed(stored.key):
        return rows.add(
            stored,
            number=number,
            document=document,
            name=name,
            created_by=created_by,
            state=State.READY,
            made_by=made_by,
            media_type=kind,
            pages=pages,
            based_on=based_on,
        )


def content(version: Version) -> bytes:
    """All the bytes of a version that is ready. Raises NotNow, NotFound, Unavailable."""
    return b"".join(stream(version))


def stream(version: Version, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes `start` to `end` (not included) of a version that is ready, in chunks of about 1 MiB."""
    if version.state == State.ERASED:
        raise NotFound
    if version.state != State.READY:
        raise NotNow
    return unchecked(version, start, end)


async def astream(version: Version, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
    """The same, for an ASGI server: decrypted in a thread, one chunk at a time."""
    with closing(stream(version, start, end)) as chunks:  # type: ignore[type-var]
        while (chunk := await _next(chunks)) is not None:
            yield chunk


async def _next(chunks: Iterator[bytes]) -> bytes | None:
    """One chunk from a thread. A reader who leaves waits for the thread, since a running generator cannot be closed."""
    step = asyncio.ensure_future(asyncio.to_thread(next, chunks, None))
    try:
        return await asyncio.shield(step)
    except asyncio.CancelledError:
        await asyncio.wait([step])
        raise


def unchecked(version: Version, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The same whatever the state: for the inspection, whose child process is the only reader."""
    end = version.size if end is None else min(end, version.size)
    key = keyring.unwrap(bytes(version.wrapped_key), version.key_id)
    return unseal(version.key, key, version.associated, version.size, start, end)


def unseal(object_key: str, key: bytes, associated: bytes, size: int, start: int, end: int) -> Iterator[bytes]:
    """Plain bytes `start` to `end` of an object of `size` plain bytes. Raises Tampered where they are not what was sealed."""
    span = envelope.span(size, start, end)
    header = b"".join(storage.get(object_key, 0, envelope.HEADER))
    opener = envelope.Opener(key, associated, header, envelope.sealed_size(size))
    with closing(storage.get(object_key, span.offset, span.length)) as chunks:  # type: ignore[type-var]
        yield from opener.open(chunks, span)


def erase(document: Document) -> None:
    """Make a document unreadable for ever: destroy the data keys of its versions, then their objects, and its name.

    Rows and digests stay, so that what the register says of it can still be checked.
    """
    with transaction.atomic():
        held = Document.objects.locked(document.pk)
        versions = list(held.versions.kept())
        held.versions.update(state=State.ERASED, wrapped_key=b"")
        Document.objects.filter(pk=held.pk).update(name="")
        for version in versions:
            version.state = State.ERASED
            rows.tell(version)
        transaction.on_commit(lambda: _remove(f"{ROOT}{held.pk}/"), robust=True)


@dataclass(frozen=True)
class Swept:
    """What a sweep found: objects that had no row (removed), and versions whose object is gone (for the operator)."""

    removed: int
    missing: tuple[UUID, ...]


def sweep() -> Swept:
    """Remove objects without a row older than an hour, and name the rows without an object. May run anywhere, any number of times."""
    limit = clock.machine() - GRACE
    keys = dict(storage.walk(ROOT))
    kept = {str(pk): key for pk, key in Version.objects.kept().values_list("pk", "key")}
    orphans = [key for key, stored_at in keys.items() if stored_at < limit and not _belongs(key, kept)]
    storage.delete(orphans)
    missing = tuple(UUID(pk) for pk, key in kept.items() if key not in keys and _still_missing(key))
    for version_id in missing:
        log.error("version %s has lost its object", version_id)
    return Swept(len(orphans), missing)


def _belongs(key: str, kept: dict[str, str]) -> bool:
    """Whether an object is a living version's content, or lies beside it."""
    _, _, version_id, name = key.split("/", 3)
    return kept.get(version_id) == key or (version_id in kept and bool(beside.OBJECT.fullmatch(name)))


def _still_missing(key: str) -> bool:
    """Looks again: the row may have come, with its object, after the walk."""
    try:
        return not b"".join(storage.get(key, 0, 1))
    except NotFound:
        return True


def _remove(prefix: str) -> None:
    storage.delete([key for key, _ in storage.walk(prefix)])


def _cut(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), envelope.SEGMENT):
        yield content[start : start + envelope.SEGMENT]

"""The vault: keep what the platform makes, give back what was kept, lock it in the store, erase it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from backend import clock
from backend.errors import Conflict, NotFound, NotNow
from documents import envelope, keyring, rows, sandbox, storage
from documents.media import PDF, media_type
from documents.models import Document, Maker, State, Upload, Version
from documents.sandbox.room import LARGE
from documents.sandbox.served import Served
from documents.sealing import store
from documents.unsealing import Sealed

PAGES_AT_ONCE, OF_A_LARGE_FILE = 20, 4


def keep(
    content: bytes,
    *,
    name: str,
    made_by: str = Maker.PLATFORM,
    document: Document | None = None,
    created_by: UUID | None = None,
    based_on: Version | None = None,
    facts: Mapping[str, Any] | None = None,
    admit: Callable[[int], None] | None = None,
) -> Version:
    """Keep bytes that the platform made: a new document, loose until somebody binds it, or the next version of one. Ready at once; its pages are counted.

    Slow (storage, a child process): never call it while a case is locked. `admit` is asked about the size where the row is written.
    Raises Unavailable; Outdated where `based_on` is no longer the head; what `admit` raises.
    """
    kind = media_type(content[:1024])
    seen = sandbox.run("documents.sandbox.pdf:pages", content).facts if kind == PDF else {"pages": None}
    pages, free = seen.pop("pages"), seen
    document_id, number = rows.place(document)
    stored = store(_cut(content), document_id=document_id, number=number, size=len(content))
    with rows.or_removed(stored.key), transaction.atomic():
        if admit:
            admit(stored.size)
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
            facts={**free, **(facts or {})},
        )


def keep_stream(
    chunks: Iterator[bytes],
    *,
    pages: Callable[[], int],
    name: str,
    made_by: str = Maker.COPY,
    document: Document | None = None,
    based_on: Version | None = None,
) -> Version:
    """Keep a copy, a PDF, while it is being made: a new document, or the next version of one; `pages` is asked at the end.

    Whatever the chunks raise comes out, and nothing is kept.
    """
    document_id, number = rows.place(document)
    stored = store(chunks, document_id=document_id, number=number)
    with rows.or_removed(stored.key):
        return rows.add(
            stored,
            number=number,
            document=document,
            name=name,
            created_by=None,
            state=State.READY,
            made_by=made_by,
            media_type=PDF,
            pages=pages(),
            based_on=based_on,
        )


def content(version: Version) -> bytes:
    """All the bytes of a version that is ready. Raises NotNow, NotFound, Unavailable."""
    return b"".join(stream(version))


def stream(version: Version, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes `start` to `end` (not included) of a version that is ready, in chunks of about 1 MiB."""
    readable(version)
    return unchecked(version, start, end)


def readable(version: Version) -> None:
    """Raises NotFound for what is erased, NotNow for what is not ready."""
    if version.state == State.ERASED:
        raise NotFound
    if version.state != State.READY:
        raise NotNow


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
    """The same whatever the state: for the platform's own work on the bytes (inspection, audit). What is read so is shown to nobody."""
    end = version.size if end is None else min(end, version.size)
    key = keyring.unwrap(bytes(version.wrapped_key), version.key_id)
    return unseal(version.key, key, version.associated, version.size, start, end)


def unseal(object_key: str, key: bytes, associated: bytes, size: int, start: int, end: int) -> Iterator[bytes]:
    """Plain bytes `start` to `end` of an object of `size` plain bytes. Raises Tampered where they are not what was sealed."""
    yield from Sealed(object_key, key, associated, size).opened(start, end)


def served(version: Version) -> Served:
    """A version that is ready, for a child that asks for the ranges it reads. Raises NotFound, NotNow, Unavailable."""
    readable(version)
    return _asked_for(version)


@contextmanager
def at_hand(version: Version) -> Iterator[sandbox.Held | Served]:
    """Its bytes for several jobs of the limited process, whatever its state: in memory, or of a large one only the ranges they ask for."""
    if version.size < LARGE:
        with sandbox.hold(unchecked(version)) as held:
            yield held
    else:
        yield _asked_for(version)


def pages_at_once(content: sandbox.Held | Served) -> int:
    """How many pages one child looks at: parsers keep the pictures of each until they end."""
    return OF_A_LARGE_FILE if isinstance(content, Served) else PAGES_AT_ONCE


def _asked_for(version: Version) -> Served:
    key = keyring.unwrap(bytes(version.wrapped_key), version.key_id)
    sealed = Sealed(version.key, key, version.associated, version.size)
    return Served(version.size, lambda start, end: b"".join(sealed.opened(start, end)))


def bind(document: Document) -> None:
    """Somebody keeps what was sent or made: it is loose no more. Raises Conflict where somebody else had it first, or it was erased meanwhile."""
    if not Document.objects.loose().filter(pk=document.pk).update(loose_since=None):
        raise Conflict


def release(document: Document) -> None:
    """Nobody keeps it any more: it is erased after settings.UNBOUND_DAYS, unless somebody does again."""
    Document.objects.filter(pk=document.pk).update(loose_since=clock.now())


def discard(document: Document) -> None:
    """Erase at once what serves nothing; what somebody keeps stays."""
    with transaction.atomic():
        for loose in Document.objects.loose().select_for_update(of=("self",)).filter(pk=document.pk):
            erase(loose)


def erase_left_alone(_subject: str = "") -> None:
    """Erase what was sent or made and put to no use in settings.UNBOUND_DAYS (job `documents.expire`)."""
    for document_id in Document.objects.left_alone().values_list("pk", flat=True).order_by("pk"):
        with transaction.atomic():
            for document in Document.objects.left_alone().select_for_update(of=("self",)).filter(pk=document_id):
                erase(document)


def erase(document: Document) -> None:
    """Make a document unreadable for ever: destroy the data keys of its versions and its name, then their objects.

    An object under a lock stays, sealed and without its key, until the lock has run out and a sweep removes it. Rows and digests stay for ever,
    so that what the register says of the document can still be checked.
    """
    with transaction.atomic():
        held = Document.objects.locked(document.pk)
        versions = list(held.versions.kept())
        held.versions.update(state=State.ERASED, wrapped_key=b"", fault="")
        Document.objects.filter(pk=held.pk).update(name="", loose_since=None)
        Upload.objects.filter(version__document=held).delete()
        for version in versions:
            version.state = State.ERASED
            rows.tell(version)
        transaction.on_commit(lambda: storage.delete_under(f"documents/{held.pk}/"), robust=True)


def lock(version_id: UUID | str) -> None:
    """Keep a version that is ready from being removed from the store, for settings.S3_LOCK_DAYS from now (job `documents.lock`)."""
    for version in Version.objects.ready().filter(pk=version_id):
        storage.lock(version.key, clock.machine() + timedelta(days=settings.S3_LOCK_DAYS))


def _cut(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), envelope.SEGMENT):
        yield content[start : start + envelope.SEGMENT]

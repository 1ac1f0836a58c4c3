"""Taking in what people send: hashed, told apart, encrypted and stored while it comes, in flat memory."""

import asyncio
import queue
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from uuid import UUID

from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.errors import Invalid, TooLarge
from backend.work.jobs import Job
from backend.work.owing import owe
from documents import media, office, quotas, rows
from documents.models import Document, Maker, State, Version
from documents.sealing import Stored, store

AHEAD = 16  # chunks that may wait for the store
UPLOADS_AT_ONCE = 64
_storing = ThreadPoolExecutor(UPLOADS_AT_ONCE, "intake")  # of their own: a slow sender holds up neither a reader nor another sender


def too_large() -> TooLarge:
    """The refusal of a file that is too large, and what to do with it."""
    return TooLarge(mend=_("Save it at an ordinary quality, or cut it into several files."), field="file")


async def take_in(
    chunks: AsyncIterable[bytes], *, name: str, created_by: UUID | None, limit: int, document: Document | None = None
) -> Version:
    """Store what a person sends, as a new document or the next version of one, and owe its inspection.

    `limit` in bytes, plain. Raises TooLarge and Invalid as the bytes come, Full past the sender's quota, Unavailable where the store does
    not answer; whatever is raised, and wherever the sender stops, no row is written and no object stays.
    """
    await sync_to_async(quotas.admit)(created_by)
    document_id, number = await sync_to_async(rows.place)(document)
    feed = _Feed(limit)
    saving = asyncio.get_running_loop().run_in_executor(_storing, _store, feed, document_id, number)
    await _pump(chunks, feed, saving)
    stored, media_type = await saving
    return await sync_to_async(_record)(stored, number=number, document=document, name=name, created_by=created_by, media_type=media_type)


def take_in_bytes(content: bytes, *, name: str, created_by: UUID | None, limit: int, document: Document | None = None) -> Version:
    """The same for bytes at hand, in sync code."""

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 65536):
            yield content[start : start + 65536]

    return async_to_sync(take_in)(chunks(), name=name, created_by=created_by, limit=limit, document=document)


class _Feed:
    """A bounded queue from the event loop to the thread that stores. The thread reads it as an iterator."""

    def __init__(self, limit: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._room = asyncio.Semaphore(AHEAD)
        self._queue: queue.SimpleQueue[bytes | BaseException | None] = queue.SimpleQueue()
        self._left = limit

    async def give(self, chunk: bytes) -> None:
        """Hand a chunk over; waits while the store is behind."""
        self._left -= len(chunk)
        if self._left < 0:
            raise too_large()
        await self._room.acquire()
        self._queue.put(chunk)

    def end(self, fault: BaseException | None = None) -> None:
        """No more comes; with a fault, what came must not stay."""
        self._queue.put(fault)

    def __iter__(self) -> Iterator[bytes]:
        while (item := self._queue.get()) is not None:
            if isinstance(item, BaseException):
                raise _Abandoned from item
            self._loop.call_soon_threadsafe(self._room.release)
            yield item


class _Abandoned(Exception):
    """The sender stopped, or sent too much: the store gives up what it holds."""


async def _pump(chunks: AsyncIterable[bytes], feed: _Feed, saving: "asyncio.Future[tuple[Stored, str]]") -> None:
    """Feed the store until the sender ends or the store gives up, and leave neither behind."""
    sending = asyncio.ensure_future(_send(chunks, feed))
    try:
        await asyncio.wait((sending, saving), return_when=asyncio.FIRST_COMPLETED)
        if not sending.done():
            await saving  # it ended before its feed: it raises
        await sending
        feed.end()
    except BaseException as fault:
        sending.cancel()
        feed.end(fault)
        with suppress(BaseException):
            await asyncio.shield(saving)
        raise


async def _send(chunks: AsyncIterable[bytes], feed: _Feed) -> None:
    async for chunk in chunks:
        if chunk:
            await feed.give(chunk)


def _store(feed: _Feed, document_id: UUID, number: int) -> tuple[Stored, str]:
    """In the thread: look at the first bytes, then encrypt and store all of them."""
    chunks = iter(feed)
    head = _head(chunks)
    kind = _accepted(head)
    return store(chain([head], chunks), document_id=document_id, number=number), kind


def _head(chunks: Iterator[bytes]) -> bytes:
    head = bytearray()
    for chunk in chunks:
        head += chunk
        if len(head) >= media.HEAD:
            break
    return bytes(head)


def _accepted(head: bytes) -> str:
    """The media type, or why a file of this kind cannot be taken."""
    kind = media.media_type(head[: media.HEAD])
    if not head:
        raise Invalid(
            _("The file is empty."), code="empty", field="file", mend=_("Choose the file again and check that it opens on your computer.")
        )
    if kind not in office.accepted():
        raise Invalid(
            _("Text documents cannot be converted on this platform.") if kind in media.TEXTS else _("This is neither a PDF nor a picture."),
            code="media-type",
            field="file",
            mend=_("Open the file, choose “Print”, then “Save as PDF”, and send that PDF."),
        )
    return kind


def _record(stored: Stored, *, document: Document | None, name: str, created_by: UUID | None, number: int, media_type: str) -> Version:
    """The row, and the inspection owed with it."""
    with rows.or_removed(stored.key), transaction.atomic():
        quotas.admit_alone(created_by, stored.size)
        version = rows.add(
            stored,
            number=number,
            document=document,
            name=name,
            created_by=created_by,
            media_type=media_type,
            state=State.RECEIVED,
            made_by=Maker.UPLOAD,
        )
        owe([Job("documents.inspect", version.pk, lane=f"document:{version.document_id}")])
    return version

"""From a sender, as bytes come, to a thread that stores them: in flat memory, and neither outlives the other."""

import asyncio
import os
import queue
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import IO, Any, TypeVar

from django.utils.translation import gettext as _

from backend.errors import TooLarge

Made = TypeVar("Made")
AHEAD = 16  # chunks that may wait for the store
BEGINNING = 1024 * 1024  # bytes that come before a thread is taken for them, or all of a smaller file
UPLOADS_AT_ONCE = 64
_storing = ThreadPoolExecutor(UPLOADS_AT_ONCE, "intake")  # of their own: a slow sender holds up neither a reader nor another sender


def too_large(limit: int) -> TooLarge:
    """The refusal of a file of more than `limit` bytes, and what to do with it."""
    told = {"limit": max(1, limit // 1_000_000)}
    return TooLarge(
        _("The file is larger than %(limit)s MB, the most that is taken here.") % told,
        mend=_("Save it at an ordinary quality, or cut it into several files."),
        field="file",
    )


async def fed(chunks: AsyncIterable[bytes], limit: int, store: Callable[[Iterator[bytes]], Made]) -> Made:
    """What `store` makes, in a thread, of chunks as they come. Raises TooLarge past `limit` bytes, and what either side raises.

    The thread is taken once there is something to store: whoever sends a byte now and then holds none.
    """
    coming = aiter(chunks)
    begun = await _beginning(coming, limit)
    feed = _Feed(limit)
    storing = asyncio.get_running_loop().run_in_executor(_storing, store, iter(feed))
    await _pump(_joined(begun, coming), feed, storing)
    return await storing


@asynccontextmanager
async def come_whole(chunks: AsyncIterable[bytes], limit: int) -> AsyncIterator[AsyncIterator[bytes]]:
    """All of them again, once the last has come; held in memory outside this process's own, for the length of a block. Raises TooLarge."""
    with os.fdopen(os.memfd_create("coming", os.MFD_CLOEXEC), "w+b") as held:
        async for chunk in chunks:
            if held.tell() + len(chunk) > limit:
                raise too_large(limit)
            held.write(chunk)
        held.seek(0)
        yield _again(held)


async def _again(held: IO[bytes]) -> AsyncIterator[bytes]:
    while chunk := held.read(65536):
        yield chunk


async def _beginning(coming: AsyncIterator[bytes], limit: int) -> bytes:
    """The first bytes, about BEGINNING of them."""
    begun = bytearray()
    async for chunk in coming:
        begun += chunk
        if len(begun) > limit:
            raise too_large(limit)
        if len(begun) >= BEGINNING:
            break
    return bytes(begun)


async def _joined(begun: bytes, coming: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield begun
    async for chunk in coming:
        yield chunk


class _Feed:
    """A bounded queue from the event loop to a thread, which reads it as an iterator."""

    def __init__(self, limit: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._room = asyncio.Semaphore(AHEAD)
        self._queue: queue.SimpleQueue[bytes | BaseException | None] = queue.SimpleQueue()
        self._limit = self._left = limit

    async def give(self, chunk: bytes) -> None:
        """Hand a chunk over; waits while the store is behind."""
        self._left -= len(chunk)
        if self._left < 0:
            raise too_large(self._limit)
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


async def _pump(chunks: AsyncIterable[bytes], feed: _Feed, saving: "asyncio.Future[Any]") -> None:
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

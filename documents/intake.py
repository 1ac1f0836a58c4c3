"""Taking in what people send: hashed, told apart, encrypted and stored while it comes, in flat memory."""

from collections.abc import AsyncIterable, AsyncIterator, Iterator
from functools import partial
from itertools import chain
from uuid import UUID

from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.errors import Invalid
from backend.work.jobs import Job
from backend.work.owing import owe
from documents import media, office, quotas, rows
from documents.feeding import fed
from documents.models import Maker, State, Version
from documents.sealing import Stored, store


async def take_in(chunks: AsyncIterable[bytes], *, name: str, created_by: UUID | None, limit: int) -> Version:
    """Store what a person sends, as a new document, and owe its inspection.

    `limit` in bytes, plain. Raises TooLarge and Invalid as the bytes come, Full past the sender's quota, Unavailable where the store does
    not answer; whatever is raised, and wherever the sender stops, no row is written and no object stays.
    """
    await sync_to_async(quotas.admit)(created_by)
    document_id, number = rows.place(None)
    stored, media_type = await fed(chunks, limit, partial(_store, document_id=document_id, number=number))
    return await sync_to_async(_record)(stored, number=number, name=name, created_by=created_by, media_type=media_type)


def take_in_bytes(content: bytes, *, name: str, created_by: UUID | None, limit: int) -> Version:
    """The same for bytes at hand, in sync code."""

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 65536):
            yield content[start : start + 65536]

    return async_to_sync(take_in)(chunks(), name=name, created_by=created_by, limit=limit)


def _store(chunks: Iterator[bytes], *, document_id: UUID, number: int) -> tuple[Stored, str]:
    """In the thread: look at the first bytes, then encrypt and store all of them."""
    head = first_bytes(chunks)
    kind = accepted(head)
    return store(chain([head], chunks), document_id=document_id, number=number), kind


def first_bytes(chunks: Iterator[bytes]) -> bytes:
    """As many chunks as it takes to tell what kind of file it is."""
    head = bytearray()
    for chunk in chunks:
        head += chunk
        if len(head) >= media.HEAD:
            break
    return bytes(head)


def accepted(head: bytes) -> str:
    """The media type that the first bytes show. Raises Invalid where a file of this kind cannot be taken."""
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


def _record(stored: Stored, *, name: str, created_by: UUID | None, number: int, media_type: str) -> Version:
    """The row, and the inspection owed with it."""
    with rows.or_removed(stored.key), transaction.atomic():
        quotas.admit_alone(created_by, stored.size)
        version = rows.add(
            stored,
            number=number,
            document=None,
            name=name,
            created_by=created_by,
            media_type=media_type,
            state=State.RECEIVED,
            made_by=Maker.UPLOAD,
        )
        owe([Job("documents.inspect", version.pk, lane=f"document:{version.document_id}")])
    return version

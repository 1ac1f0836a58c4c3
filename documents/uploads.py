"""Files that come part by part, over hours and lost connections: each part is sealed and stored as it comes, and counts once it is stored."""

import hashlib
import hmac
from collections.abc import AsyncIterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.errors import Conflict, Invalid, NotFound, NotNow
from backend.keys import uuid7
from backend.work.jobs import Job
from backend.work.owing import owe
from documents import envelope, keyring, media, quotas, rows, storage
from documents.feeding import fed, too_large
from documents.intake import accepted, first_bytes
from documents.models import Maker, Part, State, Upload
from documents.naming import harmless
from documents.sealing import Sealing, Stored

PARTS_AT_MOST = 10_000
ALGORITHMS = ("sha256", "sha1")  # of a part's checksum


class OutOfStep(Conflict):
    """The part does not begin where the upload stands."""

    code = "offset"
    message = _("This part does not follow what has come. Ask how far the upload is, and go on from there.")


class Mismatch(Invalid):
    """What came of a part is not what its sender sent."""

    code = "checksum"
    message = _("This part was damaged on its way. Send it again.")


@dataclass(frozen=True)
class Checksum:
    """The digest that a sender gives of a part."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True)
class _Came:
    """A part that is in the store and has no row yet."""

    key: str
    size: int
    media_type: str


def begin(created_by: UUID, *, name: str, length: int, about: Mapping[str, str], limit: int | None = None) -> Upload:
    """Make room for a file of `length` bytes that is to come, of `limit` at most. Raises Invalid on an empty one, TooLarge, Full."""
    limit = settings.DOCUMENT_MAX_BYTES if limit is None else limit
    if length < 1:
        accepted(b"")
    if length > limit:
        raise too_large(limit)
    wrapped, key_id = keyring.wrap(envelope.new_key())
    with transaction.atomic():
        quotas.admit_alone(created_by, length)
        return Upload.objects.create(
            created_by=created_by,
            name=harmless(name),
            length=length,
            about=dict(about),
            expires_at=_expiry(),
            wrapped_key=wrapped,
            key_id=key_id,
        )


def find(created_by: UUID, key: UUID) -> Upload:
    """A person's own upload. Raises NotFound, as for one that does not exist or whose time is over."""
    found = Upload.objects.known().select_related("version__document").filter(pk=key, created_by=created_by).first()
    if found is None:
        raise NotFound
    return found


async def take(upload: Upload, start: int, chunks: AsyncIterable[bytes], checksum: Checksum | None = None) -> Upload:
    """Store a part that begins at byte `start`; the upload as it then is. With its last byte the document's row is there.

    Raises OutOfStep where it does not begin where the upload stands, or another part came first; Mismatch; TooLarge past the announced
    length; Invalid where the first bytes show a kind of file that is not taken; Unavailable. Whatever is raised, the upload stands
    where it stood.
    """
    if start != upload.offset:
        raise OutOfStep
    if upload.missing:
        came = await fed(chunks, upload.missing, partial(_store, upload, checksum))
        if came:
            await sync_to_async(_record)(upload, came)
    return upload


@transaction.atomic
def give_up(upload: Upload) -> None:
    """Forget an upload that has not come whole, and what came of it. Raises NotNow where it has."""
    if not Upload.objects.filter(pk=upload.pk, version=None).delete()[0]:
        raise NotNow(_("This file has come whole. Take it back from where it was put."))
    transaction.on_commit(lambda: storage.delete_under(folder(upload.pk)), robust=True)


def folder(upload: UUID | str) -> str:
    """Where in the store an upload's parts are."""
    return f"uploads/{upload}/"


def _store(upload: Upload, checksum: Checksum | None, chunks: Iterator[bytes]) -> _Came | None:
    """In the thread: look at the first bytes of the file, then seal and store the part; nothing where nothing came."""
    digest = hashlib.new(checksum.algorithm) if checksum else None
    if not (head := first_bytes(chunks)):
        return None
    kind = upload.media_type if upload.offset else _kind(head, upload.length)
    part = Part(upload=upload, start=upload.offset, key=f"{folder(upload.pk)}{uuid7()}")
    sealing = Sealing(_hashed(chain([head], chunks), digest), keyring.unwrap(bytes(upload.wrapped_key), upload.key_id), part.associated)
    storage.put(part.key, sealing)
    with rows.or_removed(part.key):
        if checksum and digest and not hmac.compare_digest(digest.digest(), checksum.digest):
            raise Mismatch
    return _Came(part.key, sealing.size, kind)


def _kind(head: bytes, length: int) -> str:
    if len(head) < min(media.HEAD, length):
        raise Invalid(_("Send it in larger parts."), code="part-too-small")
    return accepted(head)


def _hashed(chunks: Iterator[bytes], digest: Any) -> Iterator[bytes]:
    for chunk in chunks:
        if digest:
            digest.update(chunk)
        yield chunk


def _record(upload: Upload, came: _Came) -> None:
    """The part's row and the upload's new offset, together; of two parts that came at once, the first to be here counts."""
    with rows.or_removed(came.key), transaction.atomic():
        start, end = upload.offset, upload.offset + came.size
        standing = Upload.objects.filter(pk=upload.pk, offset=start, version=None)
        if not standing.update(offset=end, media_type=came.media_type, expires_at=_expiry()):
            raise OutOfStep
        if Part.objects.filter(upload=upload).count() >= PARTS_AT_MOST:
            raise Invalid(
                _("This file has come in too many parts."), code="too-many-parts", mend=_("Begin again, and send it in larger parts.")
            )
        Part.objects.create(upload=upload, start=start, size=came.size, key=came.key)
        upload.refresh_from_db()
        if not upload.missing:
            _finish(upload)


def _finish(upload: Upload) -> None:
    """All of it has come: the document's row is written, and the putting together of its parts owed."""
    document_id, number = rows.place(None)
    key = f"{folder(upload.pk)}whole"  # no object has this key: its parts have theirs
    stored = Stored(document_id, uuid7(), key, "", upload.length, bytes(upload.wrapped_key), upload.key_id)
    version = rows.add(
        stored,
        number=number,
        document=None,
        name=upload.name,
        created_by=upload.created_by,
        media_type=upload.media_type,
        state=State.RECEIVED,
        made_by=Maker.UPLOAD,
    )
    upload.version, upload.wrapped_key = version, b""
    upload.save(update_fields=["version", "wrapped_key"])
    owe([Job("documents.assemble", version.pk, lane=f"document:{document_id}")])


def _expiry() -> Any:
    return clock.now() + timedelta(days=settings.UNBOUND_DAYS)

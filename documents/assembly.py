"""Putting together what came in parts, and removing what is left of uploads."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import transaction

from backend import clock
from backend.errors import Conflict, Unavailable
from backend.work.jobs import Job
from backend.work.leases import leased
from backend.work.owing import owe, ring
from documents import inspection, keyring, rows, sealing, storage
from documents.models import Part, State, Upload, Version
from documents.sweeping import GRACE
from documents.uploads import folder
from documents.vault import unseal

ROOT = "uploads/"
PARTS_STAY = timedelta(hours=1)  # a store may have said "kept" before its disks had it
AT_ONCE_BYTES = 32 * 1024 * 1024  # what a sender may wait for


def assemble(version_id: Any) -> None:
    """Make one object of an upload's parts, then owe its inspection (job `documents.assemble`). May be cut short and done again."""
    upload = Upload.objects.select_related("version__document").filter(version=version_id).first()
    if upload and upload.version and upload.version.state != State.ERASED and not upload.version.sha256:
        _assemble(upload, upload.version)


def promptly(version: Version) -> None:
    """Have a file put together, where it came in parts, and checked while its sender waits. What takes too long is left to the worker."""
    if not version.sha256 and version.size <= AT_ONCE_BYTES:
        lane = f"document:{version.document_id}"
        with leased(lane) as holder, suppress(Conflict, Unavailable):
            if holder:
                assemble(version.pk)
        ring(lane)
        if not holder:
            inspection.wait_for(Version.objects.waiting().filter(pk=version.pk, sha256=""))
        version.refresh_from_db()
    if version.sha256:
        inspection.promptly(version)


def drop(upload_id: Any) -> None:
    """Remove the parts of an upload that was put together (job `documents.drop-parts`)."""
    storage.delete_under(folder(upload_id))
    Part.objects.filter(upload=upload_id).delete()


def clear(_subject: str = "") -> None:
    """Forget the uploads whose time is over, then remove from the store what is no upload's part (job `documents.clear`)."""
    for upload in Upload.objects.over().order_by("pk"):
        if Upload.objects.over().filter(pk=upload.pk).delete()[0]:
            storage.delete_under(folder(upload.pk))
    limit = clock.machine() - GRACE
    old = [key for key, stored_at in storage.walk(ROOT) if stored_at < limit]
    for start in range(0, len(old), 1000):
        keys = old[start : start + 1000]
        storage.delete(set(keys) - set(Part.objects.filter(key__in=keys).values_list("key", flat=True)))


def _assemble(upload: Upload, version: Version) -> None:
    """Store the whole under another key each time, and let the first that is done count."""
    data_key = keyring.unwrap(bytes(version.wrapped_key), version.key_id)
    fields = sealing.again(version, _joined(upload, data_key), version.size, data_key)
    with rows.or_removed(fields["key"]), transaction.atomic():
        waiting = Version.objects.kept().filter(pk=version.pk, sha256="")
        if not waiting.update(**fields, sent_sha256=fields["sha256"]):
            raise Conflict
        owe([Job("documents.inspect", version.pk, lane=f"document:{version.document_id}")])
        owe([Job("documents.drop-parts", upload.pk, due=clock.now() + PARTS_STAY)])


def _joined(upload: Upload, data_key: bytes) -> Iterator[bytes]:
    """The plain bytes of all parts, in order. Raises NotFound, Tampered, Unavailable."""
    for part in upload.parts.order_by("start"):
        yield from unseal(part.key, data_key, part.associated, part.size, 0, part.size)

"""The rows of what was stored: a version added, a state changed, and those who want to know told after commit."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from backend import clock
from backend.errors import Conflict, Outdated, Unavailable
from backend.keys import uuid7
from backend.work import Job
from backend.work.owing import owe
from documents import envelope, storage
from documents.models import Document, Maker, State, Version
from documents.naming import harmless
from documents.sealing import Stored
from documents.verdicts import entry

log = logging.getLogger(__name__)


def place(document: Document | None) -> tuple[UUID, int]:
    """The document's identifier and the number its next version takes."""
    if document is None:
        return uuid7(), 1
    newest = document.versions.order_by("-number").values_list("number", flat=True).first()
    return document.pk, (newest or 0) + 1


def add(stored: Stored, *, number: int, document: Document | None, name: str, created_by: UUID | None, **fields: Any) -> Version:
    """Write the row of a stored object, its document's if it is the first, and move the head where it is ready.

    Raises Outdated where `based_on` is not the document's head any more, Conflict where another version took the number.
    """
    try:
        with transaction.atomic():
            document = document or _document(stored, name=name, created_by=created_by, loose_since=clock.now())
            version = _version(stored, document, number, **fields)
            move_head(version)
            tell(version)
    except IntegrityError as fault:
        raise Conflict from fault
    return version


def move_head(version: Version) -> None:
    """Make a version its document's head: what is sent at once, so that its progress shows; once it is ready, it is locked if it is to last."""
    heads = Document.objects.filter(pk=version.document_id)
    base = version.based_on
    if base is not None and base.document_id == version.document_id:
        heads = heads.filter(head=base)
    if not heads.update(head=version):
        raise Outdated
    version.document.head = version
    if version.state == State.READY and version.made_by != Maker.COPY:
        owe([Job("documents.lock", version.pk)])


def tell(version: Version) -> None:
    """Tell settings.DOCUMENTS_CHANGED of a version's state, or of its stage within it, once that is committed."""
    if settings.DOCUMENTS_CHANGED:
        path, state = settings.DOCUMENTS_CHANGED, version.state
        transaction.on_commit(lambda: _tell(path, version.pk, state), robust=True)


def go_on(version_id: UUID | str, stage: str) -> None:
    """Say what is being done with a version that is ready: the next stage, or nothing more."""
    found = Version.objects.ready().filter(pk=version_id).exclude(stage=stage)
    if found.update(stage=stage):
        tell(Version.objects.get(pk=version_id))


def doubt(version_id: UUID | str, code: str) -> None:
    """Add a doubt to the verdict on a version that is ready, once, and tell."""
    with transaction.atomic():
        version = Version.objects.ready().select_for_update(of=("self",)).filter(pk=version_id).first()
        if version is None or any(item["code"] == code for item in version.verdict):
            return
        Version.objects.filter(pk=version.pk).update(verdict=[*version.verdict, entry(code)])
        tell(version)


@contextmanager
def or_removed(key: str) -> Iterator[None]:
    """Remove the object again where its row could not be written; what cannot be removed now, the sweep will."""
    try:
        yield
    except BaseException:
        try:
            storage.delete([key])
        except Unavailable:
            log.warning("left to the sweep: %s", key)
        raise


def _document(stored: Stored, *, name: str, **fields: Any) -> Document:
    return Document.objects.create(pk=stored.document_id, name=harmless(name), **fields)


def _version(stored: Stored, document: Document, number: int, **fields: Any) -> Version:
    return Version.objects.create(
        pk=stored.version_id,
        document=document,
        number=number,
        key=stored.key,
        sha256=stored.sha256,
        sent_sha256=stored.sha256,
        size=stored.size,
        sealed_size=envelope.sealed_size(stored.size),
        wrapped_key=stored.wrapped_key,
        key_id=stored.key_id,
        **fields,
    )


def _tell(path: str, version_id: UUID, state: str) -> None:
    hook: Callable[[UUID, str], None] = import_string(path)
    hook(version_id, state)

"""Bytes were taken in before: an action only binds them. Whose they are, whether they may serve, and whether there is room, is asked here."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from backend.errors import Conflict, Invalid
from backend.people.actor import Actor
from cases.models import Bundle, Case, Exhibit, Instrument, Photograph
from documents import office, vault
from documents.feeding import too_large
from documents.models import Document, Maker, State, Version
from documents.quotas import Room

MB = 1_000_000


def takes_texts() -> bool:
    """Whether text documents (DOCX, ODT, RTF) can be sent here, and become PDF."""
    return office.able()


def brought(actor: Actor, key: UUID) -> Document:
    """The document this person sent in, not bound to any case yet and not refused by its inspection."""
    document = Document.objects.select_related("head").filter(pk=key, created_by=actor.user_id).first()
    if document is None or document.head is None or document.erased or _bound(document):
        raise Invalid(_("This file was not found. Send it again."), field="document")
    if document.head.rejected:
        raise Invalid(_("This file was refused when it was checked. Send another one."), field="document")
    return document


def ready(actor: Actor, key: UUID) -> Document:
    """Such a document whose inspection is over."""
    document = brought(actor, key)
    if document.head is None or document.head.state != State.READY:
        raise Invalid(_("This file is still being checked. Try again in a moment."), field="document", code="still-checking")
    return document


def largest(case: Case | None) -> int:
    """The largest file taken in a case, in bytes: what its court takes, once one is chosen, within what the platform does."""
    court = case.court if case else None
    own = court.file_megabytes * MB if court and court.file_megabytes else settings.DOCUMENT_MAX_BYTES
    return min(own, int(settings.DOCUMENT_MAX_BYTES))


def bind(case: Case, document: Document) -> Document:
    """Keep a document in a case for good, where there is room for it: a photograph that waited is none any more.

    Raises TooLarge, Full; Invalid where it serves elsewhere since it was read.
    """
    if document.head and document.head.size > largest(case):
        raise too_large(largest(case))
    left = room(case)
    if left.files < 1 or left.bytes < (document.head.size if document.head else 0):
        raise left.refuse()
    try:
        vault.bind(document)
    except Conflict as elsewhere:
        raise Invalid(_("This file was not found. Send it again."), field="document") from elsewhere
    Photograph.objects.filter(document=document).delete()
    return document


def put_to_use(case: Case, key: UUID) -> Document:
    """What the platform has just made for a case, loose no more. Raises Conflict where it serves elsewhere, or was erased meanwhile, or all the case
    had was: nothing would ever erase it again.
    """
    if case.erased_at:
        raise Conflict
    document = Document.objects.select_related("head").get(pk=key)
    vault.bind(document)
    return document


def let_go(exhibit: Exhibit) -> None:
    """The file of an exhibit that nobody else has received serves nothing any more."""
    drop_copy(exhibit)
    if exhibit.document:
        useless(exhibit.document)


def useless(document: Document) -> None:
    """A document serves nothing any more: it is erased some days later."""
    vault.release(document)


def drop_copy(exhibit: Exhibit) -> None:
    """The marked copy of what is no identity paper, or of another file, is erased at once. The caller saves the exhibit."""
    if exhibit.marked:
        vault.erase(exhibit.marked)
        exhibit.marked = None


def files_of(case: Case) -> list[Document]:
    """Every document that something of the case holds: exhibits and their copies, instruments, whatever else refers to one."""
    found: set[UUID] = set()
    for relation in Case._meta.related_objects:
        fields = [field.attname for field in relation.related_model._meta.fields if field.related_model is Document]
        for held in relation.related_model._base_manager.filter(**{relation.field.name: case}).values_list(*fields) if fields else ():
            found.update(key for key in held if key)
    return list(Document.objects.select_related("head").filter(pk__in=found).order_by("pk"))


def erase(documents: Iterable[Document]) -> int:
    """Make documents unreadable for ever: their keys at once, their objects after the commit. Returns how many were still there."""
    there = [document for document in documents if not document.erased]
    for document in there:
        vault.erase(document)
    return len(there)


def end(bundles: Iterable[Bundle]) -> None:
    """Destroy bundles, made or being made, and keep their rows, which tell nothing of what was in them."""
    for row in bundles:
        Bundle.objects.filter(pk=row.pk).update(state=Bundle.State.EXPIRED, doing=Bundle.Doing.NOTHING, plan=[], absent=[], pieces=[])
        vault.erase(row.document)


def room(case: Case) -> Room:
    """What people may still put in a case: exhibits not taken back, and every revision of the agreement."""
    exhibits = case.exhibits.kept().filter(document__isnull=False).values("document")
    agreements = case.instruments.of_kind("agreement").filter(document__isnull=False).values("document")
    heads = Version.objects.kept().filter(made_by=Maker.UPLOAD).filter(Q(document__in=exhibits) | Q(document__in=agreements))
    held = heads.aggregate(bytes=Sum("size", default=0), files=Count("pk"))
    return Room(
        settings.QUOTA_CASE_BYTES - held["bytes"],
        settings.QUOTA_CASE_FILES - held["files"],
        _("This case holds as much as a case may."),
        _("Take back the exhibits that serve no purpose, or send them at an ordinary quality."),
    )


def same_bytes(document: Document | None, version: Version) -> bool:
    """Whether a document was sent with the very bytes of this version."""
    return document is not None and document.versions.filter(sent_sha256=version.sent_sha256).exists()


def _bound(document: Document) -> bool:
    return Exhibit.objects.filter(document=document).exists() or Instrument.objects.filter(document=document).exists()

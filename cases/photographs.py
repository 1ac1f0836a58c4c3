"""Photographs of paper become one document: put in order, turned upright, gathered. Nothing of this is in the register before it is an exhibit.

Those that nobody makes a document of are erased with whatever else is sent and put to no use (settings.UNBOUND_DAYS).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Invalid, NotFound, NotNow
from backend.people.actor import Actor
from cases.actions.base import once, permit
from cases.bytes import brought, ready
from cases.models import Case, Photograph
from cases.models.photograph import PhotographQuerySet
from documents import media, photographs, sandbox, vault
from documents.models import Document, State, Version

AT_ONCE = 60  # photographs in one document
LEFT, RIGHT = 270, 90


@dataclass(frozen=True)
class Page:
    """A photograph and how it is turned, clockwise."""

    document: UUID
    turn: int = 0


def of(actor: Actor, case: Case) -> PhotographQuerySet:
    """This person's photographs waiting in this case, in order."""
    return case.photographs.all().of(actor.user_id)


def add(actor: Actor, case: Case, document: UUID, *, key: str = "") -> Photograph:
    """Keep a photograph just sent, after the others; sent again under its key, it is there once. Raises as adding an exhibit would; Invalid where
    it is none, or one too many; Conflict where its key came with another.
    """
    permit(actor, case, "exhibit.add", strong=False)
    with transaction.atomic():
        Document.objects.select_for_update(of=("self",)).filter(pk=document).first()  # nobody puts it in a case meanwhile
        kept = brought(actor, document)
        head = _head(kept)
        _see_that_it_is_a_picture(head)
        with once(actor, "photograph.add", key, str(case.pk), {"sent": head.sent_sha256}) as memory:
            photograph: Photograph = memory.result or _after_the_others(actor, case, kept)
            memory.result = photograph
        if photograph.document_id != kept.pk:
            vault.discard(kept)
        return photograph


def _after_the_others(actor: Actor, case: Case, document: Document) -> Photograph:
    mine = of(actor, case)
    if mine.count() >= AT_ONCE:
        raise Invalid(_("Make one document of these photographs first: %(count)s at most.") % {"count": AT_ONCE}, field="file")
    last = mine.aggregate(last=Max("place"))["last"] or 0
    values = {"case": case, "by_id": actor.user_id, "place": last + 1, "at": clock.now()}
    return Photograph.objects.get_or_create(document=document, defaults=values)[0]


def move(actor: Actor, case: Case, key: UUID, steps: int) -> None:
    """Put a photograph so many places later (earlier where negative), as far as there is room."""
    rows = list(of(actor, case))
    found = _one(rows, key)
    place = rows.index(found)
    rows.insert(min(max(place + steps, 0), len(rows) - 1), rows.pop(place))
    for number, row in enumerate(rows, 1):
        row.place = number
    Photograph.objects.bulk_update(rows, ["place"])


def turn(actor: Actor, case: Case, key: UUID, degrees: int) -> None:
    """Turn a photograph: LEFT or RIGHT."""
    found = _one(of(actor, case), key)
    found.turn = (found.turn + degrees) % 360
    found.save(update_fields=["turn"])


def remove(actor: Actor, case: Case, key: UUID) -> None:
    """Throw a photograph away."""
    _discard([_one(of(actor, case), key)])


def gather(actor: Actor, rows: Iterable[Photograph], name: str) -> Document:
    """One document of these of one's photographs, in this order, ready to be added as an exhibit. Raises as `compose` does."""
    return compose(actor, [Page(row.document_id, row.turn) for row in rows], name)


def compose(actor: Actor, pages: Sequence[Page], name: str) -> Document:
    """One document of photographs this person sent in, in this order. Slow.

    Raises Invalid for what is none of theirs, not ready, no picture, there twice, or cannot be gathered; Full past the sender's quota; Unavailable.
    """
    if not 0 < len(pages) <= AT_ONCE:
        raise Invalid(_("Choose from one to %(count)s photographs.") % {"count": AT_ONCE}, field="pages")
    if len({page.document for page in pages}) < len(pages):
        raise Invalid(_("Choose each photograph once."), field="pages")
    versions = [_head(ready(actor, page.document)) for page in pages]
    for version in versions:
        _see_that_it_is_a_picture(version)
    try:
        return photographs.gather(versions, [page.turn for page in pages], name=name, created_by=actor.user_id).document
    except sandbox.Failed as failed:
        raise Invalid(
            _("These photographs could not be made one document."),
            field="pages",
            code="not-gathered",
            mend=_("Choose fewer of them, or send them again at an ordinary quality."),
        ) from failed


def make(actor: Actor, pages: Sequence[Page], name: str, *, key: str = "") -> Document:
    """The same, for whoever keeps the order themselves: the photographs are thrown away once they are in the document.

    Asked again under its key, it gives the document that was made.
    """
    asked = {"pages": [(page.document, page.turn) for page in pages], "name": name}
    keyed = once(actor, "photograph.gather", key, None, asked)
    try:
        composed = keyed.before() or compose(actor, pages, name)  # before the transaction: it takes a child process and the store
    except (Invalid, NotFound, NotNow):
        if made := keyed.before():  # its twin was faster, and threw the photographs away
            return made
        raise
    with transaction.atomic(durable=True), keyed as memory:
        made = memory.result = memory.result or composed
        for document in Document.objects.filter(pk__in=[page.document for page in pages]):
            vault.discard(document)
    if made != composed:
        vault.discard(composed)
    return made


@contextmanager
def gathered(actor: Actor, case: Case, name: str) -> Iterator[Document]:
    """One document of all those that wait, for the block to put in the case: then they are thrown away, and no other that came meanwhile.

    Where the block raises, they stay and the document goes. Raises as `compose` does.
    """
    rows = list(of(actor, case))
    document = gather(actor, rows, name)
    try:
        yield document
    except BaseException:
        vault.discard(document)
        raise
    _discard(rows)
    case.photographs.filter(by=actor.user_id, document__head__state=State.ERASED).delete()


def picture(actor: Actor, case: Case, key: UUID) -> Version:
    """The version to show. Raises NotFound."""
    return _head(_one(of(actor, case), key).document)


def _see_that_it_is_a_picture(version: Version) -> None:
    if version.media_type not in media.PICTURES and "picture" not in version.facts:
        raise Invalid(_("This is not a photograph: add it as a document."), field="file", code="not-a-picture")


def _head(document: Document) -> Version:
    if document.head is None:
        raise NotFound
    return document.head


def _one(rows: "PhotographQuerySet | list[Photograph]", key: UUID) -> Photograph:
    found = next((row for row in rows if row.pk == key), None)
    if found is None:
        raise NotFound
    return found


def _discard(rows: Sequence[Photograph]) -> None:
    """Erase them, unless somebody keeps one elsewhere."""
    for row in rows:
        Photograph.objects.filter(pk=row.pk).delete()
        vault.discard(row.document)

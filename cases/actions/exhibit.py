"""Exhibits: brought by a side, private until communicated, numbered and stamped by the platform."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Invalid, NotAllowed, NotFound
from backend.legible import legible
from backend.people.actor import Actor
from backend.register.entries import record
from backend.work import Job
from backend.work.owing import owe
from cases import access, instruments
from cases.actions.base import action
from cases.bytes import bind, brought, drop_copy, let_go
from cases.models import Case, Exhibit
from cases.models.exhibit import IDENTITY
from documents.models import State


@action()
def add(
    actor: Actor,
    case: Case,
    *,
    kind: str,
    side: int,
    document: UUID | None = None,
    about: UUID | None = None,
    title: str = "",
    dated: date | None = None,
    form: str = "",
) -> Exhibit:
    """Add an exhibit to one side, or to both (side 0). Without a document it is announced as to follow."""
    _own_side(actor, case, side)
    if about and not (case.spouses.filter(pk=about).exists() or case.children.filter(pk=about).exists()):
        raise Invalid(_("Say of whom."), field="about")
    exhibit = Exhibit.objects.create(
        case=case,
        side=side,
        kind=kind,
        about=about,
        title=legible(title) or kind,
        form=form,
        dated=dated,
        document=bind(case, brought(actor, document)) if document else None,
        to_follow=document is None,
        added_by_id=actor.user_id,
        added_at=clock.now(),
    )
    _see_to_its_copy(exhibit)
    record(case.chain, "exhibit.added", actor, about=exhibit, digests=_digests(exhibit), facts={"kind": kind}, audience=exhibit.audience)
    return exhibit


@action()
def describe(
    actor: Actor,
    case: Case,
    *,
    exhibit: UUID,
    kind: str = "",
    title: str = "",
    dated: date | None = None,
    form: str = "",
    document: UUID | None = None,
) -> Exhibit:
    """Say what an exhibit is, of which day; bring the file of one announced as to follow."""
    found = _mine(actor, case, exhibit)
    if found.communicated_at and kind and found.is_identity != (kind == IDENTITY):
        raise Invalid(_("It has been communicated: it stays, or does not become, an identity paper."), field="kind")
    found.kind, found.title, found.dated, found.form = (
        kind or found.kind,
        legible(title) or found.title,
        dated or found.dated,
        form or found.form,
    )
    if document:
        if found.communicated_at:
            raise Invalid(_("It has been communicated: add another exhibit rather than change this one."), field="document")
        let_go(found)
        found.document, found.to_follow = bind(case, brought(actor, document)), False
    if not found.is_identity:
        drop_copy(found)
    found.save()
    _see_to_its_copy(found)
    record(
        case.chain, "exhibit.described", actor, about=found, digests=_digests(found), facts={"kind": found.kind}, audience=found.audience
    )
    return found


@action()
def remove(actor: Actor, case: Case, *, exhibit: UUID) -> Exhibit:
    """Take back an exhibit that nobody else has received yet."""
    found = _mine(actor, case, exhibit)
    if found.communicated_at:
        raise Invalid(_("It has been communicated: it cannot be taken back."), field="exhibit")
    found.removed_at = clock.now()
    let_go(found)
    found.save(update_fields=["removed_at", "marked"])
    record(case.chain, "exhibit.removed", actor, about=found, audience=found.audience)
    return found


@action()
def renumber(actor: Actor, case: Case, *, exhibits: Sequence[UUID]) -> Case:
    """Put one's exhibits that are not communicated yet in order: they are numbered so when they are."""
    rows = {row.pk: row for row in access.exhibits(actor, case).filter(communicated_at=None)}
    for place, key in enumerate(exhibits):
        if key not in rows:
            raise NotFound
        row = rows[key]
        _own_side(actor, case, row.side)
        row.place = place
        row.save(update_fields=["place"])
    record(
        case.chain,
        "exhibit.ordered",
        actor,
        facts={"count": len(exhibits)},
        audience=[f"side:{side}" for side in access.standing(actor, case).sides],
    )
    return case


@action()
def communicate(actor: Actor, case: Case, *, exhibits: Sequence[UUID]) -> Case:
    """Communicate exhibits to the other side and, once filed, to the court: numbered in order, then stamped and listed (CPC 132)."""
    found = [_mine(actor, case, key) for key in exhibits]
    if not found:
        raise Invalid(_("Choose at least one exhibit."), field="exhibits")
    handed = hand_over(actor, case, found)
    if not handed:
        raise Invalid(_("They have been communicated already."), field="exhibits")
    for side in sorted({exhibit.side for exhibit in handed}):
        listed = [str(exhibit.pk) for exhibit in handed if exhibit.side == side]
        instruments.ask_for(case, "list-of-exhibits", access.EVERYONE, data={"side": side, "exhibits": listed})
    return case


def hand_over(actor: Actor, case: Case, exhibits: Sequence[Exhibit]) -> list[Exhibit]:
    """Number and communicate those of these exhibits that are not yet, and owe their stamped copies."""
    handed = []
    for exhibit in sorted(exhibits, key=lambda row: (row.side, row.place, row.pk)):
        if exhibit.communicated_at:
            continue
        _fit_to_be_seen(exhibit)
        exhibit.number = _next_number(case, exhibit.side)
        exhibit.communicated_at = clock.now()
        exhibit.save(update_fields=["number", "communicated_at"])
        record(
            case.chain,
            "exhibit.communicated",
            actor,
            about=exhibit,
            digests=_digests(exhibit),
            facts={"side": exhibit.side, "number": exhibit.number},
            audience=exhibit.audience,
        )
        owe([Job("cases.stamp", exhibit.pk, lane=f"make:{case.pk}")])
        handed.append(exhibit)
    return handed


def _fit_to_be_seen(exhibit: Exhibit) -> None:
    """Raises what stands in the way of handing it over: nothing leaves its side that was not checked, or that was refused."""
    title = {"title": exhibit.title}
    head = exhibit.document.head if exhibit.document else None
    if exhibit.document is None:
        raise Invalid(_("“%(title)s” has no file yet.") % title, field="exhibits")
    if head is None or not _digests(exhibit):
        raise Invalid(_("“%(title)s” is still being received. Try again in a moment.") % title, field="exhibits")
    if head.rejected:
        raise Invalid(
            _("The file of “%(title)s” was refused when it was checked. Bring another file, as another exhibit.") % title, field="exhibits"
        )
    if head.state != State.READY:
        raise Invalid(_("“%(title)s” is still being checked. Try again in a moment.") % title, field="exhibits", code="still-checking")
    if exhibit.shared is None:
        raise Conflict(_("The copy of “%(title)s” that others will see is still being made.") % title, code="still-making")


def _next_number(case: Case, side: int) -> int:
    return (case.exhibits.kept().filter(side=side).aggregate(last=Max("number"))["last"] or 0) + 1


def _own_side(actor: Actor, case: Case, side: int) -> None:
    if side not in (0, *access.standing(actor, case).sides):
        raise NotAllowed(_("You bring exhibits for your own side."))


def _mine(actor: Actor, case: Case, key: UUID) -> Exhibit:
    exhibit = access.exhibit(actor, case, key)
    _own_side(actor, case, exhibit.side)
    return exhibit


@action(strong=True)
def open_original(actor: Actor, case: Case, *, exhibit: UUID) -> Exhibit:
    """Open the original of an identity paper, of which one otherwise sees a marked copy: on purpose, and noted for its own side to see."""
    found = access.exhibit(actor, case, exhibit)
    if not found.is_identity or found.document is None or found.document.erased:
        raise NotFound
    audience = (*access.side(found.side), *access.COURT)
    record(case.chain, "exhibit.original_opened", actor, about=found, facts={"number": found.number}, audience=audience)
    return found


@action()
def set_aside(actor: Actor, case: Case, *, exhibit: UUID) -> Exhibit:
    """Note that a virus was found in the file of an exhibit: nobody can open it, and another is to be brought."""
    found = case.exhibits.kept().with_files().filter(pk=exhibit).first()
    if found is None or found.document is None or found.document.head is None or found.document.head.state != State.QUARANTINED:
        raise NotFound
    noted = case.chain.entries.filter(kind="exhibit.infected", about_id=found.pk, digests__contains=_digests(found))
    if noted.exists():
        raise Conflict
    record(case.chain, "exhibit.infected", actor, about=found, digests=_digests(found), audience=found.audience)
    return found


def _see_to_its_copy(exhibit: Exhibit) -> None:
    """Owe the marked copy of an identity paper, once it has a file."""
    if exhibit.is_identity and exhibit.document and exhibit.marked is None:
        owe([Job("cases.mark", exhibit.pk)])


def _digests(exhibit: Exhibit) -> dict[str, str]:
    """Of what is in the hands of those who may see it: of an identity paper that was communicated, its marked copy."""
    file = exhibit.shared if exhibit.communicated_at else exhibit.document
    return {str(exhibit.pk): file.head.sha256} if file and file.head and file.head.sha256 else {}

"""A ceremony: those who sign, gathered for some documents. When and where, what each was shown, who attests that who is there. Rows only."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from backend import clock
from backend.errors import AllInvalid, Conflict, Invalid, NotNow
from documents.models import Version
from signatures.models import Ceremony, Presence, Rehearsal, Session, Shown, Signer, Turn

DAY = timedelta(days=1)
WHOLE = 0  # the page that stands for the whole file, taken at once


def gather(way: str, *, opens_at: datetime, closes_at: datetime, place: str = "") -> Ceremony:
    """A ceremony to open sessions in. Raises AllInvalid on "way", "place" or "closes_at"."""
    if found := faults(way, opens_at=opens_at, closes_at=closes_at, place=place):
        raise AllInvalid(found)
    return Ceremony.objects.create(way=way, place=place.strip(), opens_at=opens_at, closes_at=closes_at)


def faults(way: str, *, opens_at: datetime, closes_at: datetime, place: str = "") -> list[Invalid]:
    """All that keeps a ceremony from being opened so."""
    found = [] if way in Ceremony.Way.values else [Invalid(field="way")]
    if way != Ceremony.Way.APART and not place.strip():
        found.append(Invalid(_("Say where everyone comes together to sign."), field="place"))
    if closes_at <= max(opens_at, clock.now()):
        found.append(Invalid(_("The signature closes after it opens, and not in the past."), field="closes_at"))
    return found


def may_answer(session: Session, signer: Signer) -> None:
    """Whether a signer may consent at this moment. Raises NotNow, which says what is lacking."""
    ceremony = session.ceremony
    if ceremony is None:
        return
    its_hours(ceremony)
    not_paused(ceremony)
    if signer.attested and ceremony.gathers and not ceremony.presences.filter(person=signer.person).exists():
        raise NotNow(_("A lawyer must first attest that you are there."), code="presence")
    if ceremony.way == Ceremony.Way.PAPER:
        raise NotNow(_("This is signed by hand, on paper."), code="on-paper")
    if left := unread(session, signer.person):
        pages = ", ".join(map(str, left[:10]))
        raise NotNow(_("You have not been shown every page yet. Read these first: %(pages)s.") % {"pages": pages}, code="not-read")


def its_hours(ceremony: Ceremony) -> None:
    """Raises NotNow before a ceremony opens, and once it is closed."""
    now = clock.now()
    if now < ceremony.opens_at:
        raise NotNow(_("The signature is not open yet."), code="not-open-yet")
    if now >= ceremony.closes_at:
        raise NotNow(_("The signature has closed."), code="closed")


def not_paused(ceremony: Ceremony) -> None:
    """Raises NotNow while a ceremony is paused."""
    if ceremony.paused_at:
        raise NotNow(_("The signature is paused. You are told when it goes on."), code="paused")


def frozen_for(session: Session | None, person: UUID | None) -> Version | None:
    """What this person is to read before they sign, as it was frozen; None where their signature is not awaited."""
    if session is None or person is None or session.state != Session.State.OPEN:
        return None
    return session.base if session.signers.waiting().filter(person=person).exists() else None


def note_shown(session: Session, person: UUID, page: int) -> None:
    """Note that a page was shown to a signer, the first time; WHOLE: the file was handed over."""
    Shown.objects.bulk_create([Shown(session=session, person=person, page=page)], ignore_conflicts=True)


def unread(session: Session, person: UUID) -> list[int]:
    """The pages that this person was not shown; none once they took the whole file."""
    shown = set(session.shown.filter(person=person).values_list("page", flat=True))
    return [] if WHOLE in shown else [page for page in range(1, (session.base.pages or 0) + 1) if page not in shown]


def attest(ceremony: Ceremony, person: UUID, *, by: UUID, by_name: str, evidence: Mapping[str, Any]) -> Presence:
    """Note that somebody attests that a person is there. Raises NotNow outside the ceremony's hours, Conflict where it is attested already."""
    its_hours(ceremony)
    made, fresh = Presence.objects.get_or_create(
        ceremony=ceremony, person=person, defaults={"by": by, "by_name": by_name, "evidence": dict(evidence)}
    )
    if not fresh:
        raise Conflict(_("The presence of this person is attested already."), code="attested")
    return made


def rehearse(ceremony: Ceremony, person: UUID, *, evidence: Mapping[str, Any]) -> Rehearsal:
    """Note a person's trial; the newest counts."""
    said = {"at": clock.now(), "evidence": dict(evidence)}
    return Rehearsal.objects.update_or_create(ceremony=ceremony, person=person, defaults=said)[0]


def pause(ceremony: Ceremony) -> None:
    """Nobody signs until it goes on; signatures already given are placed, and who is at their service begins anew. Raises Conflict where it is paused."""
    if not Ceremony.objects.filter(pk=ceremony.pk, paused_at=None).update(paused_at=clock.now()):
        raise Conflict(_("The signature is paused already."), code="paused")
    Turn.objects.filter(session__ceremony=ceremony, signature=None).delete()


def resume(ceremony: Ceremony, closes_at: datetime | None = None) -> None:
    """Go on, until a later closing where one is given. Raises Conflict where it is not paused, Invalid on "closes_at"."""
    closes_at = closes_at or ceremony.closes_at
    if closes_at <= clock.now():
        raise Invalid(_("Say until when: the closing that was set has passed."), field="closes_at")
    if not Ceremony.objects.filter(pk=ceremony.pk, paused_at__isnull=False).update(paused_at=None, closes_at=closes_at):
        raise Conflict(_("The signature is not paused."), code="not-paused")


def over(ceremony: Ceremony) -> bool:
    """Whether it must be closed unfinished: its time has passed and somebody has not answered. Paused, it waits for those who paused it; and what all
    consented to in time is still placed."""
    return clock.now() >= ends_at(ceremony) and not ceremony.paused_at and awaited(ceremony)


def ends_at(ceremony: Ceremony) -> datetime:
    """When what is unfinished ends: at its closing; where every paper was signed by hand and scanned by then, a day later, for them to be confirmed."""
    scans = list(ceremony.sessions.filter(state=Session.State.OPEN).values_list("scan", flat=True))
    return ceremony.closes_at + DAY if scans and all(scans) else ceremony.closes_at


def next_reminder(ceremony: Ceremony, every: timedelta) -> datetime | None:
    """When those awaited are reminded next: the day before it opens, then every so often, and the day before it closes."""
    times = (ceremony.closes_at - ceremony.opens_at) // every
    moments = [ceremony.opens_at - DAY, *(ceremony.opens_at + turn * every for turn in range(1, times + 1)), ceremony.closes_at - DAY]
    return min((moment for moment in moments if moment > clock.now()), default=None)


def note_reminded(ceremony: Ceremony) -> None:
    Ceremony.objects.filter(pk=ceremony.pk).update(reminded_at=clock.now())


def awaited(ceremony: Ceremony) -> bool:
    """Whether somebody has not answered yet in an open session."""
    return Signer.objects.waiting().filter(session__ceremony=ceremony, session__state=Session.State.OPEN).exists()

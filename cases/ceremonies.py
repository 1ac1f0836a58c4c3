"""The ceremony in which the papers of a case are signed: the one that is open, what each states, and how they were known as they stated it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend import clock
from backend.errors import Conflict, Invalid, NotFound, NotNow
from backend.people.actor import Actor
from cases import access
from cases.models import Case, Instrument
from cases.proceedings.declare import LAWYER
from cases.titles import instrument as title_of
from signatures import evidence, gathering
from signatures.models import Ceremony as Ceremony
from signatures.models import Presence, Rehearsal, Session, Shown, Signer

ERASED = "–"


def current(case: Case) -> Ceremony | None:
    """The ceremony of this case that is open, be it paused or not yet begun."""
    return Ceremony.objects.filter(sessions__instruments__case=case, sessions__state=Session.State.OPEN).order_by("-id").first()


def between(opens_at: datetime | None, closes_at: datetime | None) -> dict[str, datetime]:
    """The hours of a ceremony: from now on, for SIGNING_DAYS, unless others are asked for."""
    begins = max(opens_at or clock.now(), clock.now())
    return {"opens_at": begins, "closes_at": closes_at or begins + timedelta(days=settings.SIGNING_DAYS)}


def faults(*, way: str, place: str, opens_at: datetime | None = None, closes_at: datetime | None = None) -> list[Invalid]:
    """All that keeps the signature from being opened in this way, at this place, in these hours."""
    return gathering.faults(way, place=place, **between(opens_at, closes_at))


@dataclass(frozen=True)
class Attended:
    """A signer of a ceremony, and how they stand in it."""

    person: UUID
    name: str
    capacity: str
    spouse: UUID | None  # of a spouse: whose presence is attested where all are together
    side: int
    rehearsed_at: datetime | None
    present_since: datetime | None
    attested_by: str


def attended(case: Case, ceremony: Ceremony) -> list[Attended]:
    """Everyone who signs in a ceremony, in the order of the papers: whether they tried beforehand, and whether they are there."""
    spouses = {spouse.user_id: spouse for spouse in case.spouses.all() if spouse.user_id}
    tried = {row.person: row.at for row in ceremony.rehearsals.all()}
    there = {row.person: row for row in ceremony.presences.all()}
    rows = Signer.objects.filter(session__ceremony=ceremony).order_by("session", "position")
    people = {row.person: row for row in reversed(rows)}
    return [
        Attended(
            person=row.person,
            name=row.name,
            capacity=row.capacity,
            spouse=spouses[row.person].pk if row.person in spouses else None,
            side=spouses[row.person].side if row.person in spouses else 0,
            rehearsed_at=tried.get(row.person),
            present_since=there[row.person].at if row.person in there else None,
            attested_by=there[row.person].by_name if row.person in there else "",
        )
        for row in sorted(people.values(), key=lambda one: one.position)
    ]


def seen_by(actor: Actor, case: Case) -> Ceremony | None:
    """The ceremony that is open, for those who may see what is signed in it."""
    found = current(case)
    if found is None or not access.instruments(actor, case).filter(session__ceremony=found).exists():
        return None
    return found


def going_on(case: Case) -> Ceremony:
    """The same; raises Conflict where there is none."""
    found = current(case)
    if found is None:
        raise Conflict(_("No signature is open."))
    return found


def given(ceremony: Ceremony) -> list[str]:
    """The names of those who signed already, in any of its papers."""
    left = (Signer.State.WAITING, Signer.State.REFUSED)
    rows = Signer.objects.filter(session__ceremony=ceremony).exclude(state__in=left).order_by("session", "position")
    return list(dict.fromkeys(row.name for row in rows))


def given_by(ceremony: Ceremony, signer: UUID) -> tuple[str, list[str]]:
    """The name of the person of a signer's row, and the kinds of all that they signed: taken back in one paper, it is in each. Raises NotFound."""
    found = Signer.objects.filter(pk=signer, session__ceremony=ceremony).first()
    if found is None:
        raise NotFound
    signed = Signer.objects.filter(session__ceremony=ceremony, session__state=Session.State.OPEN, person=found.person)
    kinds = signed.exclude(state=Signer.State.WAITING).order_by("session").values_list("session__instruments__kind", flat=True)
    return found.name, list(dict.fromkeys(kind for kind in kinds if kind))


def absent(ceremony: Ceremony | None) -> set[UUID]:
    """Those whose presence nobody has attested yet, of those of whom it is asked."""
    if ceremony is None or not ceremony.gathers:
        return set()
    asked = Signer.objects.filter(session__ceremony=ceremony, attested=True).values_list("person", flat=True)
    return set(asked) - set(ceremony.presences.values_list("person", flat=True))


def unread(actor: Actor, instrument: Instrument) -> list[int]:
    """The pages of what awaits this person's signature that they were not shown yet."""
    session = instrument.session
    return gathering.unread(session, actor.user_id) if session and session.ceremony_id and actor.user_id else []


def waiting_for(actor: Actor, case: Case) -> list[Instrument]:
    """The instruments whose session waits for this person: the petition, then the agreement."""
    if actor.user_id is None:
        return []
    rows = case.instruments.current().filter(
        session__state="open", session__signers__person=actor.user_id, session__signers__state="waiting"
    )
    return list(rows.select_related("session__base", "document__head").order_by("-kind", "id"))


def before(actor: Actor, waiting: Sequence[Instrument]) -> list[str]:
    """The names of those who sign before this person, and have not yet, where one signs after the other."""
    for instrument in waiting:
        if instrument.session and instrument.session.ordered:
            return [signer.name for signer in Signer.objects.before(_signer(actor, instrument)).waiting()]
    return []


def read_first(actor: Actor, waiting: Sequence[Instrument]) -> None:
    """Raises NotNow where pages of what awaits this person's signature were not shown to them: before they are asked who they are, as `signing.sign` does after."""
    left = {title_of(one.kind): pages for one in waiting if (pages := unread(actor, one))}
    if left:
        said = _("You have not been shown every page yet. Read these first: %(pages)s.")
        raise NotNow(said % {"pages": "; ".join(f"{title} ({_numbers(pages)})" for title, pages in left.items())}, code="not-read")


def _numbers(pages: Sequence[int]) -> str:
    return ngettext("page %(pages)s", "pages %(pages)s", len(pages)) % {"pages": ", ".join(map(str, pages))}


def taken_back(actor: Actor, waiting: Sequence[Instrument]) -> dict[str, Any] | None:
    """What is kept of this person's signature that was last taken back, of what waits for them (`signatures.ceremony.redo`)."""
    found = [row for instrument in waiting for row in _signer(actor, instrument).taken_back]
    return max(found, key=lambda row: str(row["at"]), default=None)


def statement(actor: Actor, waiting: Sequence[Instrument]) -> str:
    """The words in which this person consents to all that waits for them, in the language that is active."""
    if not waiting:
        return ""
    signer = _signer(actor, waiting[0])
    capacity = f"{signer.capacity[:1].lower()}{signer.capacity[1:]}"
    who = f"{signer.name}, {capacity}" if capacity else signer.name
    return _("I, %(who)s, have read every page of what follows: %(what)s. I consent to it freely, and I sign it.") % {
        "who": who,
        "what": ", ".join(_what(one) for one in waiting),
    }


def stated(actor: Actor, waiting: Sequence[Instrument], said: str) -> str:
    """The language in which these are the words to be stated. Raises Conflict where they are not the words in any."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            if statement(actor, waiting) == said.strip():
                return language
    raise Conflict(_("State your consent in the words of this page: what is to be signed has changed since."), code="changed")


def known_by(actor: Actor) -> dict[str, Any]:
    """How the person was known at this moment: by which factor, worth what, or by which identity of which provider; from where, with what device."""
    return {
        "strength": actor.proved_by,
        "level": actor.level,
        **{name: getattr(actor, name) for name in ("acr", "provider", "subject", "differs")},
        "strong_until": actor.strong_until.isoformat() if actor.strong_until else "",
        "address": actor.address,
        "nonce": evidence.nonce(),
        "device": actor.device,
        "at": clock.now().isoformat(),
    }


def forget(case: Case) -> None:
    """Take away what is known of how people signed, from where and with what, once the documents of a case are erased: who signed what stays."""
    documents = case.instruments.values("document")
    sessions = Session.objects.filter(Q(document__in=documents) | Q(document__in=case.instruments.values("frozen")), ceremony__isnull=False)
    ceremonies = list(sessions.values_list("ceremony", flat=True))
    Shown.objects.filter(session__in=sessions).delete()
    Signer.objects.filter(session__in=sessions).update(evidence={}, taken_back=[])
    sessions.update(confirmation={})
    for rows in (Presence.objects, Rehearsal.objects):
        rows.filter(ceremony__in=ceremonies).update(evidence={})
    Ceremony.objects.filter(pk__in=ceremonies).exclude(way=Ceremony.Way.APART).update(place=ERASED)


def takes_back(standing: access.Standing, actor: Actor, case: Case) -> set[UUID]:
    """The people whose signature somebody may have given again: themselves, and of a lawyer, those they represent."""
    represented = {spouse.user_id for spouse in case.spouses.all() if spouse.side in standing.sides} if standing.is_any(LAWYER) else set()
    return {person for person in represented | {actor.user_id} if person}


def spouses_to_attest(case: Case, sides: Iterable[int]) -> list[Any]:
    """The spouses of these sides, whose presence their lawyer attests."""
    return [spouse for spouse in case.spouses.all() if spouse.side in sides and spouse.user_id]


def _signer(actor: Actor, instrument: Instrument) -> Signer:
    """The row of this person that waits, or that waited as this was read: they may have answered since, elsewhere."""
    session = instrument.session
    assert session is not None  # noqa: S101 - it waits for this person
    mine = list(session.signers.filter(person=actor.person))
    return next((row for row in mine if row.state == Signer.State.WAITING), mine[0])


def _what(instrument: Instrument) -> str:
    count = (instrument.session.base.pages or 0) if instrument.session else 0
    pages = ngettext("%(count)d page", "%(count)d pages", count) % {"count": count}
    if instrument.session and instrument.session.sheet:
        pages = _("%(pages)s and a sheet for the signatures") % {"pages": pages}
    return f"{title_of(instrument.kind)} ({pages})"

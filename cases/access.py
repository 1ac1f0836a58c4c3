"""Who may see what of a case. The only room that decides it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.errors import NotFound
from backend.people.actor import Actor
from backend.people.models import Organisation
from backend.register.models import Entry
from cases.models import Answer, Book, Bundle, Case, Counsel, Decision, Exhibit, HearingList, Hold, Instrument, Invitation, Message, Spouse
from cases.models.bundle import BundleQuerySet
from cases.models.case import CaseQuerySet
from cases.models.instrument import InstrumentQuerySet
from cases.proceedings.declare import CLERK, JUDGE, LAWYER, PARTY, PLATFORM, STAFF
from cases.proceedings.questions import SPOUSE_CONTACT
from documents.models import Document

PARTIES = ("parties",)
EVERYONE = ("parties", "court")
COURT = ("court",)
JUDGES = ("judge",)
LAWYERS = ("lawyers",)
BROUGHT = ("petition", "agreement")  # the instruments that the parties make, and hand in


def side(number: int) -> tuple[str, ...]:
    """The audience of one side: its spouse, their lawyer, the lawyer's staff. Side 0 is both."""
    return (f"side:{number}",) if number else PARTIES


@dataclass(frozen=True)
class Standing:
    """What a person is in a case: their roles, the sides they stand on, the audiences they belong to."""

    roles: frozenset[str]
    sides: frozenset[int]
    scopes: frozenset[str]

    def sees(self, audience: Iterable[str]) -> bool:
        return not self.scopes.isdisjoint(audience)

    def is_any(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


NOBODY = Standing(frozenset(), frozenset(), frozenset())


def visible_cases(actor: Actor | None) -> CaseQuerySet:
    """The cases this person may see: as spouse, as counsel or in counsel's firm, or at the court once filed. An administrator sees none."""
    if actor is None or _sees_none(actor):
        return Case.objects.none()
    of_bench = Case.objects.filter(_at_court(actor)).order_by().values("pk")
    # Each way is found by its own index, then all are put together: one condition for the three would read every case there is.
    return Case.objects.filter(pk__in=_as_party(actor).values("case").union(_as_counsel(actor).values("case"), of_bench))


def at_court(actor: Actor) -> CaseQuerySet:
    """The filed cases of the courts and chambers where this person works."""
    return Case.objects.none() if _sees_none(actor) else Case.objects.filter(_at_court(actor))


def case(actor: Actor | None, key: UUID | str) -> Case:
    """The case, or NotFound: one that may not be seen answers exactly as one that does not exist."""
    try:
        return _beside(actor).with_people().get(pk=key)
    except (Case.DoesNotExist, ValidationError, ValueError) as absent:
        raise NotFound from absent


def _beside(actor: Actor | None) -> CaseQuerySet:
    """The same as `visible_cases`, for one case that is asked for by its key."""
    if actor is None or _sees_none(actor):
        return Case.objects.none()
    party, counsel = (Exists(rows.filter(case=OuterRef("pk"))) for rows in (_as_party(actor), _as_counsel(actor)))
    return Case.objects.filter(Q(party) | Q(counsel) | _at_court(actor))


def _sees_none(actor: Actor) -> bool:
    return actor.user_id is None or actor.is_administrator


def standing(actor: Actor, case: Case) -> Standing:
    """What this person is in this case at this moment, from rows already fetched."""
    if actor.is_platform:
        return Standing(frozenset({PLATFORM}), frozenset({1, 2}), frozenset({"parties", "side:1", "side:2", "lawyers", "court"}))
    if actor.is_administrator:
        return NOBODY
    roles, sides = set(), set()
    for spouse in case.spouses.all():
        if spouse.user_id == actor.user_id:
            roles.add(PARTY)
            sides.add(spouse.side)
    for counsel in case.counsels.all():
        if role := _role_beside(actor, counsel):
            roles.add(role)
            sides.update(counsel.sides)
    if case.filed_at:
        roles.update(
            role for organisation, role in actor.roles if role in (CLERK, JUDGE) and organisation in (case.court_id, case.chamber_id)
        )
    return Standing(frozenset(roles), frozenset(sides), frozenset(_scopes(roles, sides)))


def acting_as(actor: Actor, case: Case, roles: Collection[str]) -> Actor:
    """The same person, as who they act here in one of these roles: in which organisation, and for which spouse.

    A lawyer, or the lawyer's staff, acts in the firm they stand beside the party with, on behalf of the spouse represented (of nobody in particular
    where one lawyer was chosen together); a clerk or a judge in the chamber, or the court, where they sit; a spouse in their own name, whatever their
    profession.
    """
    if PARTY in roles or actor.is_platform:
        return replace(actor, organisation_id=None, role=None, on_behalf_of=None)
    if LAWYER in roles or STAFF in roles:
        return _beside_a_party(actor, case, LAWYER if LAWYER in roles else STAFF)
    return in_court(actor, (case.chamber_id, case.court_id), roles)


def in_court(actor: Actor, benches: Iterable[UUID | None], roles: Collection[str]) -> Actor:
    """The same person, sitting in the first of these benches where they hold one of these roles."""
    held = [(bench, role) for bench in benches for role in sorted(roles) if (bench, role) in actor.roles]
    organisation, role = held[0] if held else (actor.organisation_id, actor.role)
    return replace(actor, organisation_id=organisation, role=role)


def _beside_a_party(actor: Actor, case: Case, role: str) -> Actor:
    counsel = next(counsel for counsel in case.counsels.all() if _role_beside(actor, counsel) == role)
    alone = counsel.sides[0] if len(counsel.sides) == 1 else None
    spouse = next((spouse.pk for spouse in case.spouses.all() if spouse.side == alone), None)
    return replace(actor, organisation_id=counsel.firm_id, role=role, on_behalf_of=spouse)


def _scopes(roles: Collection[str], sides: Collection[int]) -> set[str]:
    scopes = {f"side:{number}" for number in sides}
    if sides:
        scopes.add("parties")
    if LAWYER in roles or STAFF in roles:
        scopes.add("lawyers")
    if CLERK in roles or JUDGE in roles:
        scopes.add("court")
    if JUDGE in roles:
        scopes.add("judge")
    return scopes


def _role_beside(actor: Actor, counsel: Counsel) -> str | None:
    """Lawyer where this counsel is oneself, staff where one works in the same firm, nothing where the mission or the membership has ended."""
    if counsel.until is not None:
        return None
    if counsel.firm_id is None:
        return LAWYER if counsel.user_id == actor.user_id and counsel.user_id else None
    if counsel.user_id == actor.user_id and actor.belongs_to(counsel.firm_id, LAWYER):
        return LAWYER
    return STAFF if any(actor.belongs_to(counsel.firm_id, role) for role in (LAWYER, STAFF)) else None


def _as_party(actor: Actor) -> QuerySet[Spouse]:
    return Spouse.objects.filter(user=actor.user_id).order_by()


def _as_counsel(actor: Actor) -> QuerySet[Counsel]:
    firms = [organisation for organisation, role in actor.roles if role in (LAWYER, STAFF)]
    mine = Q(firm__in=firms) | Q(firm=None, user=actor.user_id)
    return Counsel.objects.filter(mine, until=None).order_by()


def _at_court(actor: Actor) -> Q:
    benches = [organisation for organisation, role in actor.roles if role in (CLERK, JUDGE)]
    return Q(filed_at__isnull=False) & (Q(court__in=benches) | Q(chamber__in=benches))


def concerned(thing: Exhibit | Instrument) -> tuple[str, ...]:
    """Who is told that somebody else opened it: the side that brought it, or both for what both sign. Nobody for what the court sends."""
    if isinstance(thing, Exhibit):
        return side(thing.side)
    return PARTIES if thing.kind in BROUGHT else ()


def openings(actor: Actor, case: Case, after: int = 0) -> QuerySet[Entry]:
    """Who opened the documents this person is told of, in order, after a sequence number of the case's reading book."""
    scopes = standing(actor, case).scopes
    return Entry.objects.filter(chain__reading_book__case=case, seq__gt=after, audience__overlap=list(scopes)).order_by("seq")


def entries(actor: Actor, case: Case, after: int = 0) -> QuerySet[Entry]:
    """The register's entries this person may see, in order, after a sequence number."""
    scopes = standing(actor, case).scopes
    return Entry.objects.filter(chain=case.chain_id, seq__gt=after, audience__overlap=list(scopes)).order_by("seq")


def exhibits(actor: Actor, case: Case) -> QuerySet[Exhibit]:
    """The exhibits this person may see: their own side's, and what was communicated."""
    mine = standing(actor, case)
    seen = Q(side__in=[*mine.sides, 0]) if mine.sides else Q(pk=None)
    if mine.sides or "court" in mine.scopes:
        seen |= Q(communicated_at__isnull=False)
    return case.exhibits.kept().filter(seen).with_files()


def exhibit(actor: Actor, case: Case, key: UUID | str) -> Exhibit:
    return _one(exhibits(actor, case), key)


def file_of(mine: Standing, exhibit: Exhibit) -> Document | None:
    """The file this person gets of an exhibit they may see: as it was sent for its own side, what is shared for others.

    Of an identity paper the others get the marked copy, and so does its own side once the original is erased.
    """
    own = exhibit.side in mine.sides or (exhibit.side == 0 and bool(mine.sides))
    gone = exhibit.document is not None and exhibit.document.erased
    return exhibit.document if own and not (gone and exhibit.marked) else exhibit.shared


def instruments(actor: Actor, case: Case) -> InstrumentQuerySet:
    """The instruments this person may see."""
    return case.instruments.filter(audience__overlap=list(standing(actor, case).scopes)).select_related(
        "document__head", "scan__head", "session__ceremony"
    )


def instrument(actor: Actor, case: Case, key: UUID | str) -> Instrument:
    return _one(instruments(actor, case), key)


def bundles(actor: Actor, case: Case) -> BundleQuerySet:
    """The bundles made for eyes that see no more than this person's."""
    scopes = list(standing(actor, case).scopes)
    return case.bundles.filter(audience__contained_by=scopes).exclude(state=Bundle.State.EXPIRED).select_related("document", "whole")


def bundle(actor: Actor, case: Case, key: UUID | str) -> Bundle:
    return _one(bundles(actor, case), key)


def messages(actor: Actor, case: Case) -> QuerySet[Message]:
    """The correspondence this person takes part in."""
    return case.messages.filter(audience__overlap=list(standing(actor, case).scopes)).select_related("by")


def sees_contact(actor: Actor, case: Case, spouse: Spouse) -> bool:
    """Whether this person may see a spouse's address, telephone and e-mail (CPC 1136-5, 1078)."""
    mine = standing(actor, case)
    return not spouse.concealed or spouse.side in mine.sides or "court" in mine.scopes


def located(actor: Actor, case: Case) -> list[Spouse]:
    """The spouses of whom this person may know where they live, be it only before which court (CPC 1070, 1136-5)."""
    return [spouse for spouse in case.spouses.all() if sees_contact(actor, case, spouse)]


def answers(actor: Actor, case: Case) -> QuerySet[Answer]:
    """The answers as they stand, without an address, telephone or e-mail that is concealed from this person."""
    if not standing(actor, case).scopes:
        return case.answers.none()
    concealed = [spouse.pk for spouse in case.spouses.all() if not sees_contact(actor, case, spouse)]
    return case.answers.current().exclude(topic=SPOUSE_CONTACT.name, about__in=concealed)


def invitations(actor: Actor, case: Case) -> QuerySet[Invitation]:
    """The invitations, which are the parties' own matter."""
    return case.invitations.all() if standing(actor, case).sees(PARTIES) else case.invitations.none()


def decisions(actor: Actor, case: Case) -> QuerySet[Decision]:
    """The decisions delivered; to the court, the one being signed; to the judge, the draft."""
    mine = standing(actor, case)
    states = [Decision.State.DELIVERED] if mine.scopes else []
    states += [Decision.State.SIGNING] if mine.sees(COURT) else []
    states += [Decision.State.DRAFT] if mine.sees(JUDGES) else []
    return case.decisions.filter(state__in=states).prefetch_related("recourses")


def holds(actor: Actor, case: Case) -> QuerySet[Hold]:
    """The legal holds with their reasons, which are the court's."""
    return case.holds.select_related("by", "released_by") if standing(actor, case).sees(COURT) else case.holds.none()


def book(actor: Actor | None, organisation: UUID | str) -> Book:
    """The book of a court this person works at, or at a chamber of."""
    benches = [key for key, role in actor.roles if role in (CLERK, JUDGE)] if actor else []
    mine = Q(organisation__in=benches) | Q(organisation__chambers__in=benches)
    return _one(Book.objects.select_related("organisation").filter(mine).distinct(), organisation, "organisation")


def works_at(actor: Actor, court: Organisation, roles: Collection[str]) -> bool:
    """Whether a membership of this court, or of one of its chambers, holds today in one of these roles."""
    held = {organisation for organisation, role in actor.roles if role in roles}
    return court.pk in held or court.chambers.filter(pk__in=held).exists()


def hearing_lists(actor: Actor) -> QuerySet[HearingList]:
    """The hearing lists of the chambers this person works at."""
    benches = [organisation for organisation, role in actor.roles if role in (CLERK, JUDGE)]
    return HearingList.objects.filter(Q(chamber__in=benches) | Q(chamber__parent__in=benches)).select_related("chamber__parent", "judge")


def hearing_list(actor: Actor, key: UUID | str) -> HearingList:
    return _one(hearing_lists(actor), key)


def _one(rows: QuerySet[Any], key: UUID | str, field: str = "pk") -> Any:
    try:
        return rows.get(**{field: key})
    except (rows.model.DoesNotExist, ValidationError, ValueError) as absent:
        raise NotFound from absent

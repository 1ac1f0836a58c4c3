"""From rows to facts: what the rules read of a case, in a number of queries that does not grow with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects

from backend import clock
from backend.people.models import Organisation
from cases import awaiting, courts, timing
from cases.deadlines import ABROAD, METROPOLE, territory_of
from cases.models import Answer, Case, Child, Decision, Exhibit, Filing, Hearing, Instrument, Spouse
from cases.proceedings.facts import RECOURSES, ChildFacts, CounselFacts, ExhibitFacts, Facts, Named, Span, SpouseFacts
from cases.proceedings.questions import Answered
from documents.models import State

Answers = dict[tuple[str, UUID | None], Answered]


@dataclass(frozen=True)
class Rows:
    """What is read of a case beside its people."""

    answers: Iterable[Answer]
    exhibits: Iterable[Exhibit]
    instruments: Iterable[Any]
    named: Mapping[str, tuple[Named, ...]]
    hearings: Iterable[Any] = ()
    decisions: Iterable[Any] = ()
    courts: Iterable[Organisation] = ()  # among which the competent ones are found, while that is a question


def of(case: Case, today: date | None = None) -> Facts:
    """The facts of a case on a day (the present one where its court sits, unless given)."""
    rows = Rows(
        case.answers.current(),
        case.exhibits.kept().for_rules(),
        case.instruments.signed_or_awaited(),
        awaiting.named(case),
        _with_summonses().filter(case=case) if case.accepted else (),
        _with_recourses().filter(case=case) if case.accepted else (),
        () if case.accepted else Organisation.objects.courts().covering(*_codes(case.spouses.all())),
    )
    known = _facts(case, today, rows)
    return replace(known, recourse_over=timing.recourse_over(case, known))


def of_many(cases: Sequence[Case]) -> dict[UUID, Facts]:
    """The facts of many cases on the present day, in a number of queries that grows with neither them nor what is in them."""
    prefetch_related_objects(
        cases,
        *("spouses", "counsels", Prefetch("children", Child.objects.select_related("hearing"))),
        Prefetch("answers", Answer.objects.current(), to_attr="rows_of_answers"),
        Prefetch("exhibits", Exhibit.objects.kept().for_rules(), to_attr="rows_of_exhibits"),
        Prefetch("instruments", Instrument.objects.signed_or_awaited(), to_attr="rows_of_instruments"),
        Prefetch("hearings", _with_summonses(), to_attr="rows_of_hearings"),
        Prefetch("decisions", _with_recourses(), to_attr="rows_of_decisions"),
        *awaiting.read(),
    )
    codes = [code for case in cases if not case.accepted for code in _codes(case.spouses.all())]
    benches = list(Organisation.objects.courts().covering(*codes))
    return {case.pk: _facts(case, None, _rows_of(case, benches)) for case in cases}


def _rows_of(case: Any, benches: Iterable[Organisation]) -> Rows:
    return Rows(
        case.rows_of_answers,
        case.rows_of_exhibits,
        case.rows_of_instruments,
        awaiting.named_in(case),
        case.rows_of_hearings,
        case.rows_of_decisions,
        () if case.accepted else benches,
    )


def _with_summonses() -> QuerySet[Any]:
    """Hearings, each with the days on which its summonses were sent."""
    return Hearing.objects.annotate(sent=ArrayAgg("summonses__sent_on"))


def _with_recourses() -> QuerySet[Any]:
    """What was decided or is about to be, the oldest first, each with its recourses, and when a new agreement first answered an adjournment."""
    filed = Filing.objects.filter(case=OuterRef("case"), kind="new-agreement").order_by("id").values("submitted_at")[:1]
    return Decision.objects.order_by("pk").annotate(
        answered_at=Subquery(filed),
        recourses_at=ArrayAgg("recourses__at", order_by="recourses__id"),
        recourses_ended_on=ArrayAgg("recourses__ended_on", order_by="recourses__id"),
    )


def _facts(case: Case, today: date | None, rows: Rows) -> Facts:
    answers, instruments = _typed(case, rows.answers), list(rows.instruments)
    decisions = [decision for decision in rows.decisions if decision.state == Decision.State.DELIVERED]
    pending = next((decision for decision in rows.decisions if decision.state != Decision.State.DELIVERED), None)
    return Facts(
        today=today or clock.today(case.zone),
        spouses=tuple(_spouse(spouse, answers) for spouse in case.spouses.all()),
        children=tuple(_child(child) for child in case.children.all()),
        counsels=tuple(
            CounselFacts(counsel.id, counsel.name, tuple(counsel.sides)) for counsel in case.counsels.all() if counsel.until is None
        ),
        exhibits=tuple(_exhibit(exhibit) for exhibit in rows.exhibits),
        answers=answers,
        dates=_dates(case, rows.hearings, decisions),
        counts={"refusals": sum(decision.kind == Decision.Kind.ADJOURNMENT for decision in decisions)},
        court=case.court_id,
        competent_courts=tuple(court.pk for court in _found_competent(case.spouses.all(), rows.courts)),
        signed=frozenset(instrument.kind for instrument in instruments if instrument.signed_at),
        awaited=frozenset(person for instrument in instruments for person in instrument.awaits or ()),
        way=next((instrument.way for instrument in instruments if instrument.way), ""),
        named=rows.named,
        spans={RECOURSES[decision.kind]: _spans(decision, case.zone) for decision in decisions},
        decided=decisions[-1].kind if decisions else "",
        certified=bool(decisions and decisions[-1].certified_at),
        drafted=pending.kind if pending else "",
        pronounced=pending is not None and pending.state == Decision.State.SIGNING,
    )


def answers_of(case: Case) -> Answers:
    """The current answers, each as its topic's own type."""
    return _typed(case, case.answers.current())


def _typed(case: Case, rows: Iterable[Answer]) -> Answers:
    models = {topic.name: topic.model for topic in case.proceeding.topics}
    return {(row.topic, row.about): models[row.topic].model_validate(row.value) for row in rows if row.topic in models}


def competent_courts(spouses: Iterable[Spouse]) -> list[Organisation]:
    """The courts where either spouse lives (CPC 1070)."""
    codes = _codes(spouses)
    return courts.competent(codes, list(Organisation.objects.courts().covering(*codes)))


def _codes(spouses: Iterable[Spouse]) -> list[str]:
    return [spouse.postal_code for spouse in spouses if spouse.postal_code]


def _found_competent(spouses: Iterable[Spouse], among: Iterable[Organisation]) -> list[Organisation]:
    """Those a finding is made from: none where an address is concealed, or it would tell the other side in which district that is."""
    return [] if any(spouse.concealed for spouse in spouses) else courts.competent(_codes(spouses), list(among))


def _dates(case: Case, hearings: Iterable[Any], decisions: Sequence[Any]) -> dict[str, date]:
    """The dates that periods run from, and those that end them."""
    dates: dict[str, date] = {}
    for hearing in hearings:
        if hearing.state == Hearing.State.SCHEDULED:
            dates["hearing"] = clock.day(hearing.at, case.zone)
            if all(hearing.sent):
                dates["summoned"] = max(hearing.sent)
    for decision in decisions:
        _dates_of_decision(case, decision, dates)
    return dates


def _dates_of_decision(case: Case, decision: Any, dates: dict[str, date]) -> None:
    event = {"homologation": "homologated", "adjournment": "adjourned", "lapse": "lapsed"}[decision.kind]
    dates[event] = decision.on
    if decision.answered_at:
        dates["new-agreement-filed"] = clock.day(decision.answered_at, case.zone)
    if decision.kind != Decision.Kind.ADJOURNMENT:
        known = {
            "served": decision.served_on,
            "maintenance-sent": decision.maintenance_sent_on,
            "title-sent": decision.title_sent_on,
            "mentioned": decision.mentioned_on,
        }
        dates.update({name: day for name, day in known.items() if day})
    if made := _spans(decision, case.zone):
        dates[RECOURSES[decision.kind]] = made[-1].begun


def _spans(decision: Any, zone: str) -> tuple[Span, ...]:
    """The recourses against a decision: from when to when each was open."""
    made = zip(decision.recourses_at, decision.recourses_ended_on, strict=True)
    return tuple(Span(clock.day(at, zone), ended_on) for at, ended_on in made if at)


def _spouse(spouse: Spouse, answers: Answers) -> SpouseFacts:
    return SpouseFacts(
        id=spouse.id,
        side=spouse.side,
        name=spouse.short_name,
        complete={
            "identity": bool(spouse.born and spouse.birthplace and spouse.nationality and spouse.occupation),
            "contact": bool(spouse.address and spouse.city),
            "bodies": bool(spouse.social_security),
            "income": ("income", spouse.id) in answers,
            "names": ("names", spouse.id) in answers,
            "protection": ("protection", spouse.id) in answers,
        },
        postal_code=spouse.postal_code,
        country=spouse.country,
        protected_adult=spouse.protected_adult,
        protection_request_pending=spouse.protection_request_pending,
        legal_aid=spouse.legal_aid,
        living=_living(spouse),
    )


def _living(spouse: Spouse) -> str:
    """The territory a spouse lives in, for the periods that grow with distance (CPC 643, 644)."""
    if spouse.country.strip().lower() not in ("", "france"):
        return ABROAD
    return territory_of(spouse.postal_code) if spouse.postal_code else METROPOLE


def _child(child: Child) -> ChildFacts:
    hearing = getattr(child, "hearing", None)
    return ChildFacts(
        id=child.id,
        name=child.short_name,
        born=child.born,
        discernment=child.discernment,
        informed_on=child.informed_on,
        asks_to_be_heard=child.asks_to_be_heard,
        form_dated=child.form_dated,
        form_signed=child.form_signed,
        heard=None if hearing is None else hearing.state == "heard",
    )


def _exhibit(exhibit: Exhibit) -> ExhibitFacts:
    head = exhibit.shared.head if exhibit.shared else None
    return ExhibitFacts(
        id=exhibit.id,
        kind=exhibit.kind,
        side=exhibit.side,
        about=exhibit.about,
        dated=exhibit.dated,
        form=exhibit.form,
        there=exhibit.document_id is not None and not exhibit.to_follow,
        ready=head is not None and head.state == State.READY,
        communicated=exhibit.communicated_at is not None,
    )

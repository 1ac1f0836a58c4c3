"""From rows to facts: what the rules read of a case, in a number of queries that does not grow with it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects

from backend import clock
from backend.people.models import Organisation
from cases import courts
from cases.deadlines import ABROAD, METROPOLE, territory_of
from cases.models import Answer, Case, Child, Decision, Exhibit, Hearing, Spouse
from cases.proceedings.facts import ChildFacts, CounselFacts, ExhibitFacts, Facts, SpouseFacts
from cases.proceedings.questions import Answered

Answers = dict[tuple[str, UUID | None], Answered]
READ = ("spouses", "children__hearing", "counsels", "filings", "hearings__summonses", "decisions__recourses", "instruments")


def of(case: Case, today: date | None = None) -> Facts:
    """The facts of a case on a day (the present one where its court sits, unless given)."""
    exhibits = case.exhibits.kept().with_files()
    return _facts(case, today, answers_of(case), list(exhibits), competent_courts(list(case.spouses.all())))


def of_many(cases: Sequence[Case]) -> dict[UUID, Facts]:
    """The facts of many cases on the present day, in a number of queries that grows with neither them nor what is in them."""
    answers = Prefetch("answers", Answer.objects.current(), to_attr="current_answers")
    exhibits = Prefetch("exhibits", Exhibit.objects.kept().with_files(), to_attr="kept_exhibits")
    prefetch_related_objects(cases, *READ, answers, exhibits)
    benches = list(Organisation.objects.courts()) if cases else []
    read: Sequence[Any] = cases
    return {
        case.pk: _facts(case, None, _typed(case, case.current_answers), case.kept_exhibits, _competent(list(case.spouses.all()), benches))
        for case in read
    }


def _facts(case: Case, today: date | None, answers: Answers, exhibits: Sequence[Exhibit], competent: Sequence[Organisation]) -> Facts:
    return Facts(
        today=today or clock.today(case.zone),
        spouses=tuple(_spouse(spouse, answers) for spouse in case.spouses.all()),
        children=tuple(_child(child) for child in case.children.all()),
        counsels=tuple(
            CounselFacts(counsel.id, counsel.name, tuple(counsel.sides)) for counsel in case.counsels.all() if counsel.until is None
        ),
        exhibits=tuple(_exhibit(exhibit) for exhibit in exhibits),
        answers=answers,
        dates=dates_of(case),
        counts={"refusals": sum(decision.kind == Decision.Kind.ADJOURNMENT for decision in _delivered(case))},
        court=case.court_id,
        competent_courts=tuple(court.pk for court in competent),
        signed=frozenset(instrument.kind for instrument in case.instruments.all() if instrument.signed_at and not instrument.superseded_at),
    )


def answers_of(case: Case) -> Answers:
    """The current answers, each as its topic's own type."""
    return _typed(case, case.answers.current())


def _typed(case: Case, rows: Iterable[Answer]) -> Answers:
    models = {topic.name: topic.model for topic in case.proceeding.topics}
    return {(row.topic, row.about): models[row.topic].model_validate(row.value) for row in rows if row.topic in models}


def competent_courts(spouses: list[Spouse]) -> list[Organisation]:
    """The courts where either spouse lives (CPC 1070)."""
    return _competent(spouses, list(Organisation.objects.courts()))


def _competent(spouses: list[Spouse], among: Sequence[Organisation]) -> list[Organisation]:
    codes = [spouse.postal_code for spouse in spouses if spouse.postal_code]
    return courts.competent(codes, among) if codes else []


def dates_of(case: Case) -> dict[str, date]:
    """The dates that periods run from, and those that end them."""
    dates: dict[str, date] = {}
    for filing in case.filings.all():
        if filing.kind == "new-agreement":
            dates["new-agreement-filed"] = clock.day(filing.submitted_at, case.zone)
    for hearing in case.hearings.all():
        if hearing.state == Hearing.State.SCHEDULED:
            dates["hearing"] = clock.day(hearing.at, case.zone)
            sent = [summons.sent_on for summons in hearing.summonses.all()]
            if sent and all(sent):
                dates["summoned"] = max(day for day in sent if day)
    for decision in _delivered(case):
        _dates_of_decision(case, decision, dates)
    return dates


def _dates_of_decision(case: Case, decision: Decision, dates: dict[str, date]) -> None:
    event = {"homologation": "homologated", "adjournment": "adjourned", "lapse": "lapsed"}[decision.kind]
    dates[event] = decision.on
    if decision.kind != Decision.Kind.ADJOURNMENT:
        known = {
            "served": decision.served_on,
            "maintenance-sent": decision.maintenance_sent_on,
            "title-sent": decision.title_sent_on,
            "mentioned": decision.mentioned_on,
        }
        dates.update({name: day for name, day in known.items() if day})
    for recourse in decision.recourses.all():
        name = {"homologation": "cassation", "adjournment": "appeal-of-adjournment", "lapse": "appeal-of-lapse"}[decision.kind]
        dates[name] = clock.day(recourse.at, case.zone)
        if recourse.ended_on:
            dates[f"{name}-ended"] = recourse.ended_on


def _delivered(case: Case) -> list[Decision]:
    return [decision for decision in case.decisions.all() if decision.state == Decision.State.DELIVERED]


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
        used_name_differs=bool(spouse.used_name and spouse.used_name != spouse.birth_name),
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
        ready=head is not None and head.state == "ready",
        communicated=exhibit.communicated_at is not None,
    )

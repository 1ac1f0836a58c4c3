"""The figures of a bench: what came in and went out by month, how long each stretch takes, why filings are returned."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from zoneinfo import ZoneInfo

from django.db.models import Min, Q, QuerySet

from backend import clock
from backend.people.actor import Actor
from cases import access
from cases.deadlines import add_months
from cases.models import Case, Decision, Filing, Hearing
from cases.reasons import REASONS

MONTHS = 12
STRETCHES = ("filing-to-acceptance", "acceptance-to-hearing", "hearing-to-decision")


@dataclass(frozen=True)
class Volumes:
    """One month: filings received, accepted and returned, decisions delivered."""

    month: date
    received: int
    accepted: int
    returned: int
    decided: int


@dataclass(frozen=True)
class Stretch:
    """How long one part of the way takes: the median in days, and over how many cases."""

    name: str
    days: float | None
    cases: int


@dataclass(frozen=True)
class Figures:
    """All the figures of the benches where somebody works."""

    volumes: Sequence[Volumes]
    stretches: Sequence[Stretch]
    returns: Sequence[tuple[str, int]]


def figures(actor: Actor, today: date | None = None) -> Figures:
    """The last twelve months, this one included, in a number of queries that does not grow."""
    last = (today or clock.today()).replace(day=1)
    months = [add_months(last, -back) for back in range(MONTHS - 1, -1, -1)]
    cases = access.at_court(actor)
    filings = list(
        Filing.objects.filter(case__in=cases, submitted_at__date__gte=months[0]).values_list(
            "state", "submitted_at", "answered_at", "reasons"
        )
    )
    decisions = list(Decision.objects.filter(case__in=cases, delivered_at__date__gte=months[0]).values_list("delivered_at", flat=True))
    return Figures(_volumes(months, filings, decisions), _stretches(cases, months[0]), _returns(filings))


def _volumes(months: Sequence[date], filings: Iterable[tuple], decisions: Iterable[datetime | None]) -> list[Volumes]:
    received, answered = Counter[date](), Counter[tuple[str, date]]()
    for state, submitted_at, answered_at, _reasons in filings:
        received[_month(submitted_at)] += 1
        if answered_at:
            answered[state, _month(answered_at)] += 1
    decided = Counter(_month(moment) for moment in decisions if moment)
    states = Filing.State
    return [
        Volumes(month, received[month], answered[states.ACCEPTED, month], answered[states.RETURNED, month], decided[month])
        for month in months
    ]


def _stretches(cases: QuerySet[Case], since: date) -> list[Stretch]:
    """From filing to acceptance, from acceptance to the hearing, from the hearing to the decision."""
    accepted = Q(filings__state=Filing.State.ACCEPTED, filings__kind="petition")
    held = Q(hearings__state=Hearing.State.HELD)
    rows = list(
        cases.filter(filed_at__date__gte=since)
        .annotate(
            accepted_at=Min("filings__answered_at", filter=accepted),
            heard_at=Min("hearings__at", filter=held),
            decided_at=Min("decisions__delivered_at"),
        )
        .values_list("filed_at", "accepted_at", "heard_at", "decided_at")
    )
    return [_stretch(name, [(row[place], row[place + 1]) for row in rows]) for place, name in enumerate(STRETCHES)]


def _stretch(name: str, pairs: Iterable[tuple[datetime | None, datetime | None]]) -> Stretch:
    days = [(end - start).total_seconds() / 86_400 for start, end in pairs if start and end and end >= start]
    return Stretch(name, round(median(days), 1) if days else None, len(days))


def _returns(filings: Iterable[tuple]) -> list[tuple[str, int]]:
    """By reason of the list, the most frequent first."""
    counted = Counter(reason["code"] for *_rest, reasons in filings for reason in reasons)
    return [(code, number) for code, number in counted.most_common() if code in REASONS]


def _month(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("Europe/Paris")).date().replace(day=1)

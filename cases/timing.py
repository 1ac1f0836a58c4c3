"""The deadlines of a case: the periods its proceeding declares, laid on its dates, in its court's calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from backend import clock
from cases import deadlines
from cases.deadlines import Calendar, Deadline, Notice
from cases.models import Case
from cases.proceedings.declare import Period
from cases.proceedings.facts import Facts, Named, Span

RECOURSES: Mapping[str, str] = {"adjournment": "appeal", "lapse": "appeal-of-lapse", "homologation": "cassation"}


@dataclass(frozen=True)
class Due:
    """One deadline of a case, as people see it. `about` is the question or the person invited, and `to` those asked, where somebody named the day."""

    period: Period
    counted: Deadline | Notice
    done_on: date | None
    suspended: bool = False
    about: UUID | None = None
    to: frozenset[UUID] = frozenset()

    @property
    def on(self) -> date:
        """The last day on which it can be done."""
        return self.counted.end if isinstance(self.counted, Deadline) else self.counted.latest_sending

    @property
    def proposed(self) -> date:
        """The day on which it is wise to have done it."""
        return self.counted.end if isinstance(self.counted, Deadline) else self.counted.proposed_sending

    @property
    def until(self) -> datetime:
        return self.counted.until

    @property
    def over(self) -> bool:
        return self.counted.passed(clock.now())

    def concerns(self, person: UUID | None) -> bool:
        """Whether this person is among those asked; whoever has a role in it, where nobody was named."""
        return not self.to or person in self.to

    @property
    def open(self) -> bool:
        """Still to be done, and its time still running."""
        return self.done_on is None and not self.over and not self.suspended


def calendar_of(case: Case) -> Calendar:
    """Where the days of this case are counted: at its court; on the mainland before a court is chosen."""
    return Calendar(case.court.zone, case.court.holidays) if case.court else Calendar()


def dues(case: Case, facts: Facts) -> list[Due]:
    """Every period that runs or has run in this case, the nearest first."""
    return sorted(_dues(case, facts), key=lambda due: due.on)


def due(case: Case, facts: Facts, name: str) -> Due | None:
    return next((due for due in _dues(case, facts) if due.period.name == name), None)


def _dues(case: Case, facts: Facts) -> Iterator[Due]:
    calendar = calendar_of(case)
    for period in case.proceeding.periods:
        if period.named:
            yield from (_named(period, named, calendar) for named in facts.named.get(period.since, ()))
            continue
        since = facts.dates.get(period.since)
        if since is None or (period.when and not period.when(facts)):
            continue
        spans = facts.spans.get(period.suspended_by, ())
        open_ = any(span.ended is None for span in spans)
        yield Due(period, _counted(period, since, calendar, spans), facts.dates.get(period.done), open_)


def _named(period: Period, named: Named, calendar: Calendar) -> Due:
    """A day that somebody named: it is not moved, and ends at midnight."""
    return Due(period, Deadline(period.name, period.law, named.on, named.on, named.on, calendar), None, about=named.about, to=named.to)


def _counted(period: Period, since: date, calendar: Calendar, spans: Sequence[Span] = ()) -> Deadline | Notice:
    """The period from its first day; while a recourse suspended it, it did not run (CC 2230; CPC 1086, 1100, 1101)."""
    if period.backward:
        return deadlines.backward(period.name, _length(period), since, calendar)
    counted = deadlines.forward(period.name, _length(period), since, calendar)
    return _kept_open(deadlines.suspended(counted, [(span.begun, span.ended) for span in spans if span.ended]))


def _kept_open(deadline: Deadline) -> Deadline:
    """Past the days on which nothing could be sent to this installation (CPC 748-7)."""
    return deadlines.extended(deadline, settings.OUTAGE_DAYS)


def _length(period: Period) -> deadlines.Period:
    return deadlines.Period(days=period.days, months=period.months, law=period.law)


def laid(case: Case, name: str, since: date) -> Due:
    """A period of the declaration, laid on a day of this case, whatever has happened since."""
    period = case.proceeding.period(name)
    return Due(period, _counted(period, since, calendar_of(case)), None)


def earliest(case: Case, name: str) -> date:
    """The first day before which there is still time, from the present one, for a period that runs backward."""
    return _length(case.proceeding.period(name)).after(clock.today(case.zone))


def recourse_for(case: Case, facts: Facts, name: str, living: str) -> Deadline | None:
    """The time for recourse of a spouse, longer for those far away: one month overseas, two abroad (CPC 643, 644)."""
    period = case.proceeding.period(name)
    since = facts.dates.get(period.since)
    if since is None:
        return None
    court = deadlines.territory_of(case.court.postal_code) if case.court else deadlines.METROPOLE
    months = deadlines.months_for_distance(court, living) if period.abroad else 0
    return _kept_open(deadlines.forward(name, _length(period).longer(months), since, calendar_of(case)))


def last_recourse(case: Case, facts: Facts, name: str) -> Deadline | None:
    """The longest of the spouses' times for recourse: when it is over, none is open any more."""
    found = [recourse_for(case, facts, name, spouse.living) for spouse in facts.spouses]
    return max((deadline for deadline in found if deadline), key=lambda deadline: deadline.end, default=None)


def recourse_over(case: Case, facts: Facts) -> bool:
    """Whether the time for recourse against the last decision has run out for every spouse."""
    last = last_recourse(case, facts, RECOURSES[facts.decided]) if facts.decided else None
    return last is not None and last.passed(clock.now())

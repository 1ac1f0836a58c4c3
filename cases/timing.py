"""The deadlines of a case: the periods its proceeding declares, laid on its dates, in its court's calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend import clock
from cases import deadlines
from cases.deadlines import Calendar, Deadline, Notice
from cases.models import Case
from cases.proceedings.declare import Period
from cases.proceedings.facts import Facts

RECOURSES = {"appeal": "adjourned", "appeal-of-lapse": "lapsed", "cassation": "homologated"}


@dataclass(frozen=True)
class Due:
    """One deadline of a case, as people see it."""

    period: Period
    counted: Deadline | Notice
    done_on: date | None
    suspended: bool = False

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
        since = facts.dates.get(period.since)
        if since is None or (period.when and not period.when(facts)):
            continue
        yield Due(period, _counted(period, since, calendar), facts.dates.get(period.done), _suspended(period, facts))


def _counted(period: Period, since: date, calendar: Calendar) -> Deadline | Notice:
    length = deadlines.Period(days=period.days, months=period.months, law=period.law)
    count: Any = deadlines.backward if period.backward else deadlines.forward
    counted: Deadline | Notice = count(period.name, length, since, calendar)
    return counted


def _suspended(period: Period, facts: Facts) -> bool:
    """An appeal against the adjournment suspends the six months (CPC 1100, 1101)."""
    return period.name == "new-agreement" and "appeal-of-adjournment" in facts.dates and "appeal-of-adjournment-ended" not in facts.dates


def recourse_for(case: Case, facts: Facts, name: str, living: str) -> Deadline | None:
    """The time for recourse of a spouse, longer for those far away: one month overseas, two abroad (CPC 643, 644)."""
    period = next(period for period in case.proceeding.periods if period.name == name)
    since = facts.dates.get(period.since)
    if since is None:
        return None
    court = deadlines.territory_of(case.court.postal_code) if case.court else deadlines.METROPOLE
    months = deadlines.months_for_distance(court, living) if period.abroad else 0
    length = deadlines.Period(days=period.days, months=period.months, law=period.law).longer(months)
    return deadlines.forward(name, length, since, calendar_of(case))


def last_recourse(case: Case, facts: Facts, name: str) -> Deadline | None:
    """The longest of the spouses' times for recourse: when it is over, none is open any more."""
    found = [recourse_for(case, facts, name, spouse.living) for spouse in facts.spouses]
    return max((deadline for deadline in found if deadline), key=lambda deadline: deadline.end, default=None)

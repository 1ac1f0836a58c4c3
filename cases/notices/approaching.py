"""The dates of cases that approach: who is told, seven days and one day before, and whether it still stands."""

from collections.abc import Iterator

from backend import clock
from backend.people.actor import Actor
from backend.people.models import User
from cases import access, facts, timing
from cases.models import Case
from cases.notices import recipients
from cases.notices.models import Notice
from cases.proceedings.facts import Facts
from cases.timing import Due

DAYS_BEFORE = (7, 1)


def notices(case: Case, known: Facts) -> Iterator[Notice]:
    """The notices a case owes on this day, each person's once for each date and nearness; not saved. Takes a case with its people."""
    for due in timing.dues(case, known):
        near = nearness(case, due) if due.open else None
        if near is None:
            continue
        for user in recipients.of_date(case, due):
            yield Notice(case=case, kind=f"date.{due.period.name}.{near}", user=user, email=user.email, on=due.on)


def nearness(case: Case, due: Due) -> int | None:
    """The smallest of DAYS_BEFORE that this date has come within; None while it is further off."""
    left = (due.on - clock.today(case.zone)).days
    return min((days for days in DAYS_BEFORE if left <= days), default=None)


def period_of(notice: Notice) -> str:
    """The name of the period a notice "date.<name>.<days>" speaks of."""
    return notice.kind.split(".")[1]


def still_due(notice: Notice, case: Case, user: User) -> bool:
    """Whether the date still stands, is still to be kept, and concerns this person."""
    if case.closed_at or not user.is_active:
        return False
    name, mine = period_of(notice), access.standing(Actor.of(user), case)
    same = [due for due in timing.dues(case, facts.of(case)) if due.period.name == name and due.open and due.on == notice.on]
    return any(mine.is_any(*due.period.who) and due.concerns(user.pk) for due in same)

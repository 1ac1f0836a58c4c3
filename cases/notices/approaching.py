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
        for user in recipients.with_roles(case, due.period.who):
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
    due = None if case.closed_at else timing.due(case, facts.of(case), period_of(notice))
    if due is None or not due.open or due.on != notice.on:
        return False
    return user.is_active and access.standing(Actor.of(user), case).is_any(*due.period.who)

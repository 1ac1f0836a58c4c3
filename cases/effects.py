"""From when the divorce counts: between the spouses, for their property, towards everyone else (CC 260, 262, 262-1)."""

from dataclasses import dataclass
from datetime import date

from backend import clock
from cases import facts, timing
from cases.models import Case, Decision
from cases.proceedings.facts import Facts


@dataclass(frozen=True)
class Effects:
    """The three dates of a divorce; None while one is not known."""

    dissolved_from: date | None
    property_from: date | None
    third_parties_from: date | None


NONE = Effects(None, None, None)
LAWS = {"dissolved": "CC 260 2°", "property_between_spouses": "CC 262-1", "third_parties": "CC 262"}


def effects(case: Case) -> Effects:
    """What the delivered judgment brings about. Nothing without one, or while a recourse is not over."""
    judgment = case.decisions.filter(kind=Decision.Kind.HOMOLOGATION, state=Decision.State.DELIVERED).first()
    if judgment is None:
        return NONE
    known = facts.of(case)
    return Effects(_dissolved(case, known, judgment), agreed(known) or judgment.on, judgment.mentioned_on)


def agreed(known: Facts) -> date | None:
    """The day from which the spouses agreed that the divorce counts for their property (CC 262-1)."""
    return getattr(known.answer("effects-date"), "agreed", None)


def _dissolved(case: Case, known: Facts, judgment: Decision) -> date | None:
    """The first day on which no recourse is open (CC 260 2°)."""
    if judgment.recourses.filter(ended_on=None).exists():
        return None
    last = timing.last_recourse(case, known, "cassation")
    ended = [recourse.ended_on for recourse in judgment.recourses.all() if recourse.ended_on]
    if last is None or not last.passed(clock.now()):
        return None
    return max([last.first_day_after, *ended])

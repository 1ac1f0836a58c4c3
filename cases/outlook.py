"""What a person sees of a case: where it stands, what they may do, what is missing, what comes next and by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from uuid import UUID

from backend.errors import Finding
from backend.people.actor import Actor
from backend.register.models import Entry
from cases import access, facts, timing, twins
from cases.access import Standing
from cases.models import Case, Exhibit, Instrument, Spouse
from cases.proceedings import interpret
from cases.proceedings.declare import Proceeding, Step
from cases.proceedings.facts import Facts
from cases.timing import Due


@dataclass(frozen=True)
class Stage:
    """One stop of the stepper."""

    step: Step
    number: int
    state: str  # "done", "current" or "ahead"


@dataclass(frozen=True)
class Person:
    """Somebody of the case as this reader may see them: contact is None where it is concealed from them."""

    spouse: Spouse
    shows_contact: bool
    mine: bool


@dataclass
class Outlook:
    """A case as one person sees it. Built once per request; its lists are read on demand, each in one query."""

    actor: Actor
    case: Case
    standing: Standing
    facts: Facts
    proceeding: Proceeding
    step: Step
    may: tuple[str, ...]
    dues: tuple[Due, ...]
    people: tuple[Person, ...] = field(default=())

    @cached_property
    def stages(self) -> list[Stage]:
        """The steps on the way, and where this case is among them."""
        shown = [step for step in self.proceeding.steps if step.on_the_way or step.name == self.case.step]
        here = next(index for index, step in enumerate(shown) if step.name == self.case.step)
        return [
            Stage(step, index + 1, "done" if index < here else "current" if index == here else "ahead") for index, step in enumerate(shown)
        ]

    @cached_property
    def findings(self) -> list[Finding]:
        """What stands in the way of the filing, or makes it doubtful, while there is one to make."""
        return interpret.findings(self.proceeding, self.facts)

    @property
    def blockers(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "blocker"]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "warning"]

    @property
    def next_due(self) -> Due | None:
        """The nearest date that somebody still has to keep."""
        return next((due for due in self.dues if due.open), None)

    @property
    def my_turn(self) -> bool:
        return self.step.turn in self.standing.roles

    @cached_property
    def timeline(self) -> list[Entry]:
        """The register, as far as this person may see it, newest first."""
        return list(access.entries(self.actor, self.case).order_by("-seq"))

    @cached_property
    def exhibits(self) -> list[Exhibit]:
        return list(access.exhibits(self.actor, self.case))

    @cached_property
    def twins(self) -> Mapping[UUID, list[Exhibit]]:
        """By exhibit, the others of the same file, to the byte."""
        return twins.among(self.exhibits)

    @cached_property
    def instruments(self) -> list[Instrument]:
        return list(access.instruments(self.actor, self.case))


def outlook(actor: Actor, case: Case) -> Outlook:
    """The case as this person sees it. Takes a case got through `access.case`."""
    mine = access.standing(actor, case)
    known = replace(facts.of(case), reader=actor.user_id)
    return Outlook(
        actor=actor,
        case=case,
        standing=mine,
        facts=known,
        proceeding=case.proceeding,
        step=case.current_step,
        may=tuple(interpret.now(case.proceeding, case.step, mine.roles, known)),
        dues=tuple(timing.dues(case, known)),
        people=tuple(
            Person(spouse, shows_contact=access.sees_contact(actor, case, spouse), mine=spouse.user_id == actor.user_id)
            for spouse in case.spouses.all()
        ),
    )


def settle(case: Case) -> None:
    """Write on the case what lists sort by: whose turn it is, and the nearest date. Called by every action before it commits."""
    case.waits_for = case.current_step.turn
    case.next_due = _nearest(case)


def _nearest(case: Case) -> date | None:
    if case.current_step.ends:
        return None
    known = facts.of(case)
    running = [due.on for due in timing.dues(case, known) if due.open]
    hearing = known.dates.get("hearing")
    return min([*running, *([hearing] if hearing and hearing >= known.today else [])], default=None)

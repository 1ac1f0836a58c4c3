"""The facts of a case as the rules read them: a frozen value, built once from rows, answers and dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from cases.proceedings.questions import Answered


def is_minor(born: date, on: date) -> bool:
    """Under eighteen on that day (CC 388)."""
    eighteen = born.replace(year=born.year + 18) if (born.month, born.day) != (2, 29) else date(born.year + 18, 3, 1)
    return on < eighteen


@dataclass(frozen=True)
class SpouseFacts:
    id: UUID
    side: int
    name: str
    complete: Mapping[str, bool]
    postal_code: str
    country: str
    protected_adult: str
    protection_request_pending: bool
    legal_aid: str
    living: str = "mainland"  # mainland, overseas or abroad (CPC 643, 644)

    @property
    def has_legal_aid(self) -> bool:
        return self.legal_aid != "none"


@dataclass(frozen=True)
class ChildFacts:
    id: UUID
    name: str
    born: date
    discernment: bool | None
    informed_on: date | None
    asks_to_be_heard: bool | None
    form_dated: date | None
    form_signed: bool
    heard: bool | None = None  # True heard, False refused, None not yet

    def minor(self, on: date) -> bool:
        return is_minor(self.born, on)


@dataclass(frozen=True)
class CounselFacts:
    id: UUID
    name: str
    sides: tuple[int, ...]


@dataclass(frozen=True)
class ExhibitFacts:
    id: UUID
    kind: str
    side: int
    about: UUID | None
    dated: date | None
    form: str
    there: bool
    ready: bool
    communicated: bool


RECOURSES = {"homologation": "cassation", "adjournment": "appeal-of-adjournment", "lapse": "appeal-of-lapse"}  # by kind of decision


@dataclass(frozen=True)
class Span:
    """A time during which something was open; without an end, it still is."""

    begun: date
    ended: date | None = None


@dataclass(frozen=True)
class Named:
    """A last day named by whoever asked: `about` the question, or the person invited; `to` those who answer, where they have an account."""

    on: date
    about: UUID | None
    to: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Facts:
    """All that a predicate may look at. `today` is the day in the court's zone."""

    today: date
    spouses: tuple[SpouseFacts, ...]
    children: tuple[ChildFacts, ...]
    counsels: tuple[CounselFacts, ...]
    exhibits: tuple[ExhibitFacts, ...]
    answers: Mapping[tuple[str, UUID | None], Answered]
    dates: Mapping[str, date] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    court: Any = None
    competent_courts: tuple[UUID, ...] = ()
    signed: frozenset[str] = frozenset()  # the kinds of instrument every signer has signed
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)  # when each recourse of a name was open
    named: Mapping[str, tuple[Named, ...]] = field(default_factory=dict)  # the answers awaited, by what was asked
    awaited: frozenset[UUID] = frozenset()  # those whose signature is awaited
    way: str = ""  # in which way they sign: "apart", "together" or "paper"
    decided: str = ""  # the kind of the last decision delivered
    certified: bool = False  # that no recourse is open against it
    drafted: str = ""  # the kind of the decision being drafted or signed
    pronounced: bool = False  # it is signed, and on its way
    recourse_over: bool = False  # the time for recourse against the last decision has run out for every spouse
    reader: UUID | None = None  # who asks

    def answer(self, topic: str, about: UUID | None = None) -> Any:
        return self.answers.get((topic, about))

    @property
    def recourses(self) -> tuple[Span, ...]:
        """Those against the last decision."""
        return self.spans.get(RECOURSES.get(self.decided, ""), ())

    @property
    def minors(self) -> tuple[ChildFacts, ...]:
        return tuple(child for child in self.children if child.minor(self.today))

    @property
    def minors_asking(self) -> tuple[ChildFacts, ...]:
        return tuple(child for child in self.minors if child.asks_to_be_heard)

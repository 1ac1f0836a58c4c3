"""The words a proceeding is declared with. Values only: one small interpreter (`interpret`) reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from cases.proceedings.facts import Facts
    from cases.proceedings.questions import Topic

Text = str | Promise
Predicate = Callable[["Facts"], bool]
Subjects = Callable[["Facts"], Iterable[Any]]

PARTY, LAWYER, STAFF, CLERK, JUDGE, PLATFORM = "party", "lawyer", "staff", "clerk", "judge", "platform"
BLOCK, WARN = "blocker", "warning"


@dataclass(frozen=True)
class When:
    """A condition on the facts with its article, the reason told to people, and what they can do."""

    holds: Predicate
    law: str
    why: Text
    mend: Text = ""
    code: str = ""
    by: str = "file"
    otherwise: str = BLOCK
    configurable: bool = False


@dataclass(frozen=True)
class Document:
    """A document the proceeding asks for, of whom, when, and by which moment."""

    kind: str
    title: Text
    law: str
    of: Subjects | None = None  # None: the case as a whole
    when: Predicate | None = None
    by: str = "file"
    otherwise: str = BLOCK
    at_most_months: int | None = None  # older: a warning (practice)
    form: Callable[[Facts], str] | None = None  # "notarial" where it must be
    why: Text = ""
    mend: Text = ""
    configurable: bool = False


@dataclass(frozen=True)
class Period:
    """A time that runs from an event of the case, in days or months (CPC 641), for somebody to do something."""

    name: str
    title: Text
    law: str
    since: str  # the name of a date in the facts
    days: int = 0
    months: int = 0
    who: Sequence[str] = ()
    done: str = ""  # the date in the facts that ends the waiting
    named: bool = False  # its last day is named by whoever asks, each time, rather than counted
    suspended_by: str = ""  # during which it stands still: a name among the spans of the facts
    when: Predicate | None = None
    backward: bool = False
    abroad: bool = False  # grows for those living overseas and abroad (CPC 643, 644)
    configurable: bool = False


@dataclass(frozen=True)
class Retention:
    """How long the documents of a case that ended with this outcome are kept, from the day it was closed. Practice: a setting may say otherwise.

    The originals of identity papers go as soon as the case is closed; `copies`: whether their marked copies stay as long as the rest.
    """

    outcome: str
    months: int
    title: Text
    law: str
    copies: bool = True


@dataclass(frozen=True)
class Step:
    """A step: who may do what in it, and where each event leads."""

    name: str
    title: Text
    plain: Text  # what happens here, for a party
    may: Mapping[str, Sequence[str]]
    then: Mapping[str, str] = field(default_factory=dict)
    signs: Sequence[str] = ()  # the kinds of instrument whose signature is opened from here
    turn: str = ""  # whose turn it is
    law: str = ""
    on_the_way: bool = True  # shown in the stepper even before it is reached
    ends: bool = False

    def offers(self, action: str) -> bool:
        """Whether anybody may do this at this step."""
        return any(action in names for names in self.may.values())


@dataclass(frozen=True)
class Proceeding:
    """A kind of proceeding, in one version. A published version is frozen."""

    kind: str
    version: int
    law: str
    title: Text
    plain: Text
    open_when: Sequence[When]
    excluded: Sequence[When]
    needs: Sequence[When]
    doubts: Sequence[When]
    topics: Sequence[Topic]
    requires: Sequence[Document]
    steps: Sequence[Step]
    throughout: Mapping[str, Sequence[str]]
    periods: Sequence[Period]
    provided: Mapping[str, Sequence[When]] = field(default_factory=dict)  # what an act asks of the facts beside the step
    retention: Sequence[Retention] = ()
    signers: Sequence[str] = (PARTY, LAWYER)

    def step(self, name: str) -> Step:
        return next(step for step in self.steps if step.name == name)

    def period(self, name: str) -> Period:
        return next(period for period in self.periods if period.name == name)

    @property
    def first_step(self) -> str:
        return self.steps[0].name

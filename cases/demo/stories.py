"""The forty cases of the demo: where each is left, and what happened in it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, time, timedelta

from backend import clock
from backend.people.models import Organisation, User
from cases import actions
from cases.demo import families
from cases.demo.acting import acting
from cases.demo.cast import Cast
from cases.demo.examples.told import Example
from cases.demo.household import Household
from cases.demo.story import DAYS, Plot, Story
from cases.models import Case, HearingList

TWO = ("Solène", "Ronan")
TISSOT = ("Bérénice",)
KEPT: Sequence[Plot] = (
    Plot("sign", 1, example="01"),
    Plot("check", 0),
    Plot("check", 3, TWO, "taken by another"),
    Plot("check", 2, TISSOT, "question"),
    Plot("open", 1),
    Plot("join", 2, TWO, "one spouse still invited"),
    Plot("join", 5),
    Plot("answer", 3, TISSOT),
    Plot("answer", 6, TWO, "concealed"),
    Plot("bring", 2),
    Plot("draft", 1, TISSOT, "contribution forgotten"),
    Plot("draft", 3),
    Plot("sign", 2, TISSOT),
    Plot("sign", 1),
    Plot("file", 1, TWO),
    Plot("file", 4, twist="contribution forgotten"),
    Plot("check", 1, TWO),
    Plot("check", 4, TISSOT, "contribution forgotten"),
    Plot("check", 2, TWO, "returned"),
    Plot("check", 5, twist="returned"),
    Plot("hear-child", 2),
    Plot("hear-child", 5, TWO),
    Plot("schedule", 1),
    Plot("schedule", 3, TWO),
    Plot("hear", 2),
    Plot("hear", 4, TISSOT),
    Plot("hear", 9, TWO, second=True),
    Plot("hear", 33),
    Plot("hear", 35, TISSOT, second=True),
    Plot("decided", 6, TWO, "adjourned", second=True),
    Plot("decided", 60, twist="adjourned"),
    Plot("decided", 200, twist="lapsed"),
    Plot("recourse", 4),
    Plot("recourse", 30, TISSOT, second=True),
    Plot("closed", 12, TWO),
    Plot("closed", 40),
    Plot("check", 6, TISSOT, "withdrawn"),
    Plot("closed", example="02"),
    Plot("decided", example="03"),
    Plot("answer", example="04"),
)
FIRST = 4  # of these, so that nearly everyone who signs in has something to look at
LISTS_FROM, LISTS_UNTIL, MADE_BEFORE = 260, 70, 60
TUESDAY, THURSDAY = 1, 3


def plots(more: int = 0) -> Iterator[tuple[int, Plot]]:
    """The forty and `more` filings that wait for a clerk, in the order of their play; each with the number of its household.

    The first few have no RG number yet; then come the examples, whose courts have numbers of their own; the others follow from the
    oldest on, so that the numbers follow the days.
    """
    numbered = list(enumerate((*KEPT, *(Plot("check", number % 9) for number in range(more)))))
    yield from numbered[:FIRST]
    yield from sorted(numbered[FIRST:], key=lambda pair: (not pair[1].example, pair[1].example, -(DAYS[pair[1].until] + pair[1].rests)))


def make_lists(cast: Cast, today: date) -> None:
    """A hearing list each Tuesday, and each second Thursday in the second section, made two months before."""
    for back in range(-LISTS_FROM, LISTS_UNTIL):
        day = today + timedelta(days=back)
        if day.weekday() == TUESDAY:
            _make_list(cast, cast.chamber, cast.user("Jeanne"), day, back)
        elif day.weekday() == THURSDAY and day.isocalendar().week % 2:
            _make_list(cast, cast.second_chamber, cast.user("Marc"), day, back)


def _make_list(cast: Cast, chamber: Organisation, judge: User, day: date, back: int) -> None:
    if HearingList.objects.filter(chamber=chamber, on=day).exists():
        return
    with clock.at(clock.now() - timedelta(days=max(MADE_BEFORE, MADE_BEFORE - back))):
        actions.hearing.make_list(acting(judge), cast.book, chamber=chamber.pk, on=day, starts=time(9, 30), room="Salle 3", judge=judge.pk)


def home_of(cast: Cast, number: int, plot: Plot, today: date) -> tuple[Household, Callable[[], Case]]:
    """The household of a plot, and how its case is played."""
    if plot.example:
        told = Example(cast, plot.example, today)
        return told.home, told.play
    home = families.household(number, today)
    return home, Story(cast, plot, home, today).play

"""The forty cases of the demo: where each is left, and what happened in it."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta

from backend import clock
from cases import actions
from cases.demo.acting import acting
from cases.demo.cast import Cast
from cases.demo.story import DAYS, Plot
from cases.models import HearingList

TWO = ("Solène", "Ronan")
TISSOT = ("Bérénice",)
KEPT: Sequence[Plot] = (
    Plot("sign", 1, TWO, "one has signed"),
    Plot("check", 0),
    Plot("check", 3, twist="taken by another"),
    Plot("check", 2, TISSOT, "question"),
    Plot("open", 1),
    Plot("open", 4, TISSOT),
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
    Plot("file", 2, TISSOT),
    Plot("file", 4, twist="contribution forgotten"),
    Plot("check", 1, TWO),
    Plot("check", 4, TISSOT, "contribution forgotten"),
    Plot("check", 2, TWO, "returned"),
    Plot("check", 5, twist="returned"),
    Plot("hear-child", 2),
    Plot("hear-child", 5, TWO),
    Plot("hear-child", 9, TISSOT),
    Plot("schedule", 1),
    Plot("schedule", 3, TWO),
    Plot("hear", 2),
    Plot("hear", 4, TISSOT),
    Plot("hear", 9, TWO),
    Plot("hear", 33),
    Plot("hear", 35, TISSOT),
    Plot("decided", 6, TWO, "adjourned"),
    Plot("decided", 60, twist="adjourned"),
    Plot("decided", 200, twist="lapsed"),
    Plot("recourse", 4),
    Plot("recourse", 30, TISSOT),
    Plot("closed", 12, TWO),
    Plot("closed", 40),
    Plot("check", 6, TISSOT, "withdrawn"),
)
FIRST = 4  # of these, so that nearly everyone who signs in has something to look at
LISTS_FROM, LISTS_UNTIL, MADE_BEFORE = 260, 70, 60


def plots(more: int = 0) -> Iterator[tuple[int, Plot]]:
    """The forty and `more` filings that wait for a clerk, in the order of their play; each with the number of its household.

    The first few have no RG number yet; the others follow from the oldest on, so that the numbers follow the days.
    """
    numbered = list(enumerate((*KEPT, *(Plot("check", number % 9) for number in range(more)))))
    yield from numbered[:FIRST]
    yield from sorted(numbered[FIRST:], key=lambda pair: -(DAYS[pair[1].until] + pair[1].rests))


def make_lists(cast: Cast, today: date) -> None:
    """A hearing list each Tuesday, made two months before."""
    judge = cast.user("Jeanne")
    for back in range(-LISTS_FROM, LISTS_UNTIL):
        day = today + timedelta(days=back)
        if day.weekday() != 1 or HearingList.objects.filter(chamber=cast.chamber, on=day).exists():
            continue
        with clock.at(clock.now() - timedelta(days=max(MADE_BEFORE, MADE_BEFORE - back))):
            actions.hearing.make_list(
                acting(judge), cast.book, chamber=cast.chamber.pk, on=day, starts=time(9, 30), room="Salle 3", judge=judge.pk
            )

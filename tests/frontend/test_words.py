"""Days, delays and sizes, as the French and the English say them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from backend import clock
from frontend import words

MONDAY = date(2026, 12, 7)


def test_a_day_has_its_name_and_the_first_is_the_1er() -> None:
    with translation.override("fr"):
        assert words.day_words(MONDAY) == "lundi 7 décembre 2026"
        assert words.day_words(date(2027, 3, 1)) == "lundi 1er mars 2027"
    with translation.override("en"):
        assert words.day_words(MONDAY) == "Monday 7 December 2026"


def test_a_moment_is_told_where_the_court_sits() -> None:
    late = datetime(2026, 12, 7, 23, 30, tzinfo=UTC)

    with translation.override("fr"):
        assert words.time_words(late) == "0\u00a0h\u00a030"
        assert words.day_words(late) == "mardi 8 décembre 2026"
        assert words.day_words(late, "America/Martinique") == "lundi 7 décembre 2026"


@pytest.mark.parametrize(
    ("day", "said", "pressing"),
    [
        (date(2026, 12, 6), "1 day ago", "past"),
        (date(2026, 12, 7), "today", "soon"),
        (date(2026, 12, 8), "tomorrow", "soon"),
        (date(2026, 12, 19), "in 12 days", "near"),
        (date(2027, 2, 1), "in 56 days", "far"),
    ],
)
def test_how_far_a_day_is(day: date, said: str, pressing: str) -> None:
    with translation.override("en"), clock.at(datetime(2026, 12, 7, 9, tzinfo=UTC)):
        assert words.days_left(day) == said
        assert words.urgency(day) == pressing


@pytest.mark.parametrize(("size", "said"), [(1, "1 byte"), (900, "900 bytes"), (820_000, "820\u00a0kB"), (1_240_000, "1.2\u00a0MB")])
def test_the_weight_of_a_file(size: int, said: str) -> None:
    with translation.override("en"):
        assert words.size_words(size) == said

"""French dates are found in the text of an act however they are written, and nothing else is taken for one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.checks import dates

MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]
UNITS = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
]
TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}


def below_hundred(number: int) -> str:
    if number <= 16:
        return UNITS[number]
    if number < 20:
        return f"dix-{UNITS[number - 10]}"
    if number >= 80:
        return "quatre-vingts" if number == 80 else f"quatre-vingt-{below_hundred(number - 80)}"
    ten = 60 if number >= 60 else number // 10 * 10
    rest = number - ten
    if not rest:
        return TENS[ten]
    return f"{TENS[ten]}{' et ' if rest in (1, 11) else '-'}{below_hundred(rest)}"


def spelt(number: int, *, thousand: str = "mille") -> str:
    """A number in words, as an act of civil status writes it."""
    thousands, rest = divmod(number, 1000)
    hundreds, rest = divmod(rest, 100)
    parts = [thousand if thousands == 1 else f"{UNITS[thousands]} mille"] if thousands else []
    if hundreds:
        parts.append("cent" if hundreds == 1 else f"{UNITS[hundreds]} cent{'' if rest else 's'}")
    return " ".join([*parts, below_hundred(rest)] if rest else parts)


def found(text: str) -> list[date]:
    return [one.on for one in dates.written(dates.flat(text))]


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)), st.sampled_from(["mille", "mil"]))
def test_any_date_is_found_in_words_and_in_figures(day: date, thousand: str) -> None:
    first = "premier" if day.day == 1 else spelt(day.day)
    in_words = f"{first} {MONTHS[day.month - 1]} {spelt(day.year, thousand=thousand)}"
    number = "1er" if day.day == 1 else str(day.day)
    for text in (
        in_words,
        in_words.upper(),
        f"{number} {MONTHS[day.month - 1]} {day.year}",
        f"{day:%d/%m/}{day.year}",
        f"{day:%d.%m.}{day.year}",
    ):
        assert found(f"Fait à Rouen, le {text}, lecture faite.") == [day]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le quatorze juin mil neuf cent quatre-vingt-un à quinze heures trente", [date(1981, 6, 14)]),
        ("le douze mars\ndeux mille vingt-six, devant nous", [date(2026, 3, 12)]),
        ("né le 3 NOVEMBRE 2012 ; délivré le 12 - 03 - 2026", [date(2012, 11, 3), date(2026, 3, 12)]),
        ("le vingt et un août deux mille", [date(2000, 8, 21)]),
        ("le soixante mars deux mille", []),
        ("31/02/2020", []),
        ("29/02/2023 et 29/02/2024", [date(2024, 2, 29)]),
        ("acte n° 12/03/20261, page 3.4.20", []),
        ("12/03-2026", []),
        ("en mars 2026, mars deux mille", []),
    ],
)
def test_what_is_a_date_and_what_is_not(text: str, expected: list[date]) -> None:
    assert found(text) == expected


def test_a_date_is_quoted_as_it_stands() -> None:
    text = "À Évreux, né le TROIS Août deux mille six"
    (one,) = dates.written(dates.flat(text))
    assert text[one.start : one.end] == "TROIS Août deux mille six"


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert len(dates.flat(text)) == len(text)
    assert all(text[one.start : one.end] for one in dates.written(dates.flat(text)))

"""French dates in the text of an act: in figures, in words, or both: "12/03/2026", "1er mars 2026", "le douze mars deux mille vingt-six"."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTHS = ["janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"]
UNITS = [
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
TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80, "nonante": 90}
VALUES = {"premier": 1, "une": 1, **{word: number for number, word in enumerate(UNITS, 1)}, **TENS}
NUMBER = "|".join(sorted({*VALUES, "cent", "cents", "vingts", "mil", "mille", "et"}, key=len, reverse=True))
IN_WORDS = rf"(?:(?:{NUMBER})[\s-]+){{0,12}}(?:{NUMBER})"
FIGURES = re.compile(r"(?<!\d)(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)")
NAMED = re.compile(rf"(?<!\d)(\d{{1,2}})(?:er|°|e)?\s+({'|'.join(MONTHS)})\s+(\d{{4}})(?!\d)")
WORDS = re.compile(rf"\b({IN_WORDS})\s+({'|'.join(MONTHS)})\s+({IN_WORDS})\b")


@dataclass(frozen=True)
class Written:
    """A date as it is written: what it is, where it begins and ends in the text."""

    on: date
    start: int
    end: int


def written(text: str) -> list[Written]:
    """Every date of a text, in its order. `text` is as `flat` makes it."""
    found = {(one.start, one.end): one for one in _found(text)}
    return sorted(found.values(), key=lambda one: one.start)


def flat(text: str) -> str:
    """The text in small letters without accents, each character in its place: what is found in it can be quoted from the original."""
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    if character in "’ʼ":
        return "'"
    plain = unicodedata.normalize("NFD", character)[0].lower()
    return plain if len(plain) == 1 else character


def _found(text: str) -> Iterator[Written]:
    for match in FIGURES.finditer(text):
        yield from _date(match, match[1], match[3], match[4])
    for match in NAMED.finditer(text):
        yield from _date(match, match[1], str(MONTHS.index(match[2]) + 1), match[3])
    for match in WORDS.finditer(text):
        day, year = number(match[1]), number(match[3])
        yield from _date(match, str(day), str(MONTHS.index(match[2]) + 1), str(year))


def _date(match: re.Match[str], day: str, month: str, year: str) -> Iterator[Written]:
    try:
        yield Written(date(int(year), int(month), int(day)), match.start(), match.end())
    except ValueError:
        return  # no such day


def number(words: str) -> int:
    """A number in French words, up to 9999; 0 where they are not one: "mil neuf cent quatre-vingt-dix-sept" is 1997."""
    total = part = 0
    for word in re.split(r"[\s-]+", words.strip()):
        if word in ("mil", "mille"):
            total, part = total + (part or 1) * 1000, 0
        elif word in ("cent", "cents"):
            part = (part or 1) * 100
        elif word in ("vingt", "vingts") and part % 100 == 4:
            part += 76
        elif word in VALUES:
            part += VALUES[word]
        elif word != "et":
            return 0
    return total + part

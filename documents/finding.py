"""Finding words in a document: on which pages, how often, in which words around; however they are printed and typed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from documents import reading
from documents.models import Version

SPACES = re.compile(r"\s+")
AROUND = 40  # characters shown on each side of what was found
TYPED = str.maketrans("\u2018\u2019\u02bc\u2010\u2013\u2014", "'''---", "\u00ad")  # what is printed, as one types it


@dataclass(frozen=True)
class Hit:
    """A page on which the words are: how often, and the first time with what stands just before and after. `by_eye`: as recognised in a picture."""

    page: int
    count: int
    before: str
    found: str
    after: str
    by_eye: bool


def find(version: Version, words: str) -> list[Hit]:
    """The pages that have these words, in order. Raises NotNow while the document is still being read."""
    return among(reading.whole(version), words)


def among(pages: Iterable[reading.Page], words: str) -> list[Hit]:
    """Those of these pages that have these words, in order."""
    wanted, _places = folded(words.strip())
    return [hit for page in pages if (hit := _hit(page, wanted))] if wanted else []


def folded(text: str) -> tuple[str, list[int]]:
    """The text as one types it: in small letters without accents, apostrophes straight, dashes short, spaces and ends of lines as one space.

    With the place in the text of each of its letters.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, letter in _plain(text):
        if letter != " " or letters[-1:] != [" "]:
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def _plain(text: str) -> Iterator[tuple[int, str]]:
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter.casefold()).translate(TYPED):
            if not unicodedata.combining(part):
                yield place, " " if part.isspace() else part


def _hit(page: reading.Page, wanted: str) -> Hit | None:
    plain, places = folded(page.text)
    start = plain.find(wanted)
    if start < 0:
        return None
    first, last = places[start], places[start + len(wanted) - 1] + 1
    parts = (page.text[max(0, first - AROUND) : first], page.text[first:last], page.text[last : last + AROUND])
    before, found, after = (SPACES.sub(" ", part) for part in parts)
    return Hit(page.number, plain.count(wanted), before, found, after, page.by_eye)

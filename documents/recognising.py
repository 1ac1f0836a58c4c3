"""Reading a picture of a page by eye, with tesseract where it is installed: held back like a parser, and never quite sure."""

import csv
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from documents.sandbox import Failed, Limits, programs
from documents.sandbox.programs import Program

LANGUAGES = ("fra", "eng")  # the first that is installed
LIMITS = Limits(cpu=60, wall=90.0)
SIDE = 10_000  # a page's width, and its height, in the units its lines are placed in


@dataclass(frozen=True)
class Line:
    """What is written on one line, its paragraph, and its box: left, top, width and height in ten-thousandths of the picture."""

    paragraph: tuple[str, ...]
    text: str
    box: tuple[int, int, int, int]


def able() -> bool:
    """Whether pictures can be read on this machine."""
    return bool(_language()) and programs.able()


def lines(picture: bytes) -> tuple[Line, ...]:
    """What is written on a picture (PNG), and where; nothing where nothing is recognised."""
    command = ["/usr/bin/env", "OMP_THREAD_LIMIT=1", "tesseract", "{input}", "{folder}/words", "-l", _language(), "tsv"]
    try:
        said = programs.run(Program(command, input="page.png", output="words.tsv", limits=LIMITS), picture)
    except Failed:
        return ()
    rows = list(csv.DictReader(said.decode("utf-8", "replace").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(_lines(rows))


def text(found: tuple[Line, ...]) -> str:
    """The lines as one text: paragraphs stand apart."""
    paragraphs = groupby(found, key=lambda line: line.paragraph)
    return "\n\n".join("\n".join(line.text for line in together) for _paragraph, together in paragraphs)


def _lines(rows: list[dict[str, str]]) -> Iterator[Line]:
    """Tesseract says one row for each word, after rows for the page and for what holds it."""
    page = next((row for row in rows if row["level"] == "1"), None)
    spoken = [row for row in rows if (row["text"] or "").strip()]
    if page is None:
        return
    scales = [SIDE / max(1, int(page[side])) for side in ("width", "height")]
    for (*paragraph, _line), words in groupby(spoken, key=lambda row: tuple(row[part] for part in ("block_num", "par_num", "line_num"))):
        together = list(words)
        yield Line(tuple(paragraph), " ".join(row["text"].strip() for row in together), _box(together, scales))


def _box(words: list[dict[str, str]], scales: list[float]) -> tuple[int, int, int, int]:
    """The box that holds them all."""
    across, down = scales
    sides = [tuple(int(word[side]) for side in ("left", "top", "width", "height")) for word in words]
    left, top = min(one[0] for one in sides), min(one[1] for one in sides)
    right, bottom = max(one[0] + one[2] for one in sides), max(one[1] + one[3] for one in sides)
    return round(left * across), round(top * down), round((right - left) * across), round((bottom - top) * down)


@cache
def _language() -> str:
    """The language read here; empty where tesseract, or its knowledge of any, is missing."""
    if not shutil.which("tesseract"):
        return ""
    known = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False).stdout.split()
    return next((language for language in LANGUAGES if language in known), "")

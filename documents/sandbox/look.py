"""Looking at the pages of a PDF, inside the limited process: which show nothing, which are too coarse to be read, which have text, in what language."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import pypdfium2
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE, FPDF_TEXTRENDERMODE_INVISIBLE, FPDFTextObj_GetTextRenderMode

from documents.sandbox.bands import free

LONG_SIDE = 420  # pixels: enough to see that something is there
FAINT = 24  # levels of grey that paper and scanners make by themselves
BLANK_SHARE = 0.0002  # of the page, as black as ink: a page number is less, a short line of print more
MARGIN = 0.03  # of a side: where a scanner leaves its shadow
COARSE_DPI = 100  # below, small print cannot be read
COVERS = 0.5  # of the page: a picture this large is the page itself
POINTS = 72  # per inch
SAMPLE = 4000  # characters of a page that tell its language
WORD = re.compile(r"[^\W\d_]+")

FRENCH = "le la les de des du et en un une est dans que qui pour au aux par sur pas ne ce cette il elle nous vous à ou né née"
ENGLISH = "the of and to in is that for it on with as are was be at by this from or an which have not their were"
COMMON_WORDS = {"fr": frozenset(FRENCH.split()), "en": frozenset(ENGLISH.split())}


def look(content: BinaryIO, *, output: BinaryIO, first: int, count: int) -> dict[str, Any]:
    """Of `count` pages from page `first` (from 1): the numbers of those that are `blank`, `coarse`, have `text`; and words counted by language.

    With the last page comes what is `free` of it.
    """
    document = pypdfium2.PdfDocument(content)
    document.init_forms()
    seen: dict[str, list[int]] = {"blank": [], "coarse": [], "text": []}
    words: Counter[str] = Counter()
    for number in range(first, min(len(document), first - 1 + count) + 1):
        for what in _shown(document, number, words):
            seen[what].append(number)
    return {**seen, "words": words, "free": _free(document) if first - 1 + count >= len(document) else []}


def _free(document: pypdfium2.PdfDocument) -> list[tuple[int, int]]:
    try:
        return free(document)
    except pypdfium2.PdfiumError:
        return []


def _shown(document: pypdfium2.PdfDocument, number: int, words: Counter[str]) -> Iterator[str]:
    """What is to be said of one page. One that cannot be drawn shows nothing."""
    try:
        page = document[number - 1]
        text = _text(page)
        words.update(_languages(text))
        said = {"blank": _blank(page), "coarse": _coarse(page), "text": bool(text.strip())}
        yield from (what for what, so in said.items() if so)
        page.close()
    except pypdfium2.PdfiumError:
        yield "blank"


def _blank(page: pypdfium2.PdfPage) -> bool:
    """Whether hardly anything differs from the colour of the paper."""
    picture = page.render(scale=LONG_SIDE / max(1, *page.get_size()), grayscale=True).to_pil()
    wide, tall = picture.size
    inside = picture.convert("L").crop((int(wide * MARGIN), int(tall * MARGIN), int(wide * (1 - MARGIN)) + 1, int(tall * (1 - MARGIN)) + 1))
    levels = inside.histogram()
    paper = max(range(256), key=levels.__getitem__)
    ink = sum(count * abs(level - paper) for level, count in enumerate(levels) if abs(level - paper) > FAINT)
    return ink < BLANK_SHARE * 255 * sum(levels)


def _coarse(page: pypdfium2.PdfPage) -> bool:
    """Whether the page is a picture with too few points per inch, and nothing written over it."""
    area = page.get_width() * page.get_height()
    found = False
    for item in page.get_objects():
        if item.type == FPDF_PAGEOBJ_IMAGE:
            across, down = _sides(item)
            wide, tall = item.get_px_size()
            if across * down >= COVERS * area:
                found = found or min(wide / across, tall / down) * POINTS < COARSE_DPI
        elif isinstance(item, pypdfium2.PdfTextObj) and FPDFTextObj_GetTextRenderMode(item) != FPDF_TEXTRENDERMODE_INVISIBLE:
            return False
    return found


def _sides(item: pypdfium2.PdfObject) -> tuple[float, float]:
    """How wide and tall a picture is on the page, in points, through every form it lies in."""
    placed, holder = item.get_matrix(), item.container
    while holder is not None:
        placed, holder = placed.multiply(holder.get_matrix()), holder.container
    a, b, c, d, _, _ = placed.get()
    return (a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5


def _text(page: pypdfium2.PdfPage) -> str:
    textpage = page.get_textpage()
    try:
        return textpage.get_text_range(0, min(SAMPLE, textpage.count_chars()))
    finally:
        textpage.close()


def _languages(text: str) -> Mapping[str, int]:
    """How many words there are, and how many are among the commonest of each language."""
    words = [word.lower() for word in WORD.findall(text)]
    return {"all": len(words), **{name: sum(word in common for word in words) for name, common in COMMON_WORDS.items()}}

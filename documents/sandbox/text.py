"""The text of the pages of a PDF, inside the limited process."""

import ctypes
import json
from typing import Any, BinaryIO

import pypdf
import pypdfium2
import pypdfium2.raw

CHARACTERS = 20_000  # kept of one page
DPI, LONGEST = 300, 5000  # of the picture that is read by eye; pixels
POINTS = 72  # per inch
RUNS = 5_000  # of text kept of one page
SIDE = 10_000  # a page's width, and its height, in the units its runs are placed in


def text(content: BinaryIO, *, output: BinaryIO, first: int, count: int) -> dict[str, Any]:
    """The text (UTF-8) of `count` pages from page `first` (from 1), one after the other in `output`; their sizes in bytes, in order.

    A page that has no text, or none that can be read, takes none.
    """
    pages = pypdf.PdfReader(content).pages
    texts = (_of(pages[index]) for index in range(first - 1, min(len(pages), first - 1 + count)))
    return {"sizes": [output.write(text.encode("utf-8", "replace")) for text in texts]}


def _of(page: pypdf.PageObject) -> str:
    try:
        return page.extract_text()[:CHARACTERS]
    except MemoryError:
        raise
    except Exception:  # a page that pypdf cannot read has no text: the others have theirs
        return ""


def picture(content: BinaryIO, *, output: BinaryIO, number: int) -> dict[str, Any]:
    """A page as a grey picture (PNG) that a program can read by eye, and its size in points."""
    page = pypdfium2.PdfDocument(content)[number - 1]
    scale = min(DPI / POINTS, LONGEST / max(1, *page.get_size()))
    page.render(scale=scale, grayscale=True).to_pil().save(output, "PNG", dpi=(scale * POINTS, scale * POINTS))
    return {"size": page.get_size()}


def runs(content: BinaryIO, *, output: BinaryIO, number: int) -> dict[str, Any]:
    """Where the text of a page is seen, in `output` as JSON: each run with its left, top, width and height in ten-thousandths of the page."""
    page = pypdfium2.PdfDocument(content)[number - 1]
    text = page.get_textpage()
    placed, left = [], CHARACTERS
    for index in range(min(text.count_rects(), RUNS)):
        edges = text.get_rect(index)
        said = text.get_text_bounded(*edges).strip()[:left]
        left -= len(said)
        if said:
            placed.append([said, *_seen(page, *edges)])
    output.write(json.dumps(placed, ensure_ascii=False).encode("utf-8", "replace"))
    return {"size": page.get_size()}


def _seen(page: pypdfium2.PdfPage, left: float, bottom: float, right: float, top: float) -> tuple[int, int, int, int]:
    """A box of the page's own coordinates as it is seen once the page is cropped and turned."""
    (x1, y1), (x2, y2) = _point(page, left, top), _point(page, right, bottom)
    return min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1)


def _point(page: pypdfium2.PdfPage, across: float, up: float) -> tuple[int, int]:
    x, y = ctypes.c_int(), ctypes.c_int()
    pypdfium2.raw.FPDF_PageToDevice(page, 0, 0, SIDE, SIDE, 0, across, up, ctypes.byref(x), ctypes.byref(y))
    return x.value, y.value

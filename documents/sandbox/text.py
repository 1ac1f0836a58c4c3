"""The text of the pages of a PDF, inside the limited process."""

from typing import Any, BinaryIO

import pypdf
import pypdfium2

CHARACTERS = 20_000  # kept of one page
DPI, LONGEST = 300, 5000  # of the picture that is read by eye; pixels
POINTS = 72  # per inch


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
    """A page as a grey picture (PNG) that a program can read by eye."""
    page = pypdfium2.PdfDocument(content)[number - 1]
    scale = min(DPI / POINTS, LONGEST / max(1, *page.get_size()))
    page.render(scale=scale, grayscale=True).to_pil().save(output, "PNG", dpi=(scale * POINTS, scale * POINTS))
    return {}

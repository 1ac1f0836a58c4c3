"""Working on PDFs inside the limited process: count, draw, stamp."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name, Rectangle
from PIL import Image

from documents.sandbox.bands import free

WIDTH, HEIGHT = 1200, 1700  # pixels, at most, of a picture that is read
SMALL = (240, 340)  # of one that is told apart in a list
QUALITY = 80
MARGIN = Decimal(12)  # points
MOST_OF_WIDTH = Decimal("0.4")
A4 = (Decimal(0), Decimal(0), Decimal(595), Decimal(842))  # what readers take where a page has no usable box
UNUSABLE = (ValueError, TypeError, ArithmeticError, AttributeError, KeyError)


def pages(content: BinaryIO, *, output: BinaryIO) -> dict[str, Any]:
    """How many pages a PDF has, and what is `free` of the last."""
    with pikepdf.open(content) as pdf:
        count = len(pdf.pages)
    try:
        return {"pages": count, "free": free(pypdfium2.PdfDocument(content))}
    except pypdfium2.PdfiumError:
        return {"pages": count, "free": []}


def draw(content: BinaryIO, *, output: BinaryIO, first: int, count: int) -> dict[str, Any]:
    """Two pictures (WebP) of each of `count` pages from page `first` (from 1), to read and small, in `output`; their sizes in bytes, in order."""
    document = pypdfium2.PdfDocument(content)
    document.init_forms()
    sizes = []
    for index in range(first - 1, min(len(document), first - 1 + count)):
        page = document[index]
        width, height = page.get_size()
        picture = page.render(scale=min(WIDTH / max(width, 1), HEIGHT / max(height, 1))).to_pil().convert("RGB")
        page.close()
        small = picture.copy()
        small.thumbnail(SMALL)
        sizes += [_written(each, output) for each in (picture, small)]
    return {"sizes": sizes}


def _written(picture: Image.Image, output: BinaryIO) -> int:
    """Add a picture to the output; how many bytes it takes."""
    start = output.tell()
    picture.save(output, "WEBP", quality=QUALITY, method=2)
    return output.tell() - start


def stamp(label: BinaryIO, content: BinaryIO, *, output: BinaryIO) -> dict[str, Any]:
    """Put the page `label` on the visible upper right corner of each page, over what is there."""
    with pikepdf.open(content) as pdf, pikepdf.open(label) as stamped:
        for page in pdf.pages:
            page.add_overlay(stamped.pages[0], upper_right(page, stamped.pages[0]))
        _unsign(pdf)
        pdf.save(output)
        return {"pages": len(pdf.pages)}


def upper_right(page: pikepdf.Page, label: pikepdf.Page) -> Rectangle:
    """Where the stamp goes."""
    return _corner(page, label, high=True)


def lower_right(page: pikepdf.Page, label: pikepdf.Page) -> Rectangle:
    """Where the number goes."""
    return _corner(page, label, high=False)


def _corner(page: pikepdf.Page, label: pikepdf.Page, *, high: bool) -> Rectangle:
    """Where a label goes in the page's own coordinates, so that it is upright at the right, high or low, once the page is turned."""
    left, bottom, right, top = _visible(page)
    turn = int(page.obj.get("/Rotate", 0)) % 360 if "/Rotate" in page.obj else _inherited_turn(page)
    unit = _unit(page)
    sideways = turn in (90, 270)
    across = (top - bottom) if sideways else (right - left)
    wide, tall = (Decimal(side) for side in (label.mediabox[2], label.mediabox[3]))  # type: ignore[arg-type]
    scale = min(1 / unit, across * MOST_OF_WIDTH / wide)
    wide, tall, margin = wide * scale, tall * scale, MARGIN * scale
    if sideways:
        wide, tall = tall, wide
    x = right - margin - wide if turn in ((0, 270) if high else (0, 90)) else left + margin
    y = top - margin - tall if turn in ((0, 90) if high else (180, 90)) else bottom + margin
    return Rectangle(float(x), float(y), float(x + wide), float(y + tall))


def _visible(page: pikepdf.Page) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """The crop box as readers show it: ordered, and inside the media box."""
    try:
        media, crop = (_ordered(box) for box in (page.mediabox, page.cropbox))
    except UNUSABLE:
        return A4
    left, low = max(media[0], crop[0]), max(media[1], crop[1])
    right, high = min(media[2], crop[2]), min(media[3], crop[3])
    return (left, low, right, high) if left < right and low < high else media


def _unit(page: pikepdf.Page) -> Decimal:
    """How many points one unit of the page is."""
    said: Any = page.obj.get("/UserUnit", 1)
    try:
        return Decimal(said) or Decimal(1)
    except UNUSABLE:
        return Decimal(1)


def _ordered(box: Any) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    left, low, right, high = (Decimal(side) for side in box)
    return min(left, right), min(low, high), max(left, right), max(low, high)


def _inherited_turn(page: pikepdf.Page) -> int:
    for node in _above(page.obj):
        if "/Rotate" in node:
            return int(node.Rotate) % 360
    return 0


def _above(node: Any) -> Iterator[Any]:
    for _ in range(100):
        node = node.get("/Parent")
        if node is None:
            return
        yield node


def _unsign(pdf: pikepdf.Pdf) -> None:
    """A copy carries no signature: those of the original would show as broken here, and stay whole there."""
    for item in pdf.objects:
        if isinstance(item, Dictionary) and item.get("/FT") == Name.Sig and "/V" in item:
            del item["/V"]
    if "/Perms" in pdf.Root:
        del pdf.Root["/Perms"]

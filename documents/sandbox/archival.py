"""PDF/A (ISO 19005) inside the limited process: what a file claims, what contradicts it, and whether a converted copy shows the same."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, ImageChops, ImageStat

PARTS = {"1", "2", "3"}  # a file of part 4 is PDF 2.0, and does not fit inside one of part 3
ACROSS = 120  # pixels: enough to see that a line of text is missing or that a picture changed its colours
MOST_DIFFERENT = 12.0  # of 255, the mean over a page
MOST_DIFFERENT_SPOT = 90  # of 255, the mean over a square of an eighth of the page
SPOTS = 8
POINT = 1.0


def archival(content: BinaryIO, *, output: BinaryIO) -> dict[str, Any]:
    """Whether a PDF may stand in a PDF/A-3b as it is: it claims to be PDF/A-1, 2 or 3, and nothing seen here contradicts it."""
    with pikepdf.open(content) as pdf:
        return {"archival": not any(_contradicted(pdf)), "pages": len(pdf.pages)}


def alike(before: BinaryIO, after: BinaryIO, *, output: BinaryIO) -> dict[str, Any]:
    """Whether two PDFs show the same pages, drawn small."""
    first, second = pypdfium2.PdfDocument(before), pypdfium2.PdfDocument(after)
    for document in (first, second):
        document.init_forms()
    same = len(first) == len(second) and all(_same(first[index], second[index]) for index in range(len(first)))
    return {"alike": same}


def _contradicted(pdf: pikepdf.Pdf) -> Iterator[bool]:
    yield not _claims(pdf)
    yield pdf.is_encrypted
    yield not all(map(_srgb, pdf.Root.get("/OutputIntents", Array())))
    yield any(_unfit(item) for item in pdf.objects if isinstance(item, Dictionary))


def _claims(pdf: pikepdf.Pdf) -> bool:
    if "/Metadata" not in pdf.Root:
        return False
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as told:
        return str(told.get("pdfaid:part", "")) in PARTS


def _srgb(intent: Any) -> bool:
    """One file has one output intent: a part made for another cannot stand in ours."""
    profile = intent.get("/DestOutputProfile")
    told = profile.read_bytes() if isinstance(profile, Stream) and profile.get("/N") == 3 else b""
    return b"sRGB" in told or "sRGB".encode("utf-16-be") in told


def _unfit(item: Any) -> bool:
    """A font that is not inside, a program, another file."""
    if item.get("/Type") == Name.Font and item.get("/Subtype") in (Name.Type1, Name.TrueType, Name.MMType1):
        return not _embedded(item.get("/FontDescriptor"))
    if item.get("/Type") == Name.Font and item.get("/Subtype") in (Name.CIDFontType0, Name.CIDFontType2):
        return not _embedded(item.get("/FontDescriptor"))
    return item.get("/S") in (Name.JavaScript, Name.Launch) or item.get("/Type") == Name.EmbeddedFile


def _embedded(descriptor: Any) -> bool:
    return isinstance(descriptor, Dictionary) and not {"/FontFile", "/FontFile2", "/FontFile3"}.isdisjoint(descriptor.keys())


def _same(first: pypdfium2.PdfPage, second: pypdfium2.PdfPage) -> bool:
    sizes = zip(first.get_size(), second.get_size(), strict=True)
    if any(abs(one - other) > POINT for one, other in sizes):
        return False
    difference = ImageChops.difference(_drawn(first), _drawn(second))
    spots = difference.resize((SPOTS, SPOTS), Image.Resampling.BOX)
    return ImageStat.Stat(difference).mean[0] <= MOST_DIFFERENT and max(spots.tobytes()) <= MOST_DIFFERENT_SPOT


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    return page.render(scale=ACROSS / max(1, *page.get_size())).to_pil().convert("L")

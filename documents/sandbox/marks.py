"""Marking pages for good, inside the limited process: each page becomes a picture with the mark in it, which no editor takes off again."""

from io import BytesIO
from typing import Any, BinaryIO

import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name
from PIL import Image, ImageOps

LONG_SIDE = 1754  # pixels: A4 at 150 dpi
QUALITY = 80
INK = (70, 70, 150)  # shows on white and on black
STRENGTH = 0.45  # of the ink: what is under it can still be read
Image.init()


def mark(sheet: BinaryIO, sofar: BinaryIO, content: BinaryIO, *, output: BinaryIO, first: int, count: int) -> dict[str, Any]:
    """Pictures of `count` pages from page `first` (from 1) under the square page `sheet`, after those made `sofar`; how many pages there are."""
    document, square = pypdfium2.PdfDocument(content), pypdfium2.PdfDocument(sheet)[0]
    document.init_forms()
    with pikepdf.open(sofar) if first > 1 else pikepdf.new() as made:
        for index in range(first - 1, min(len(document), first - 1 + count)):
            page = document[index]
            _add(made, page.get_size(), _marked(page, square))
            page.close()
        made.save(output)
    return {"pages": len(document)}


def _marked(page: Any, square: Any) -> Image.Image:
    """The page as it shows, with the ink of the sheet over all of it."""
    picture = page.render(scale=LONG_SIDE / max(*page.get_size(), 1)).to_pil().convert("RGB")
    drawn = square.render(scale=max(picture.size) / square.get_size()[0], grayscale=True).to_pil().convert("L")
    ink = ImageOps.invert(drawn).crop((0, 0, *picture.size)).point(lambda value: int(value * STRENGTH))
    picture.paste(INK, (0, 0, *picture.size), ink)
    return picture


def _add(pdf: pikepdf.Pdf, size: tuple[float, float], picture: Image.Image) -> None:
    """A page of this size (points), filled by the picture."""
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=QUALITY)
    across, down = (max(side, 1) for side in size)
    page = pdf.add_blank_page(page_size=(across, down))
    facts = {"Type": Name.XObject, "Subtype": Name.Image, "ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8, "Filter": Name.DCTDecode}
    image = pikepdf.Stream(pdf, encoded.getvalue(), Width=picture.width, Height=picture.height, **facts)
    page.obj.Resources = Dictionary(XObject=Dictionary(Im=image))
    page.obj.Contents = pdf.make_stream(f"q {across} 0 0 {down} 0 0 cm /Im Do Q".encode())

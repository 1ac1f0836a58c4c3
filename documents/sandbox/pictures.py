"""Turning a photograph into a page, inside the limited process: upright, re-encoded, without where and when it was taken."""

from typing import Any, BinaryIO

from PIL import Image, ImageOps

LONG_SIDE = 3508  # pixels: A4 at 300 dpi
A4 = (8.27, 11.69)  # inches
QUALITY = 85
MAX_PIXELS = 120_000_000
Image.init()  # all that Pillow loads late, before no file can be opened any more


def to_page(content: BinaryIO, *, output: BinaryIO) -> dict[str, Any]:
    """One PDF page from a JPEG or a PNG. `codes` says why not: see `documents.verdicts`."""
    Image.MAX_IMAGE_PIXELS = None  # counted here instead
    try:
        with Image.open(content, formats=["JPEG", "PNG"]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return {"codes": ["giant-picture"]}
            picture.draft("RGB", (LONG_SIDE, LONG_SIDE))
            _page(picture, output)
    except (OSError, ValueError, SyntaxError, EOFError):
        return {"codes": ["unreadable-picture"]}
    return {"codes": []}


def _page(picture: Image.Image, output: BinaryIO) -> None:
    upright = ImageOps.exif_transpose(picture)
    if upright.has_transparency_data:
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
    page = upright.convert("RGB")
    page.thumbnail((LONG_SIDE, LONG_SIDE))
    clean = Image.frombytes("RGB", page.size, page.tobytes())
    across, down = sorted(A4, reverse=clean.width > clean.height)
    clean.save(output, "PDF", resolution=max(clean.width / across, clean.height / down), quality=QUALITY)

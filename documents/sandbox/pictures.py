"""Turning photographs into pages, inside the limited process: upright, on A4, re-encoded without where and when they were taken, archival."""

import io
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageCms, ImageOps

LONG_SIDE = 3508  # pixels: A4 at 300 dpi
A4 = (595.276, 841.89)  # points
QUALITY = 80
MAX_PIXELS = 120_000_000  # of one picture
MAX_PICTURES = 200  # in one file
FORMATS = ("JPEG", "PNG", "TIFF", "HEIF")
REDUCED = 254  # the tag of a TIFF that marks a small copy of another picture
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, zlib.error, ImageCms.PyCMSError)

pillow_heif.register_heif_opener(thumbnails=False)
pillow_heif.options.DECODE_THREADS = 1
Image.init()  # all that Pillow loads late, before no file can be opened any more
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


class TooMany(Exception):
    """More pictures or pixels than can be taken: the code that says which."""


def to_pages(content: BinaryIO, *, output: BinaryIO) -> dict[str, Any]:
    """One PDF page for each picture of a JPEG, PNG, HEIC or TIFF, as PDF/A-2b. `codes` says why not: see `documents.verdicts`."""
    Image.MAX_IMAGE_PIXELS = None  # counted here instead
    try:
        with Image.open(content, formats=FORMATS) as file, pikepdf.new() as pdf:
            for picture in _pictures(file):
                _add(pdf, _clean(picture))
            _archival(pdf)
            pdf.save(output)
            return {"codes": [], "pages": len(pdf.pages)}
    except TooMany as found:
        return {"codes": [str(found)]}
    except UNREADABLE:
        return {"codes": ["unreadable-picture"]}


def gather(*contents: BinaryIO, output: BinaryIO, turns: list[int]) -> dict[str, Any]:
    """One PDF/A-2b of pages that `to_pages` made, in order, those of each turned clockwise by so many degrees."""
    with pikepdf.new() as whole:
        for content, turn in zip(contents, turns, strict=True):
            with pikepdf.open(content) as part:
                for page in part.pages:
                    page.rotate(turn, relative=True)
                whole.pages.extend(part.pages)
        _archival(whole)
        whole.save(output)
        return {"pages": len(whole.pages)}


def _pictures(file: Image.Image) -> Iterator[Image.Image]:
    """Each picture of the file: several in a TIFF, where a small copy of another is none; one in any other."""
    for number in range(MAX_PICTURES + 1):
        try:
            file.seek(number)
        except EOFError:
            return
        if file.width * file.height > MAX_PIXELS:
            raise TooMany("giant-picture")
        if number == MAX_PICTURES:
            raise TooMany("too-many-pages")
        if file.format != "TIFF" or not getattr(file, "tag_v2", {}).get(REDUCED, 0) & 1:
            file.draft("RGB", (LONG_SIDE, LONG_SIDE))
            yield file
        if file.format != "TIFF":
            return


def _clean(picture: Image.Image) -> Image.Image:
    """The pixels alone: upright, in black and white, grey or sRGB, no finer than 300 dpi on A4."""
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    if upright.has_transparency_data:
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
    if upright.mode.startswith("I;16"):
        upright = upright.point(lambda value: value / 256)
    if upright.mode != "1" or max(upright.size) > LONG_SIDE:
        upright = (
            upright.convert("L") if upright.mode in ("1", "L", "I", "F") or upright.mode.startswith("I;16") else _srgb(upright, profile)
        )
    upright.thumbnail((LONG_SIDE, LONG_SIDE))
    return Image.frombytes(upright.mode, upright.size, upright.tobytes())


def _srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and picture.mode in ("RGB", "CMYK"):
        converted = ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), SRGB, outputMode="RGB")
        return converted if converted is not None else picture
    return picture.convert("RGB")


def _add(pdf: pikepdf.Pdf, picture: Image.Image) -> None:
    """One A4 page, upright or lying as the picture is, the picture as large as fits in its middle."""
    wide, tall = sorted(A4, reverse=picture.width > picture.height)
    scale = min(wide / picture.width, tall / picture.height)
    across, down = picture.width * scale, picture.height * scale
    pdf.add_blank_page(page_size=(wide, tall))
    page = pdf.pages[-1]
    page.obj.Resources = Dictionary(XObject=Dictionary(P=_image(pdf, picture)))
    place = (across, down, (wide - across) / 2, (tall - down) / 2)
    page.obj.Contents = pdf.make_stream("q {:.3f} 0 0 {:.3f} {:.3f} {:.3f} cm /P Do Q".format(*place).encode())


def _image(pdf: pikepdf.Pdf, picture: Image.Image) -> pikepdf.Object:
    written = io.BytesIO()
    if picture.mode == "1":
        written.write(zlib.compress(picture.tobytes(), 9))
    else:
        picture.save(written, "JPEG", quality=QUALITY, optimize=True)
    image = pdf.make_stream(written.getvalue())
    image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, picture.width, picture.height
    image.ColorSpace = Name.DeviceRGB if picture.mode == "RGB" else Name.DeviceGray
    image.BitsPerComponent = 1 if picture.mode == "1" else 8
    image.Filter = Name.FlateDecode if picture.mode == "1" else Name.DCTDecode
    return image


def _archival(pdf: pikepdf.Pdf) -> None:
    """What makes a file of pictures PDF/A-2b: the colours are sRGB, and the file says what it is. It says nothing else."""
    profile = pdf.make_stream(SRGB.tobytes())
    profile.N = 3
    intent = Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFA1, DestOutputProfile=profile, OutputConditionIdentifier=pikepdf.String("sRGB")
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as told:
        told["pdfaid:part"], told["pdfaid:conformance"] = "2", "B"

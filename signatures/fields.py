"""Where signatures stand: a field for each signer where the last page is free, or on one more sheet. Runs in the limited process.

All are placed before the first signature.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypedDict

import pypdfium2
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import DictionaryObject, NumberObject, StreamObject, pdf_name
from pyhanko.pdf_utils.writer import BasePdfFileWriter, PageObject
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    InvisSigSettings,
    SigFieldSpec,
    append_signature_field,
    enumerate_sig_fields,
)

from documents.sandbox.bands import free, holds
from signatures.tagging import held, tag

Box = tuple[int, int, int, int]  # left, bottom, right, top, in points
COLUMNS = 2
MARGIN = 56  # points
HEADING = 110  # points at the top of the sheet of the signatures, left to its title
GAP = 14
WIDTH, HEIGHT = 232, 58  # the size a box has when the page leaves it the room
A4 = [0.0, 0.0, 595.28, 841.89]


class Field(TypedDict):
    """A signature field: its name in the file, and what a screen reader says of it."""

    name: str
    label: str


def boxes(page: Sequence[float], count: int, under: float | None = None) -> list[Box]:
    """`count` boxes in two columns on a page (its MediaBox), `under` so many points from its foot, or under the title of a sheet of their own.

    They are smaller where that sheet is small or they are many.
    """
    left, bottom, right, top = page
    width = min(WIDTH, (right - left - 2 * MARGIN - GAP) / COLUMNS)
    if under is not None:
        return [_box(left + MARGIN, bottom + under, width, HEIGHT, *divmod(index, COLUMNS)) for index in range(count)]
    rows = max(1, -(-count // COLUMNS))
    height = min(HEIGHT, (top - bottom - HEADING - MARGIN - GAP * (rows - 1)) / rows)
    return [_box(left + MARGIN, top - HEADING, width, height, *divmod(index, COLUMNS)) for index in range(count)]


def _box(left: float, top: float, width: float, height: float, row: int, column: int) -> Box:
    x, y = left + column * (width + GAP), top - row * (height + GAP) - height
    return round(x), round(y), round(x + width), round(y + height)


def under(bands: Iterable[tuple[float, float]], count: int) -> float | None:
    """Under which height the boxes of `count` signatures stand: in the lowest free band of a page that holds them (`documents.sandbox.bands.free`), or None."""
    tall = GAP + max(1, -(-count // COLUMNS)) * (HEIGHT + GAP)
    return next((high - GAP for low, high in bands if high - low >= tall), None)


def room(content: bytes, count: int) -> float | None:
    """The same of the last page of a document."""
    return under(free(pypdfium2.PdfDocument(content)), count)


def add_page(writer: BasePdfFileWriter, title: PdfContent) -> None:
    """One more page at the end, with nothing but its title, which is an artifact of the page (ISO 14289-1, 7.8).

    It has the size of the last page, or A4 where that one could not hold signatures whatever is drawn on it.
    """
    last = media_box(writer.find_page_for_modification(-1)[0].get_object())
    box = last if holds(last[2] - last[0], last[3] - last[1]) else A4
    title.set_writer(writer)
    name = writer.add_object(title.as_form_xobject())
    resources = DictionaryObject({pdf_name("/XObject"): DictionaryObject({pdf_name("/Title"): name})})
    scale = min(1, (box[2] - box[0] - 2 * MARGIN) / title.box.width)
    place = f"{scale:.4f} 0 0 {scale:.4f} {box[0] + MARGIN:.2f} {box[3] - MARGIN / 2 - scale * title.box.height:.2f} cm"
    drawn = f"/Artifact <</Type /Pagination /Subtype /Header>> BDC q {place} /Title Do Q EMC".encode()
    page = PageObject(writer.add_object(StreamObject(stream_data=drawn)), box, resources)
    page[pdf_name("/Rotate")], page[pdf_name("/CropBox")] = NumberObject(0), page["/MediaBox"]  # whatever the tree of pages would hand down
    writer.insert_page(page)


def place(writer: BasePdfFileWriter, fields: Sequence[Field], *, seen: bool, under: float | None) -> None:
    """Put the fields on the last page of a document, unless they stand there already; `under`: see `boxes`.

    `seen` is False where the document bears signatures: a new box on a page would be a change that its certification forbids.
    Any other field of a form is locked as it stands (FieldMDP; ISO 32000-2, 12.8.2.4): the certification's level would let it be filled in.
    """
    present = {name for name, _, _ in enumerate_sig_fields(writer)}
    if fields[0]["name"] in present:
        return
    page = writer.find_page_for_modification(-1)[0]
    locked = _locked(writer)
    for field, box in zip(fields, boxes(media_box(page.get_object()), len(fields), under), strict=True):
        spec = SigFieldSpec(field["name"], on_page=-1, box=box, readable_field_name=field["label"]) if seen else unseen(**field)
        append_signature_field(writer, replace(spec, field_mdp_spec=locked))
    if seen:
        labels = {field["name"]: field["label"] for field in fields}
        tag(writer, page, [(ref, labels[name]) for name, _, ref in enumerate_sig_fields(writer) if name in labels])


def unseen(name: str, label: str) -> SigFieldSpec:
    """A field that is not seen: of no size, and outside the page, where neither PDF/A wants a look nor PDF/UA a place in the structure."""
    return SigFieldSpec(name, on_page=-1, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True), readable_field_name=label)


def alone(writer: BasePdfFileWriter, name: str, label: str) -> SigFieldSpec:
    """The one field of a signature that is not seen, a seal's; it locks the others in the same way."""
    return replace(unseen(name, label), field_mdp_spec=_locked(writer))


def _locked(writer: BasePdfFileWriter) -> FieldMDPSpec | None:
    others = form_fields(writer)
    return FieldMDPSpec(FieldMDPAction.INCLUDE, others) if others else None


def form_fields(writer: BasePdfFileWriter) -> list[str]:
    """The fields of the document's form that are no signatures, by their topmost names."""
    fields = [field.get_object() for field in held(held(writer.root, "/AcroForm") or {}, "/Fields") or ()]
    return [str(field["/T"]) for field in fields if "/T" in field and held(field, "/FT") != "/Sig"]


def media_box(page: Any) -> list[float]:
    """The page's size, its own or inherited, with its corners in order."""
    while "/MediaBox" not in page:
        page = page["/Parent"]
    x1, y1, x2, y2 = (float(value) for value in page["/MediaBox"])
    return [min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)]

"""Signed files changed afterwards: incremental saving, shadow attacks, evil annotations, sneaky signatures. Every one is found.

Mladenov and others, "1 Trillion Dollar Refund" (CCS 2019: incremental saving); Mainka and others, "Shadow Attacks" (NDSS 2021: hide, replace, hide
and replace); Rohlmann and others, "Breaking the Specification: PDF Certification" (IEEE S&P 2021: evil annotations, sneaky signatures).
"""

import io
import re

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field, enumerate_sig_fields

from signatures import pades
from signatures.validation import Problem, Verdict, validate
from tests.hostile.signatures.forging import (
    VALID,
    annotation,
    assert_found_out,
    changed,
    look,
    prepared,
    signed_once,
    signed_twice,
)
from tests.signatures.making import NAMES, agreement, one_time, pdfsig, signed_by

pytestmark = pytest.mark.django_db


def test_the_clean_file_passes() -> None:
    assert [one.verdict for one in validate(signed_twice())] == [Verdict.VALID] * 3
    assert pdfsig(signed_twice()) == [VALID] * 2


# --- Incremental saving


def replace_the_text(writer: IncrementalPdfFileWriter) -> None:
    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def add_a_page(writer: IncrementalPdfFileWriter) -> None:
    page = writer.find_page_for_modification(0)[0].get_object()
    writer.insert_page(generic.DictionaryObject({key: page.raw_get(key) for key in ("/Type", "/Contents", "/Resources", "/MediaBox")}))


def redraw_a_signature(writer: IncrementalPdfFileWriter) -> None:
    widget = writer.find_page_for_modification(-1)[0].get_object()["/Annots"][0]
    widget["/AP"]["/N"] = writer.add_object(look(b"", 232, 58))
    writer.mark_update(widget.container_ref)


def open_with_an_action(writer: IncrementalPdfFileWriter) -> None:
    script = {"/S": generic.pdf_name("/JavaScript"), "/JS": generic.pdf_string("app.alert(1)")}
    writer.root["/OpenAction"] = generic.DictionaryObject({generic.pdf_name(name): value for name, value in script.items()})
    writer.update_root()


def give_another_title(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Names"] = generic.DictionaryObject({generic.pdf_name("/EmbeddedFiles"): generic.DictionaryObject()})
    writer.update_root()


def take_the_structure_away(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/StructTreeRoot"]
    writer.update_root()


@pytest.mark.parametrize(
    "change", [replace_the_text, add_a_page, redraw_a_signature, open_with_an_action, give_another_title, take_the_structure_away]
)
@pytest.mark.parametrize("signed", [signed_once, signed_twice])
def test_a_revision_that_changes_what_was_signed(signed, change) -> None:
    assert_found_out(changed(signed(), change), Problem.CHANGED_AFTER)


@pytest.mark.parametrize(
    "tail",
    [
        b"\n%hidden\n",
        b"\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        b"\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 0\ntrailer\n<< /Root 1 0 R >>\n",
        b"\x00" * 200 + b"x",
    ],
)
def test_a_tail_that_no_signature_covers(tail: bytes) -> None:
    """Incremental saving without a table or a trailer: some readers rebuild the file from its objects."""
    assert_found_out(signed_twice() + tail, Problem.UNCOVERED, first=False)


def test_a_signature_copied_into_another_document() -> None:
    (value,) = [value for _, value, _ in enumerate_sig_fields(PdfFileReader(io.BytesIO(signed_once())), filled_status=True)][:1]
    other = agreement(
        '#set document(title: "Autre")\n#set text(lang: "fr")\n= Autre\nL\'un doit tout à l\'autre.\n#pagebreak()\n= Signatures'
    )
    blank = pades.sign(other, one_time("x"), pades.Place("S-x"), name="x", last=False)
    contents = re.search(rb"/Contents <([0-9A-Fa-f]+)>", blank)
    assert contents
    stolen = value.get_object()["/Contents"].hex().upper().encode().rstrip(b"0").ljust(len(contents[1]), b"0")

    forged = blank[: contents.start(1)] + stolen[: len(contents[1])] + blank[contents.end(1) :]
    assert_found_out(forged, Problem.ALTERED)


# --- Shadow attacks: what is to be shown later is in the file before it is signed


def test_shadow_hide_a_layer_over_the_text_taken_away_after_signing() -> None:
    def cover(opened: pikepdf.Pdf) -> None:
        page = opened.pages[0]
        page.contents_add(pikepdf.Stream(opened, b"q 1 g 0 0 595 842 re f Q"))

    def uncover(writer: IncrementalPdfFileWriter) -> None:
        layer = writer.find_page_for_modification(0)[0].get_object()["/Contents"][-1]
        layer._data = layer._encoded_data = b""
        writer.update_container(layer)

    forged = changed(signed_by(prepared(cover), NAMES[0]), uncover)
    assert_found_out(forged, Problem.CHANGED_AFTER)


def test_shadow_replace_a_field_of_a_form_that_shows_something_else_after_signing() -> None:
    def field(opened: pikepdf.Pdf) -> None:
        drawn = pikepdf.Stream(opened, b"BT ET", {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 200, 20]})
        text = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="amount", V="100", Rect=[70, 600, 270, 620], F=4, AP={"/N": drawn}
        )  # fmt: skip
        widget = opened.make_indirect(text)
        opened.pages[0].Annots = opened.make_indirect([widget])
        opened.Root.AcroForm = opened.make_indirect(pikepdf.Dictionary(Fields=[widget]))

    def fill(writer: IncrementalPdfFileWriter) -> None:
        widget = writer.root["/AcroForm"]["/Fields"][0]
        widget["/V"] = generic.pdf_string("100000")
        writer.update_container(widget)

    signed = signed_by(prepared(field), NAMES[0])
    assert validate(signed)[0].ok
    assert_found_out(changed(signed, fill), Problem.CHANGED_AFTER)


def test_shadow_hide_and_replace_a_table_that_points_at_another_object_that_was_there_all_along() -> None:
    plain = prepared(lambda _opened: None)
    with pikepdf.open(io.BytesIO(plain)) as opened:
        number = opened.pages[0].Contents.objgen[0]
    shadow = b"%d 0 obj\n<< /Length 5 >>\nstream\nBT ET\nendstream\nendobj\n" % number
    body, _, end = plain.rpartition(b"xref\n")  # the shadow lies between the last object and the table
    hiding = body.removesuffix(b"start") if end.startswith(b"start") else body
    start = plain.rindex(b"\nxref\n") + 1
    hiding = plain[:start] + shadow + plain[start:].replace(b"startxref\n%d" % start, b"startxref\n%d" % (start + len(shadow)))
    signed = signed_by(hiding, NAMES[0])
    assert validate(signed)[0].ok
    offset = signed.index(shadow)
    before = int(re.findall(rb"startxref\s+(\d+)", signed)[-1])
    size = max(map(int, re.findall(rb"/Size (\d+)", signed)))
    root = re.findall(rb"/Root (\d+ \d+ R)", signed)[-1]
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %s /Prev %d >>\n" % (number, offset, size, root, before)
    forged = signed + b"\n" + table + b"startxref\n%d\n%%%%EOF\n" % (len(signed) + 1)

    assert_found_out(forged, Problem.CHANGED_AFTER)


# --- Certified documents


@pytest.mark.parametrize("kind", ["/FreeText", "/Stamp", "/Redact", "/Square", "/Highlight", "/Widget", "/Link"])
def test_an_evil_annotation_laid_over_the_text(kind: str) -> None:
    def cover(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        page["/Annots"] = generic.ArrayObject([annotation(writer, kind)])
        writer.update_container(page)

    assert_found_out(changed(signed_once(), cover), Problem.CHANGED_AFTER)


def test_a_sneaky_signature_whose_box_lies_over_the_text() -> None:
    """A second signature is allowed, and it may not draw where no field was kept for it."""

    def place(writer: IncrementalPdfFileWriter) -> None:
        append_signature_field(writer, SigFieldSpec("S-sneaky", on_page=0, box=(0, 0, 595, 842)))

    placed = changed(signed_once(), place)
    assert_found_out(placed, Problem.CHANGED_AFTER)
    sneaky = pades.sign(placed, one_time("Personne"), pades.Place("S-sneaky", ({"name": "S-sneaky", "label": "x"},)), name="x", last=False)
    found = {one.field: one for one in validate(sneaky)}
    assert found[f"S-{NAMES[0][0]}"].verdict == Verdict.INVALID


def test_a_signature_in_a_field_kept_for_it_is_no_change() -> None:
    both = signed_by(signed_once(), NAMES[1])

    assert [one.verdict for one in validate(both)] == [Verdict.VALID] * 4


def test_a_file_saved_anew_has_lost_its_signatures() -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed_twice())) as opened:
        opened.save(output)

    assert Verdict.VALID not in {one.verdict for one in validate(output.getvalue())}
    assert VALID not in pdfsig(output.getvalue())

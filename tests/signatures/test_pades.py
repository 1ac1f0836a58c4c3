"""Signatures on bytes: valid by two validators, seen on the page, readable by everyone, archival as before."""

import hashlib
import io
import subprocess
from contextlib import closing
from datetime import timedelta

import pikepdf
import pypdf
import pytest

from backend import clock
from backend.errors import Invalid, Unavailable
from signatures import authority, fields, pades
from signatures.appearance import label
from signatures.fields import Field
from signatures.validation import Verdict
from tests.signatures.making import FULL, NAMES, agreement, one_time, pdfsig, signatures, signed_by

pytestmark = pytest.mark.django_db


def seen_on(page: pypdf.PageObject) -> list[pypdf.generic.DictionaryObject]:
    """The widgets of a page that have a size."""
    widgets = [annotation.get_object() for annotation in page.get("/Annots", ())]
    return [widget for widget in widgets if widget["/Rect"][0] != widget["/Rect"][2]]


def test_each_of_four_signatures_is_valid_for_pyhanko_and_for_poppler() -> None:
    signed = signed_by(agreement(), *NAMES)

    found = signatures(signed)
    assert [(status.signer, status.capacity, status.verdict) for status in found] == [(*person, Verdict.VALID) for person in NAMES]
    assert all(status.timestamp_ok and abs(status.at - clock.machine()) < timedelta(minutes=1) for status in found)
    assert pdfsig(signed) == ["Signature is Valid."] * 4


def test_what_was_read_is_the_beginning_of_what_is_signed() -> None:
    once = signed_by(agreement(), NAMES[0])

    assert once.startswith(agreement())
    assert signed_by(once, NAMES[1]).startswith(once)


def test_all_fields_stand_on_the_last_page_from_the_first_signature_on_and_say_whose_they_are() -> None:
    reader = pypdf.PdfReader(io.BytesIO(signed_by(agreement(), NAMES[0])))

    widgets = seen_on(reader.pages[-1])
    assert [widget["/FT"] for widget in widgets] == ["/Sig"] * 4
    assert all(name in widget["/TU"] for widget, (name, _) in zip(widgets, NAMES, strict=True))
    assert sum("/V" in widget for widget in widgets) == 1


def test_signatures_are_never_laid_over_a_text_nor_on_a_sheet_that_nobody_was_told_of() -> None:
    signed = signed_by(agreement(FULL), *NAMES)
    before, after = (pypdf.PdfReader(io.BytesIO(content)) for content in (agreement(FULL), signed))

    assert len(after.pages) == len(before.pages)
    assert not seen_on(after.pages[-1])
    assert {status.verdict for status in signatures(signed)} == {Verdict.VALID}
    assert pdfsig(signed) == ["Signature is Valid."] * 4


def test_the_first_signature_certifies_that_only_signing_may_follow() -> None:
    found = signatures(signed_by(agreement(), *NAMES[:2]))

    assert [status.certifies for status in found] == [True, False]


def test_name_and_capacity_are_seen_in_embedded_fonts() -> None:
    with closing(pikepdf.open(io.BytesIO(signed_by(agreement(), NAMES[0])))) as signed:
        look = signed.pages[-1].Annots[0].AP.N
        drawn = next(iter(look.Resources.XObject.values()))
        described = [font.DescendantFonts[0].FontDescriptor for font in drawn.Resources.Font.values()]
        embedded = ["/FontFile2" in font or "/FontFile3" in font for font in described]

    assert embedded
    assert all(embedded)


def test_the_signed_file_still_says_that_it_is_archival_and_accessible() -> None:
    with closing(pikepdf.open(io.BytesIO(signed_by(agreement(), *NAMES)))) as signed, signed.open_metadata() as said:
        assert said["pdfaid:part"] == "3"
        assert said["pdfuaid:part"] == "1"
        assert "/StructTreeRoot" in signed.Root


def test_each_field_has_its_place_in_the_structure_and_each_page_its_order() -> None:
    """ISO 14289-1, 7.18.1, 7.18.3, 7.18.4: a Form element with a description; tabs in the order of the structure; what has no size lies outside."""
    with closing(pikepdf.open(io.BytesIO(signed_by(agreement(), *NAMES)))) as signed:
        (document,) = signed.Root.StructTreeRoot.K
        forms = [element for element in document.K if element.S == "/Form"]
        numbers = list(signed.Root.StructTreeRoot.ParentTree.Nums)
        entered = {int(key): element for key, element in zip(numbers[::2], numbers[1::2], strict=True)}
        assert [str(form.Alt) for form in forms] == [label(*person) for person in NAMES]
        for form in forms:
            assert form.K.Type == "/OBJR"
            assert form.K.Obj.Subtype == "/Widget"
            assert form.P.objgen == document.objgen
            assert entered[int(form.K.Obj.StructParent)].objgen == form.objgen
        assert int(signed.Root.StructTreeRoot.ParentTreeNextKey) > max(entered)
        annotated = [page for page in signed.pages if "/Annots" in page]
        assert [str(page.Tabs) for page in annotated] == ["/S"]
        untagged = [widget for page in annotated for widget in page.Annots if "/StructParent" not in widget]
        assert all(widget.Rect[2] < page.MediaBox[0] and "/TU" in widget for page in annotated for widget in untagged)


@pytest.mark.parametrize(
    "tree", ["<< /Type /StructTreeRoot >>", "<< /K 7 /ParentTree 3 >>", "<< /K [null] /ParentTree << /Nums [(a) 0] >> >>", "<< /K (x) >>"]
)
def test_a_structure_that_makes_no_sense_does_not_keep_a_document_from_being_signed(tree: str) -> None:
    output = io.BytesIO()
    with closing(pikepdf.open(io.BytesIO(agreement()))) as broken:
        broken.Root.StructTreeRoot = broken.make_indirect(pikepdf.Object.parse(tree.encode()))
        broken.save(output)

    assert signatures(signed_by(output.getvalue(), NAMES[0]))[0].ok


def test_a_document_without_structure_stays_without() -> None:
    output = io.BytesIO()
    with closing(pikepdf.open(io.BytesIO(agreement()))) as plain:
        del plain.Root.StructTreeRoot
        plain.save(output)

    with closing(pikepdf.open(io.BytesIO(signed_by(output.getvalue(), NAMES[0])))) as signed:
        assert "/StructTreeRoot" not in signed.Root
        assert "/StructParent" not in signed.pages[-1].Annots[0]


def test_what_shows_that_nothing_was_revoked_is_in_the_file_by_signature_under_a_timestamp() -> None:
    """EN 319 142-1, 5.4.2: a document security store, with an entry for each signature named by the digest of its contents."""
    content = signed_by(agreement(), *NAMES)
    with closing(pikepdf.open(io.BytesIO(content))) as signed:
        store = signed.Root.DSS
        values = [field.V for field in signed.Root.AcroForm.Fields if "/V" in field]
        made, stamps = ([value for value in values if value.SubFilter == kind] for kind in ("/ETSI.CAdES.detached", "/ETSI.RFC3161"))
        named = {f"/{hashlib.sha1(bytes(value.Contents)).hexdigest().upper()}" for value in made}
        assert set(store.VRI.keys()) == named
        assert all(len(entry.OCSP) and len(entry.CRL) and len(entry.Cert) for entry in store.VRI.values())
        assert len(store.OCSPs) >= len(NAMES)
        assert {one.objgen for entry in store.VRI.values() for one in entry.OCSP} <= {one.objgen for one in store.OCSPs}
        (stamp,) = stamps
        assert stamp.Type == "/DocTimeStamp"
        assert int(stamp.ByteRange[2]) + int(stamp.ByteRange[3]) == len(content)


def test_only_the_last_signature_of_a_session_brings_the_archive() -> None:
    once = signed_by(agreement(), NAMES[0])
    field = (Field(name="S-x", label="x"),)
    not_last = pades.sign(agreement(), one_time("Paul"), pades.Place("S-x", field), name="Paul", last=False)

    assert b"/DSS" in once
    assert b"/DSS" not in not_last


def test_the_text_stays_readable() -> None:
    read = subprocess.run(["pdftotext", "-", "-"], input=signed_by(agreement(), *NAMES), capture_output=True, check=True, timeout=60)

    assert "Les époux sont d'accord".replace("'", "’") in read.stdout.decode().replace("'", "’")


def test_a_seal_is_unseen_and_valid() -> None:
    sealed = pades.sign(agreement(), authority.seal(), pades.Place("seal"), name="Commun Accord")

    (status,) = signatures(sealed)
    assert status.ok
    assert pdfsig(sealed) == ["Signature is Valid."]


def test_a_file_that_is_no_pdf_cannot_be_signed() -> None:
    with pytest.raises(Invalid):
        pades.sign(b"%PDF-1.7 nothing else", one_time("Paul"), pades.Place("x"), name="Paul")


def test_without_an_answer_from_the_timestamp_authority_nothing_is_signed(settings) -> None:
    settings.TSA_URLS = ["http://127.0.0.1:1/tsa"]

    with pytest.raises(Unavailable):
        pades.sign(agreement(), one_time("Paul"), pades.Place("x"), name="Paul")


@pytest.mark.parametrize("page", [(0, 0, 595, 842), (0, 0, 842, 595), (-50, 20, 545, 862), (0, 0, 300, 420)])
@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_boxes_stay_on_the_page_and_apart(page: tuple[int, ...], count: int) -> None:
    boxes = fields.boxes(page, count)

    assert len(boxes) == count
    for left, bottom, right, top in boxes:
        assert page[0] <= left < right <= page[2]
        assert page[1] <= bottom < top <= page[3]
    apart = [a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for a in boxes for b in boxes if a is not b]
    assert all(apart)

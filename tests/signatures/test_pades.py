"""Signatures on bytes: valid by two validators, seen on the page, readable by everyone, archival as before."""

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
from signatures.validation import Verdict, validate
from tests.signatures.making import FULL, NAMES, agreement, one_time, pdfsig, signed_by


def test_each_of_four_signatures_is_valid_for_pyhanko_and_for_poppler() -> None:
    signed = signed_by(agreement(), *NAMES)

    found = validate(signed)
    assert [(status.signer, status.capacity, status.verdict) for status in found] == [(*person, Verdict.VALID) for person in NAMES]
    assert [status.covers_whole for status in found] == [False, False, False, True]
    assert all(status.timestamp_ok and abs(status.at - clock.machine()) < timedelta(minutes=1) for status in found)
    assert pdfsig(signed) == ["Signature is Valid."] * 4


def test_what_was_read_is_the_beginning_of_what_is_signed() -> None:
    once = signed_by(agreement(), NAMES[0])

    assert once.startswith(agreement())
    assert signed_by(once, NAMES[1]).startswith(once)


def test_all_fields_stand_on_the_last_page_from_the_first_signature_on_and_say_whose_they_are() -> None:
    reader = pypdf.PdfReader(io.BytesIO(signed_by(agreement(), NAMES[0])))

    widgets = [annotation.get_object() for annotation in reader.pages[-1]["/Annots"]]
    assert [widget["/FT"] for widget in widgets] == ["/Sig"] * 4
    assert all(name in widget["/TU"] for widget, (name, _) in zip(widgets, NAMES, strict=True))
    assert sum("/V" in widget for widget in widgets) == 1


def test_signatures_are_never_laid_over_a_text_where_the_last_page_is_full_one_more_bears_them() -> None:
    signed = signed_by(agreement(FULL), *NAMES)
    before, after = (pypdf.PdfReader(io.BytesIO(content)) for content in (agreement(FULL), signed))

    assert len(after.pages) == len(before.pages) + 1
    assert len(after.pages[-1]["/Annots"]) == 4
    assert "/Annots" not in after.pages[-2]
    assert {status.verdict for status in validate(signed)} == {Verdict.VALID}
    assert pdfsig(signed) == ["Signature is Valid."] * 4


def test_the_first_signature_certifies_that_only_signing_may_follow() -> None:
    found = validate(signed_by(agreement(), *NAMES[:2]))

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


def test_the_text_stays_readable() -> None:
    read = subprocess.run(["pdftotext", "-", "-"], input=signed_by(agreement(), *NAMES), capture_output=True, check=True, timeout=60)

    assert "Les époux sont d'accord".replace("'", "’") in read.stdout.decode().replace("'", "’")


def test_a_seal_is_unseen_and_valid() -> None:
    sealed = pades.sign(agreement(), authority.seal(), pades.Place("seal"), name="Commun Accord")

    (status,) = validate(sealed)
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

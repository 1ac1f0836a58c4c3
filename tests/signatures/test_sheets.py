"""Where the signatures stand: in the room that the last page leaves, else on one more sheet, numbered and known before anybody consents."""

import io
import json
from contextlib import closing

import pikepdf
import pypdf
import pypdfium2
import pytest

from backend import clock
from documents import vault
from documents.models import Version
from documents.sandbox.bands import free
from signatures import ceremony, evidence, gathering, pades
from signatures.appearance import sheet
from signatures.fields import GAP, HEIGHT, Field
from signatures.models import Ceremony, Session
from tests.signatures.making import FULL, SOURCE, agreement, four, one_time, signatures

pytestmark = pytest.mark.django_db

TALL_TITLE = SOURCE + "Signée par chacun d'eux. " * 20  # several lines under the title of the last page
FOOTED = SOURCE + "#place(bottom)[page 2 sur 2]\n"


def signed(version: Version) -> tuple[Session, pypdf.PdfReader]:
    """The session in which the first of four has signed, and the file."""
    people = four()
    session = ceremony.open_session(version, people)
    applied = ceremony.apply(ceremony.consent(session.pk, people[0].person, evidence={}).pk)
    assert applied
    return session, pypdf.PdfReader(io.BytesIO(vault.content(applied.version)))


def test_the_free_bands_of_a_page_are_those_on_which_nothing_is_drawn_the_lowest_first() -> None:
    drawn = "#set document(title: [x])\n#set page(width: 400pt, height: 500pt, margin: 0pt)\n"
    drawn += "\n".join(f"#place(top, dy: {at}pt, pdf.artifact(rect(width: 100%, height: 10pt, fill: black)))" for at in (50, 200))

    assert free(pypdfium2.PdfDocument(agreement(drawn))) == [(40, 290), (300, 440)]


def test_what_is_written_in_a_form_is_drawn_on_its_page() -> None:
    with closing(pikepdf.new()) as made:
        page = made.add_blank_page(page_size=(595, 842))
        box = pikepdf.Array([0, 0, 595, 800])
        ink = pikepdf.Dictionary(BG=pikepdf.Array([0]))
        field = made.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T="x",
                V="x",
                DA="/Helv 12 Tf 0 g",
                F=4,
                Rect=box,
                MK=ink,
            )
        )
        page.Annots = pikepdf.Array([field])
        made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        output = io.BytesIO()
        made.save(output)

    assert free(pypdfium2.PdfDocument(output.getvalue())) == []


@pytest.mark.parametrize("source", [SOURCE, TALL_TITLE, FOOTED])
def test_the_boxes_stand_in_the_room_that_the_last_page_leaves_however_tall_its_title(source: str) -> None:
    version = vault.keep(agreement(source), name="Convention")
    low, high = version.facts["free"][0]
    session, after = signed(version)

    assert not session.sheet
    assert len(after.pages) == version.pages
    boxes = [widget.get_object()["/Rect"] for widget in after.pages[-1]["/Annots"]]
    seen = [box for box in boxes if box[0] < box[2] and box[2] > 0]
    assert len(seen) == 4
    assert all(low <= box[1] < box[3] <= high - GAP and box[3] - box[1] == HEIGHT for box in seen)


def test_a_page_without_room_takes_one_more_sheet_which_is_known_when_the_session_opens_and_bears_its_number() -> None:
    version = vault.keep(agreement(FULL), name="Convention")
    session, after = signed(version)

    assert session.sheet
    assert len(after.pages) == (version.pages or 0) + 1
    title = after.pages[-1].extract_text()
    assert f"page {len(after.pages)} sur {len(after.pages)}" in title
    assert "Convention" not in title
    assert version.sha256 in title.replace("\n", "")
    content = vault.content(Version.objects.get(signed_by__session=session))
    with closing(pikepdf.open(io.BytesIO(content))) as made:
        last = made.pages[-1]
        assert b"/Artifact" in last.Contents.read_bytes()
        fonts = last.Resources.XObject["/Title"].Resources.XObject["/Look"].Resources.Font
        described = [font.DescendantFonts[0].FontDescriptor for font in fonts.values()]
        assert all("/FontFile2" in one or "/FontFile3" in one for one in described)
        assert last.Tabs == "/S"
    assert [one.ok for one in signatures(content)] == [True]


@pytest.mark.parametrize("size", [(60, 90), (300, 900), (3400, 842)])
def test_after_a_page_that_cannot_hold_signatures_the_sheet_is_an_upright_a4(size: tuple[int, int]) -> None:
    with closing(pikepdf.new()) as made:
        made.add_blank_page(page_size=size)
        made.Root.Pages.Rotate = 90
        output = io.BytesIO()
        made.save(output)
    session, after = signed(vault.keep(output.getvalue(), name="Convention"))

    assert session.sheet
    sheet_of_all = after.pages[-1]
    assert [round(float(side)) for side in (*sheet_of_all.mediabox[2:], *sheet_of_all.cropbox[2:])] == [595, 842] * 2
    assert sheet_of_all.rotation == 0
    boxes = [widget.get_object()["/Rect"] for widget in sheet_of_all["/Annots"]]
    assert len([box for box in boxes if 0 < box[0] < box[2] < 595 and 0 < box[1] < box[3] < 842]) == 4


def test_the_evidence_says_that_a_sheet_was_added_once_it_is() -> None:
    place = gathering.gather(Ceremony.Way.APART, opens_at=clock.now(), closes_at=clock.now() + gathering.DAY)
    people = four()
    session = ceremony.open_session(vault.keep(agreement(FULL), name="Convention"), people, ceremony=place)
    assert [one["sheet"] for one in evidence.facts(place)["documents"]] == [False]
    gathering.note_shown(session, people[0].person, gathering.WHOLE)
    ceremony.apply(ceremony.consent(session.pk, people[0].person, evidence={}).pk)
    found = evidence.facts(place)

    assert [(one["pages"], one["sheet"]) for one in found["documents"]] == [(1, True)]
    said = evidence.make(found, heading="x", zone="Europe/Paris")
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(said)).pages)
    assert "1, et une feuille pour les signatures" in text
    assert json.dumps(found)


def test_no_sheet_is_added_to_what_is_signed_by_hand_or_to_what_others_signed() -> None:
    place = gathering.gather(Ceremony.Way.PAPER, place="Rouen", opens_at=clock.now(), closes_at=clock.now() + gathering.DAY)
    assert not ceremony.open_session(vault.keep(agreement(FULL), name="Convention"), four(), ceremony=place).sheet

    came_signed = vault.keep(agreement(FULL), name="Convention", facts={"signed": True})
    session, after = signed(came_signed)
    assert not session.sheet
    assert len(after.pages) == came_signed.pages
    assert [one.ok for one in signatures(vault.content(Version.objects.get(signed_by__session=session)))] == [True]


def test_who_was_told_of_a_sheet_finds_it_even_where_the_last_page_has_room() -> None:
    place = pades.Place("S", (Field(name="S", label="S"),), sheet=sheet(2, "0" * 64))
    signed_file = pades.sign(agreement(), one_time("Paul"), place, name="Paul", last=False)

    assert len(pypdf.PdfReader(io.BytesIO(signed_file)).pages) == 3

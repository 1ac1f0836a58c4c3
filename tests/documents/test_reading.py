"""The text of a document is read page by page: from the file, by eye where a page is a picture; kept encrypted, gone with the document."""

import shutil
from io import BytesIO
from uuid import uuid4

import pikepdf
import pypdfium2
import pytest
from django.test import override_settings

from backend.errors import NotNow
from backend.work.doing import run_due
from documents import beside, intake, previews, reading, recognising, storage, sweeping, vault
from documents.models import State, Version
from tests.documents.test_merging import heavy
from tests.faults.ways import way
from tests.pdfs import pdf as printed

pytestmark = pytest.mark.django_db
WITH_EYES = pytest.mark.skipif(
    not shutil.which("tesseract"), reason="tesseract is not here (Debian: apt-get install tesseract-ocr tesseract-ocr-fra)"
)


def brought(content: bytes) -> Version:
    """A file sent, checked, drawn and read."""
    version = intake.take_in_bytes(content, name="acte.pdf", created_by=uuid4(), limit=10**8)
    run_due()
    version = Version.objects.select_related("document").get(pk=version.pk)
    assert (version.state, version.stage) == (State.READY, "")
    return version


def scanned(content: bytes) -> bytes:
    """The same pages as a scanner makes them: pictures, without text."""
    pages = [page.render(scale=200 / 72).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(content)]
    out = BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return out.getvalue()


def together(*contents: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.new() as made:
        for content in contents:
            with pikepdf.open(BytesIO(content)) as part:
                made.pages.extend(part.pages)
        made.save(out)
    return out.getvalue()


def test_each_page_is_read(settings):
    settings.OCR_MAX_PAGES = 0
    pages = reading.pages(brought(printed("Livret de famille", pages=3)))
    assert [(page.number, page.by_eye) for page in pages] == [(1, False), (2, False), (3, False)]
    assert all("Livret de famille" in page.text and f"Page {page.number}." in page.text for page in pages)


def test_more_pages_than_one_process_reads_are_read(settings, monkeypatch):
    monkeypatch.setattr(vault, "PAGES_AT_ONCE", 2)
    assert [page.number for page in reading.pages(brought(printed("Acte", pages=5)))] == [1, 2, 3, 4, 5]


@WITH_EYES
def test_a_picture_is_read_by_eye_and_said_so_a_blank_page_is_not(pdf):
    if not recognising.able():
        pytest.skip("programs cannot be held back here")
    content = together(printed("Acte de naissance"), scanned(printed("Livret de famille")), pdf(blank={1}))
    pages = reading.pages(brought(content))
    assert [(page.number, page.by_eye) for page in pages] == [(1, False), (2, True)]
    assert "Livret de famille" in pages[1].text


@WITH_EYES
def test_only_so_many_pictures_are_read_by_eye(settings):
    settings.OCR_MAX_PAGES = 1
    assert [page.number for page in reading.pages(brought(scanned(printed("Acte", pages=2))))] == [1]


def test_without_a_program_that_reads_pictures_they_have_no_text(monkeypatch):
    monkeypatch.setattr(recognising, "able", lambda: False)
    assert reading.pages(brought(scanned(printed("Acte")))) == ()


def test_the_text_is_sealed_under_the_key_of_its_version_and_for_nothing_else(settings):
    version = brought(printed("Livret de famille"))
    sealed = b"".join(storage.get(f"documents/{version.document_id}/{version.pk}/text"))
    assert b"Livret" not in sealed
    storage.put(f"documents/{version.document_id}/{version.pk}/page-7", BytesIO(sealed), len(sealed))
    with pytest.raises(Exception, match="does not open"):
        beside.get(version, "page-7")


def test_the_text_is_not_swept_and_goes_with_the_document():
    version = brought(printed("Acte"))
    assert sweeping.sweep().removed == 0
    assert reading.pages(version)
    vault.erase(version.document)
    assert reading.pages(Version.objects.get(pk=version.pk)) == ()


def test_reading_again_changes_nothing():
    version = brought(printed("Acte"))
    before = reading.pages(version)
    reading.read(version.pk)
    assert reading.pages(version) == before


def test_what_was_refused_or_never_read_has_no_text(pdf):
    version = intake.take_in_bytes(pdf(), name="x", created_by=None, limit=10**6)
    assert reading.pages(version) == ()
    reading.read(version.pk)
    assert reading.pages(version) == ()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_text_of_a_page_is_placed_where_it_is_seen_however_the_page_is_turned_and_cropped(turn):
    with pikepdf.open(BytesIO(printed("Livret de famille"))) as made, BytesIO() as out:
        made.pages[0].Rotate, made.pages[0].CropBox = turn, [50, 300, 500, 800]
        made.save(out)
        content = out.getvalue()
    lies_on_what_is_written(reading.layout(brought(content), 1), content)


@WITH_EYES
def test_the_text_of_a_picture_is_placed_upon_it(settings):
    content = scanned(printed("Livret de famille"))
    lies_on_what_is_written(reading.layout(brought(content), 1), content)


def lies_on_what_is_written(layout: reading.Layout, content: bytes) -> None:
    """Each run is over ink, and all the ink of the page is under the runs."""
    picture = pypdfium2.PdfDocument(content)[0].render(scale=2).to_pil().convert("L")
    blank = picture.copy()
    for run in layout.runs:
        box = [run.left * picture.width, run.top * picture.height, *(0, 0)]
        box[2:] = [box[0] + run.width * picture.width, box[1] + run.height * picture.height]
        left, top, right, bottom = (round(edge / 10_000) for edge in box)
        assert min(picture.crop((left, top, right, bottom)).tobytes()) < 100
        blank.paste(255, (left - 8, top - 8, right + 8, bottom + 8))
    assert "Livret de famille" in " ".join(run.text for run in layout.runs)
    assert min(blank.tobytes()) > 200
    assert layout.width / layout.height == pytest.approx(picture.width / picture.height, rel=0.01)


def test_where_its_text_is_is_kept_like_the_text_and_found_once(monkeypatch):
    version = brought(printed("Acte"))
    found = reading.layout(version, 1)
    monkeypatch.setattr(reading.sandbox, "run", None)
    assert reading.layout(version, 1) == found
    assert reading.layout(version, 0) is reading.layout(version, 2) is None
    vault.erase(version.document)
    assert reading.layout(Version.objects.get(pk=version.pk), 1) is None


def test_what_the_platform_made_is_read_when_it_is_searched_for_the_first_time():
    version = vault.keep(printed("Récépissé de dépôt"), name="recepisse.pdf")
    assert reading.pages(version) == ()
    assert "Récépissé" in reading.whole(version)[0].text
    assert reading.pages(version) == reading.whole(version)


def test_while_a_document_is_being_read_one_is_asked_to_wait():
    version = brought(printed("Acte"))
    storage.delete_under(f"documents/{version.document_id}/{version.pk}/text")
    version.stage = "text"
    with pytest.raises(NotNow):
        reading.whole(version)


def test_a_page_of_a_large_file_is_shown_from_what_it_takes_of_it():
    version = vault.keep(heavy(12, 1_000_000, 1), name="x")
    came = 0

    def passes(which: str, chunk: bytes) -> bool:
        nonlocal came
        came += len(chunk) if which == "down" else 0
        return True

    with way(passes) as address, override_settings(S3_ENDPOINT=address):
        assert previews.page(version, 12)
        assert reading.layout(version, 12)
    assert came < version.size

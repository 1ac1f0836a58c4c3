"""The text of a document is read page by page: from the file, by eye where a page is a picture; kept encrypted, gone with the document."""

import shutil
from io import BytesIO
from uuid import uuid4

import pikepdf
import pypdfium2
import pytest

from backend.work.doing import run_due
from documents import beside, intake, reading, recognising, storage, sweeping, vault
from documents.models import State, Version
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
    monkeypatch.setattr(reading, "PAGES_AT_ONCE", 2)
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

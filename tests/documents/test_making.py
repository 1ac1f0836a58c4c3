"""What the vault makes: typeset documents, stamped copies, pictures of pages."""

from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from io import BytesIO
from uuid import uuid4

import pikepdf
import pypdfium2
import pytest
import typst
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

from backend.errors import NotFound
from documents import beside, intake, previews, stamping, storage, vault
from documents.merging import PageTooLarge
from documents.sandbox.served import Served
from documents.typeset import typeset

EXHIBITS = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(lang: "fr", font: "Libertinus Serif", size: 11pt)
= #data.title
#table(columns: 3, table.header[Pièce][Intitulé][Date], ..data.exhibits.map(e => ([#e.number], e.title, e.date)).flatten())
"""


@pytest.fixture
def exhibits(tmp_path):
    path = tmp_path / "list_of_exhibits.typ"
    path.write_text(EXHIBITS)
    return path


def text_of(content: bytes, page: int = 0) -> str:
    document = pypdfium2.PdfDocument(content)
    return document[page].get_textpage().get_text_bounded()


def test_a_typeset_document_is_archival_tagged_and_says_its_language(exhibits):
    exhibit = {"number": 1, "title": 'Acte de naissance #eval("1") $x$ *gras*', "date": date(2026, 3, 1)}
    content = typeset(exhibits, {"title": "Bordereau de pièces", "exhibits": [exhibit]})
    with pikepdf.open(BytesIO(content)) as pdf, pdf.open_metadata() as metadata:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "fr"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
    assert exhibit["title"] in text_of(content)  # a value, never source


def test_a_typeset_document_is_the_same_on_every_machine_at_the_same_moment(exhibits):
    from backend import clock

    with clock.at(clock.now()):
        assert typeset(exhibits, {"title": "a", "exhibits": []}) == typeset(exhibits, {"title": "a", "exhibits": []})


def test_a_template_at_fault_says_so(tmp_path):
    (tmp_path / "bad.typ").write_text("#nothing")
    with pytest.raises(typst.TypstError):
        typeset(tmp_path / "bad.typ", {})


def drawn(content: bytes, page: int = 0) -> Image.Image:
    return pypdfium2.PdfDocument(content)[page].render(scale=1).to_pil().convert("RGB")


def stamped_copy(content: bytes, label: str) -> bytes:
    with stamping.stamp(Served(len(content), lambda start, end: content[start:end]), label) as running:
        return b"".join(running.chunks())


def blue(picture: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether the stamp's ink shows in a part of the page."""
    return any(b > 100 and r < 60 for r, _, b in picture.crop(box).getdata())


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(595, 842), (842, 595), (200, 150), (2384, 3370)])
def test_a_stamp_is_upright_at_the_upper_right_of_any_page(pdf, turn, size):
    content = pdf(2, size=size, change=lambda made: [setattr(page, "rotation", turn) for page in made.pages])
    content = rotated(content, turn)
    stamped = stamped_copy(content, "Pièce n° 3")
    for page in (0, 1):
        picture = drawn(stamped, page)
        width, height = picture.size
        assert blue(picture, (width // 2, 0, width, height // 2))
        assert not blue(picture, (0, height // 2, width, height))
        assert not blue(picture, (0, 0, width // 2, height))
        assert "Pièce n° 3" in text_of(stamped, page)


def rotated(content: bytes, turn: int) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as pdf:
        for page in pdf.pages:
            page.rotate(turn, relative=False)
        pdf.save(out)
    return out.getvalue()


def test_a_stamp_stays_inside_the_part_that_is_shown(pdf):
    content = pdf(change=lambda made: made.pages[0].obj.__setitem__("/CropBox", pikepdf.Array([100, 200, 400, 600])))
    picture = drawn(stamped_copy(content, "Pièce n° 12"))
    assert picture.size == (300, 400)
    assert blue(picture, (150, 0, 300, 100))


@pytest.mark.parametrize(
    ("key", "value"), [("/UserUnit", "x"), ("/UserUnit", 0), ("/MediaBox", [1, 2]), ("/Rotate", 45), ("/CropBox", [0, 0, 0, 0])]
)
def test_a_page_that_says_nonsense_is_stamped_all_the_same(pdf, key, value):
    value = pikepdf.Array(value) if isinstance(value, list) else value
    stamped = stamped_copy(pdf(change=lambda made: made.pages[0].obj.__setitem__(key, value)), "Pièce n° 3")
    assert "Pièce" in text_of(stamped)


def test_a_stamped_copy_has_its_fonts_inside(pdf):
    with pikepdf.open(BytesIO(stamped_copy(pdf(), "Pièce n° 1"))) as stamped:
        assert any(isinstance(item, pikepdf.Dictionary) and {"/FontFile2", "/FontFile3"} & set(item.keys()) for item in stamped.objects)


def test_every_ordinary_file_can_be_stamped(corpus):
    for path in sorted(corpus("ordinary").glob("*.pdf")):
        content = path.read_bytes()
        assert len(pypdfium2.PdfDocument(stamped_copy(content, "Pièce n° 7"))) == len(pypdfium2.PdfDocument(content))


def test_a_stamped_copy_carries_no_signature_and_the_original_keeps_its_own(corpus):
    """The copy is another document: the original validates before and after, to the byte and to the signature."""
    signed = (corpus("signed") / "minimal-two-fields-signed-twice.pdf").read_bytes()
    before, digest = signatures_of(signed), sha256(signed).hexdigest()
    copy = stamped_copy(signed, "Pièce n° 1")
    assert len(before) == 2
    assert all(before)
    assert signatures_of(signed) == before
    assert sha256(signed).hexdigest() == digest
    assert signatures_of(copy) == []


def signatures_of(content: bytes) -> list[bool]:
    """For each signature of a PDF, whether it is intact: what it signed is as it was."""
    reader = PdfFileReader(BytesIO(content))
    return [validate_pdf_signature(each).intact for each in reader.embedded_signatures]


@pytest.mark.django_db
def test_pictures_of_pages_are_small_and_sealed(pdf):
    version = vault.keep(pdf(3), name="three.pdf")
    previews.make(version.pk)
    kept = [key for key, _ in storage.walk(f"documents/{version.document_id}/") if "/page-" in key]
    assert len(kept) == 3
    assert not any(b"WEBP" in b"".join(storage.get(key)) for key in kept)
    picture = Image.open(BytesIO(previews.page(version, 2)))
    assert (picture.format, max(picture.size) <= 1700, picture.width <= 1200) == ("WEBP", True, True)
    small = previews.page(version, 2, small=True)
    assert (max(Image.open(BytesIO(small)).size) <= 340, len(small) < len(previews.page(version, 2))) == (True, True)
    assert previews.page(version, 0) is previews.page(version, 4) is previews.page(version, 4, small=True) is None


@pytest.mark.django_db
def test_a_page_not_drawn_yet_is_drawn_when_asked_for(pdf):
    version = vault.keep(pdf(2), name="two.pdf")
    small = previews.page(version, 2, small=True)
    assert small == previews.page(version, 2, small=True) != previews.page(version, 2)


@pytest.mark.django_db
def test_pictures_of_what_is_gone_or_not_ready_are_not_made(pdf):
    waiting = intake.take_in_bytes(pdf(), name="acte.pdf", created_by=None, limit=1_000_000)
    for version in (uuid4(), waiting.pk):
        previews.make(version)
    with pytest.raises(NotFound):
        beside.get(waiting, "page-1")


def test_pages_too_large_pass_through_a_block_as_any_exception_does():
    @contextmanager
    def block():
        yield

    with pytest.raises(PageTooLarge) as found, block():
        raise PageTooLarge([(1, 2)])
    assert found.value.pages == [(1, 2)]

"""Many PDFs bound into one, and one cut into several: what is seen stays, in memory that does not grow with them."""

import os
import time
from io import BytesIO
from pathlib import Path
from random import Random

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, String
from PIL import Image

from documents import archiving, merging, sandbox
from documents.merging import Group, PageTooLarge, Part
from documents.sandbox import Failed, Limits
from documents.sandbox.served import AT_HAND, Served
from documents.sandbox.streaming import stream
from tests.memory import MB, watched
from tests.pdfs import pdf as typeset_pdf


def served(content: bytes) -> Served:
    return Served(len(content), lambda start, end: content[start:end])


def bound(*parts: bytes, groups: list[Group] | None = None, pages: int | None = None) -> bytes:
    front = typeset_pdf("Couverture")
    total = pages or 1 + sum(len(pypdfium2.PdfDocument(part)) for part in parts)
    groups = groups or [Group("Pièces", [Part(f"Pièce {number}", served(part)) for number, part in enumerate(parts, 1)])]
    with merging.bind("Copie", front, groups, total, "1.7") as running:
        content = b"".join(running.chunks())
        assert running.facts() == {"pages": total}
    return content


def read(content: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]


def drawn(content: bytes, page: int) -> bytes:
    return pypdfium2.PdfDocument(content)[page].render(scale=0.5).to_pil().convert("L").crop((0, 0, 290, 400)).tobytes()


def test_parts_stand_in_order_each_page_with_its_number_under_nested_bookmarks(pdf):
    groups = [Group("Actes", [Part("Requête", served(pdf(2)))]), Group("Pièces", [Part("Un", served(pdf())), Part("Deux", served(pdf(3)))])]
    content = bound(groups=groups, pages=7)
    with pikepdf.open(BytesIO(content)) as whole, whole.open_outline() as outline:
        assert not whole.check_pdf_syntax()
        assert [(item.title, [child.title for child in item.children]) for item in outline.root] == [
            ("Copie", []),
            ("Actes", ["Requête"]),
            ("Pièces", ["Un", "Deux"]),
        ]
    assert [text.strip().splitlines()[-1] for text in read(content)] == [f"{number} / 7" for number in range(1, 8)]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_number_is_upright_at_the_lower_right_of_a_turned_page(pdf, turn):
    content = bound(pdf(blank=[1], change=lambda made: made.pages[0].rotate(turn, relative=False)))
    page = pypdfium2.PdfDocument(content)[1]
    picture = page.render(scale=2).to_pil().convert("L")
    wide, tall = picture.size
    assert min(picture.crop((wide - 160, tall - 80, wide, tall)).tobytes()) < 80
    picture.paste("white", (wide - 160, tall - 80, wide, tall))
    assert min(picture.tobytes()) > 200
    assert page.get_textpage().get_text_bounded().strip() == "2 / 2"


def test_every_ordinary_file_shows_the_same_once_bound(corpus):
    paths = sorted(corpus("ordinary").glob("*.pdf"))
    parts = [path.read_bytes() for path in paths]
    content = bound(*parts)
    place = 1
    for path, part in zip(paths, parts, strict=True):
        opened = pypdfium2.PdfDocument(part)
        pages, large = len(opened), min(opened[0].get_size()) > 72  # points: on less, the number is most of what is seen
        same = not large or sandbox.run("documents.sandbox.archival:alike", part, content_of(content, place, pages)).facts["alike"]
        assert same, path.name
        place += pages


def content_of(content: bytes, first: int, count: int) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as whole, pikepdf.new() as part:
        part.add_pages_from(whole, range(first, first + count))
        part.save(out)
    return out.getvalue()


def test_a_bound_copy_carries_no_signature_and_shows_those_of_the_original(corpus):
    signed = (corpus("signed") / "minimal-two-fields-signed-twice.pdf").read_bytes()
    with pikepdf.open(BytesIO(bound(signed))) as copy:
        assert not [item for item in copy.objects if isinstance(item, Dictionary) and item.get("/FT") == Name.Sig]
        assert "/AcroForm" not in copy.Root


def test_what_is_typed_in_a_form_shows(pdf):
    def typed(made: pikepdf.Pdf) -> None:
        font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), V=String("VAUQUELIN"), Rect=[50, 50, 300, 80], F=4
        )
        field.DA = String("/Helv 12 Tf 0 g")
        widget = made.make_indirect(field)
        made.pages[0].obj.Annots = Array([widget])
        made.Root.AcroForm = Dictionary(
            Fields=[widget], NeedAppearances=True, DR=Dictionary(Font=Dictionary(Helv=font)), DA=String("/Helv 12 Tf 0 g")
        )

    assert "VAUQUELIN" in read(bound(pdf(change=typed)))[1]


def test_what_a_layer_hides_stays_hidden(pdf):
    def layered(made: pikepdf.Pdf) -> None:
        layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=String("Brouillon")))
        made.pages[0].obj.Resources = Dictionary(Properties=Dictionary(L=layer))
        made.pages[0].obj.Contents = made.make_stream(b"/OC /L BDC 0 g 100 400 300 300 re f EMC")
        made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array()))

    part = pdf(change=layered)
    assert min(drawn(part, 0)) > 200
    assert min(drawn(bound(part), 1)) > 200


def test_a_parts_own_bookmarks_stand_under_its_own(pdf):
    def marked(made: pikepdf.Pdf) -> None:
        with made.open_outline() as outline:
            first = OutlineItem("Chapitre", 0)
            first.children.append(OutlineItem("Article", 1))
            outline.root.append(first)

    with pikepdf.open(BytesIO(bound(pdf(), pdf(2, change=marked)))) as whole, whole.open_outline() as outline:
        chapter = outline.root[1].children[1].children[0]
        article = chapter.children[0]
        assert (chapter.title, article.title) == ("Chapitre", "Article")
        assert pikepdf.Page(article.destination[0]).index == 3


def test_a_mark_written_in_a_part_is_not_taken_for_one_of_ours(pdf):
    def marked(made: pikepdf.Pdf) -> None:
        made.pages[0].obj.Contents = made.make_stream(b"%" + b"0" * 32 + b":0:1:0%")

    part = pdf(change=marked)
    with pikepdf.open(BytesIO(bound(part))) as whole:
        assert "0:1:0" in whole.pages[1].Contents[1].read_bytes().decode()


def heavy(pages: int, size: int, seed: int = 0) -> bytes:
    """Pages that each bear a picture which does not compress."""
    out = BytesIO()
    with pikepdf.new() as made:
        for number in range(pages):
            made.add_blank_page(page_size=(595, 842))
            image = made.make_stream(Random(seed * 1000 + number).randbytes(size // 100 * 100))
            image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 100, size // 100
            image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 8
            made.pages[-1].obj.Resources = Dictionary(XObject=Dictionary(P=image))
            made.pages[-1].obj.Contents = made.make_stream(b"q 500 0 0 700 40 70 cm /P Do Q")
        made.save(out, compress_streams=False)
    return out.getvalue()


def test_pictures_come_through_to_the_byte():
    part = heavy(2, 100_000)
    with pikepdf.open(BytesIO(bound(part, part))) as whole, pikepdf.open(BytesIO(part)) as original:
        for number in range(4):
            assert whole.pages[1 + number].images["/P"].read_raw_bytes() == original.pages[number % 2].images["/P"].read_raw_bytes()


def test_memory_does_not_grow_with_what_is_bound(tmp_path):
    """Ten times as much to bind, 80 MB, takes no more than the segments that a child keeps at hand and what is on its way."""
    small, large = (peak_of_binding(tmp_path, size) for size in (20_000, 200_000))
    assert large < small + AT_HAND + 32 * MB


def peak_of_binding(folder: Path, size: int) -> int:
    """The most memory the child and this process took together beyond what they began with, in bytes, binding 400 pages of `size` bytes."""
    files = []
    for number in range(10):
        path = folder / f"{size}-{number}.pdf"
        path.write_bytes(heavy(40, size, number))
        files.append(path)
    groups = [Group("Pièces", [Part(path.name, from_disk(path)) for path in files])]
    with watched() as peak, merging.bind("Copie", typeset_pdf("Couverture"), groups, 401, "1.7") as running:
        passed = sum(map(len, running.chunks()))
    assert passed > 400 * size
    return peak.most


def from_disk(path: Path) -> Served:
    def some(start: int, end: int) -> bytes:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    return Served(path.stat().st_size, some)


def test_what_the_store_raises_comes_out_and_nothing_is_answered():
    class Gone(Exception):
        pass

    def gone(start: int, end: int) -> bytes:
        if start:
            raise Gone
        return heavy(3, MB)[start:end]

    content = heavy(3, MB)
    with (
        pytest.raises(Gone),
        merging.bind("C", typeset_pdf("C"), [Group("G", [Part("P", Served(len(content), gone))])], 4, "1.7") as running,
    ):
        for _chunk in running.chunks():
            pass


def test_a_child_that_is_left_is_ended():
    content = heavy(3, MB)
    with merging.bind("C", typeset_pdf("C"), [Group("G", [Part("P", served(content))])], 4, "1.7") as running:
        next(running.chunks())
    before = time.monotonic()
    assert sandbox.run("tests.documents.misbehaving:echo", b"next").output == b"next"
    assert time.monotonic() - before < 30


def test_an_output_larger_than_allowed_is_stopped():
    with (
        pytest.raises(sandbox.TooHeavy),
        stream("tests.documents.misbehaving:write_much", [], [], Limits(output=MB)) as running,
    ):
        for _chunk in running.chunks():
            pass


def test_what_is_no_pdf_fails():
    with pytest.raises(Failed):
        bound(b"%PDF-1.7 nothing", pages=2)


def test_no_descriptor_is_left_open(pdf):
    bound(pdf())
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        bound(pdf())
    assert len(os.listdir("/proc/self/fd")) == before


def parts_of(content: bytes, limit: int) -> list[bytes]:
    made, first = [], 1
    for count in merging.measure(served(content), limit):
        with merging.cut(typeset_pdf("Partie"), served(content), first, count) as running:
            made.append(b"".join(running.chunks()))
        first += count
    return made


def test_it_is_cut_at_the_edges_of_pages_with_the_bookmarks_that_lead_there():
    content = bound(heavy(5, 200_000), heavy(5, 200_000, seed=1))
    parts = parts_of(content, 900_000)
    assert [len(pypdfium2.PdfDocument(part)) - 1 for part in parts] == [5, 4, 2]
    assert [page for part in parts for page in read(part)[1:]] == read(content)
    titles = []
    for part in parts:
        with pikepdf.open(BytesIO(part)) as opened, opened.open_outline() as outline:
            titles.append([child.title for item in outline.root for child in item.children])
    assert titles == [["Pièce 1"], ["Pièce 1", "Pièce 2"], ["Pièce 2"]]


def test_what_two_pages_share_is_counted_once(pdf):
    def same(made: pikepdf.Pdf) -> None:
        image = made.make_stream(Random(1).randbytes(500_000))
        image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 100, 5000
        image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 8
        for page in made.pages:
            page.obj.Resources = Dictionary(XObject=Dictionary(P=image))
            page.obj.Contents = made.make_stream(b"q 500 0 0 700 40 70 cm /P Do Q")

    assert merging.measure(served(pdf(20, change=same)), 900_000) == [20]


def test_what_a_page_names_and_does_not_use_is_not_counted(pdf):
    """Many makers give every page the resources of all: each part would weigh as much as the whole."""

    def everything(made: pikepdf.Pdf) -> None:
        images = Dictionary()
        for number in range(4):
            image = made.make_stream(Random(number).randbytes(300_000))
            image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 100, 3000
            image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 8
            images[f"/P{number}"] = image
        shared = made.make_indirect(Dictionary(XObject=images))
        for number, page in enumerate(made.pages):
            page.obj.Resources = shared
            page.obj.Contents = made.make_stream(b"q 500 0 0 700 40 70 cm /P%d Do Q" % number)

    content = pdf(4, change=everything)
    assert merging.measure(served(content), 700_000) == [2, 2]
    assert all(len(part) < 750_000 for part in parts_of(content, 700_000))


def test_a_page_that_passes_the_limit_alone_is_named_with_its_size():
    with pytest.raises(PageTooLarge) as found:
        merging.measure(served(bound(heavy(1, 100_000), heavy(1, 600_000))), 500_000)
    ((page, size),) = found.value.pages
    assert page == 3
    assert 600_000 <= size < 620_000


needs_ghostscript = pytest.mark.skipif(
    not archiving.able(), reason="Ghostscript (gs) is not installed, or programs cannot be held back here"
)


def archived(content: bytes):
    with sandbox.hold(content) as held:
        kept, asked = archiving.archived(held), archiving.archived(served(content))
    assert (kept.archival, kept.pages, kept.content is None) == (asked.archival, asked.pages, asked.content is None)
    return kept


def test_what_is_archival_stays_as_it_is():
    made = sandbox.run("documents.sandbox.pictures:to_pages", picture()).output
    assert archived(made) == archiving.Archived(True, 1)


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "PNG")
    return out.getvalue()


@needs_ghostscript
def test_what_is_not_archival_is_converted_where_nothing_seen_changes(corpus):
    made = archived((corpus("ordinary") / "pdflatex-4-pages.pdf").read_bytes())
    assert (made.archival, made.pages) == (True, 4)
    assert sandbox.run("documents.sandbox.archival:archival", made.content).facts == {"archival": True, "pages": 4}


@needs_ghostscript
def test_what_would_look_different_stays_as_it_is_and_says_so(corpus):
    made = archived((corpus("ordinary") / "cmyk-image.pdf").read_bytes())
    assert (made.archival, made.content) == (False, None)


def test_without_ghostscript_it_stays_as_it_is_and_says_so(pdf, monkeypatch):
    monkeypatch.setattr(archiving, "able", lambda: False)
    assert archived(pdf(2)) == archiving.Archived(False, 2)


def test_a_claim_that_the_file_contradicts_is_not_believed(pdf):
    def claiming(made: pikepdf.Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        made.pages[0].obj.Resources = Dictionary(Font=Dictionary(F=made.make_indirect(font)))
        with made.open_metadata() as told:
            told["pdfaid:part"], told["pdfaid:conformance"] = "2", "B"

    assert not sandbox.run("documents.sandbox.archival:archival", pdf(change=claiming)).facts["archival"]


def test_two_files_that_differ_are_not_alike(pdf):
    def marked(made: pikepdf.Pdf) -> None:
        made.pages[0].obj.Contents = made.make_stream(b"0 g 100 300 200 200 re f")

    for other in (pdf(change=marked), pdf(2), pdf(size=(842, 595))):
        assert not sandbox.run("documents.sandbox.archival:alike", pdf(), other).facts["alike"]
    assert sandbox.run("documents.sandbox.archival:alike", pdf(), pdf()).facts["alike"]

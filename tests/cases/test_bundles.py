"""The file of a case as one PDF: what is in it for whom, what it claims, how it is cut, and how long it stays."""

from datetime import timedelta
from io import BytesIO
from random import Random

import pikepdf
import pypdfium2
import pytest

from backend import clock
from backend.errors import Invalid, NotFound
from backend.work.doing import run_due
from backend.work.models import Owed
from cases import access, actions, bundles, bundling
from cases import bytes as case_bytes
from cases.models import Bundle, Exhibit
from documents import archiving, vault
from documents.models import State, Version
from tests.pdfs import pdf
from tests.world import World

pytestmark = pytest.mark.django_db
MB = 1_000_000


@pytest.fixture
def world(settings) -> World:
    settings.OCR_MAX_PAGES = 0  # the pictures here are noise, which takes a while to be read by eye
    return World()


def made(world, case, actor, **asked):
    """The bundle, once the jobs are done."""
    bundle = actions.bundle.ask(actor, case, **asked)
    world.work()
    bundle.refresh_from_db()
    return bundle


def content(bundle, number=1) -> bytes:
    return vault.content(bundles.piece(bundle, number))


def outline(file: bytes) -> dict[str, list[str]]:
    with pikepdf.open(BytesIO(file)) as opened, opened.open_outline() as told:
        return {item.title: [child.title for child in item.children] for item in told.root}


def text(file: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in pypdfium2.PdfDocument(file)]


def claim(file: bytes) -> str:
    with pikepdf.open(BytesIO(file)) as opened, opened.open_metadata() as told:
        return f"{told.get('pdfaid:part', '')}{told.get('pdfaid:conformance', '')}"


def heavy(pages: int, size: int = 400_000) -> bytes:
    """A PDF each of whose pages bears a picture that does not compress, of `size` bytes."""
    out = BytesIO()
    with pikepdf.new() as file:
        for number in range(pages):
            file.add_blank_page(page_size=(595, 842))
            picture = file.make_stream(Random(number).randbytes(size // 100 * 100))
            values = {"Type": "XObject", "Subtype": "Image", "ColorSpace": "DeviceGray"}
            for name, value in values.items():
                picture[f"/{name}"] = pikepdf.Name(f"/{value}")
            picture.Width, picture.Height, picture.BitsPerComponent = 100, size // 100, 8
            file.pages[-1].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
            file.pages[-1].Contents = file.make_stream(b"q 595 0 0 842 0 0 cm /P Do Q")
        file.save(out, compress_streams=False)
    return out.getvalue()


def brought(world, case, actor, *, side=0, title="Relevé", file=None):
    return actions.exhibit.add(actor, case, kind="other", side=side, title=title, document=world.brought(actor, title, file))


def test_the_whole_file_is_one_pdf_with_its_cover_its_bookmarks_and_a_number_on_each_page(world):
    case = world.joint_petition(at="check")
    bundle = made(world, case, world.clerk)
    file = content(bundle)
    pages = text(file)
    assert (bundle.state, bundle.percent, bundle.pages, bundle.doing) == ("ready", 100, len(pages), "")
    assert all(f"{number} / {len(pages)}" in page for number, page in enumerate(pages, 1))
    groups = outline(file)
    assert list(groups) == ["Copie du dossier", "Actes", "Pièces communes", "Greffe, audience et décisions"]
    assert groups["Actes"] == ["Convention", "Requête conjointe"]
    assert groups["Pièces communes"][0].startswith("Pièce commune n° 1 — ")
    cover = "".join(pages[:2])
    for exhibit in case.exhibits.select_related("document__head"):
        assert exhibit.document.head.sha256 in cover
        assert exhibit.stamped_id
    assert "copie" in cover
    assert "(original signé électroniquement)" in cover


def test_the_list_says_on_which_page_each_document_begins(world):
    case = world.joint_petition()
    for title in ("Premier", "Deuxième"):
        brought(world, case, world.lawyer, title=title, file=pdf(title, 3))
    pages = text(content(made(world, case, world.lawyer)))
    assert len(pages) == 7
    assert pages[0].index("Premier") < pages[0].index("Deuxième")
    assert "Premier" in pages[1]
    assert "Deuxième" in pages[4]
    assert ["2" in line and "5" in line for line in ("2", "5")]


def test_each_side_gets_what_it_may_see_and_no_more(world):
    case = world.joint_petition(lawyers=2)
    brought(world, case, world.lawyer, side=1, title="À nous seuls")
    brought(world, case, world.lawyer, side=0, title="À tous")
    ours, theirs = (made(world, case, actor) for actor in (world.lawyer, world.second_lawyer))
    assert "À nous seuls" in "".join(text(content(ours)))
    assert "À nous seuls" not in "".join(text(content(theirs)))
    assert list(outline(content(theirs))) == ["Copie du dossier", "Pièces communes"]
    with pytest.raises(NotFound):
        access.bundle(world.second_lawyer, case, ours.pk)


def test_a_bundle_is_read_by_those_who_see_at_least_what_it_was_made_for(world):
    case = world.joint_petition()
    brought(world, case, world.spouse_1, side=1)
    mine = made(world, case, world.spouse_1)
    assert access.bundle(world.lawyer, case, mine.pk) == mine  # stands on both sides
    with pytest.raises(NotFound):
        access.bundle(world.spouse_2, case, mine.pk)
    lawyers = made(world, case, world.lawyer)
    assert not access.bundles(world.spouse_1, case).filter(pk=lawyers.pk).exists()


def test_what_has_not_changed_is_not_made_again_whoever_of_the_side_asks(world):
    case = world.joint_petition()
    brought(world, case, world.lawyer)
    first = made(world, case, world.lawyer)
    assert actions.bundle.ask(world.staff, case) == first
    assert actions.bundle.ask(world.lawyer, case) == first
    brought(world, case, world.lawyer, title="Un de plus")
    assert actions.bundle.ask(world.lawyer, case) != first


def test_asking_is_in_the_register_for_ones_own_side(world):
    case = world.joint_petition(lawyers=2)
    brought(world, case, world.lawyer)
    actions.bundle.ask(world.lawyer, case)
    assert access.entries(world.spouse_1, case).filter(kind="bundle.asked").exists()
    assert not access.entries(world.spouse_2, case).filter(kind="bundle.asked").exists()


def test_nothing_makes_no_bundle(world):
    case = world.joint_petition()
    with pytest.raises(Invalid):
        actions.bundle.ask(world.lawyer, case)
    assert not Bundle.objects.exists()


def test_what_is_not_there_yet_is_named_with_its_reason(world):
    case = world.joint_petition()
    brought(world, case, world.lawyer)
    actions.exhibit.add(world.lawyer, case, kind="tax-statement", side=0, title="Avis d'impôt")
    cover = text(content(made(world, case, world.lawyer)))[0]
    assert "Avis d’impôt : annoncé, à suivre" in cover


def test_of_a_filing_it_holds_exactly_what_was_filed(world):
    case = world.joint_petition(at="check")
    filing = case.filings.get()
    after = brought(world, case, world.lawyer, title="Après le dépôt") if "exhibit.add" in case.current_step.may.get("lawyer", []) else None
    bundle = made(world, case, world.clerk, what="filing", about=filing.pk)
    assert after is None
    groups = outline(content(bundle))
    assert groups["Actes"] == ["Requête conjointe", "Convention"]
    assert len(groups["Pièces communes"]) == filing.exhibits.count()
    assert "Greffe, audience et décisions" not in groups


@pytest.mark.parametrize("what", ["filing", "exhibit"])
def test_of_what_one_may_not_see_there_is_none(world, what):
    case = world.joint_petition(lawyers=2)
    private = brought(world, case, world.lawyer, side=1)
    with pytest.raises(NotFound):
        actions.bundle.ask(world.second_lawyer, case, what=what, about=private.pk)


def test_signed_originals_stay_untouched_and_the_copy_says_so(world):
    case = world.joint_petition(at="file")
    before = {one.pk: one.document.head.sha256 for one in case.instruments.current().filter(kind__in=bundles.ACTS)}
    file = content(made(world, case, world.lawyer))
    after = {one.pk: one.document.head.sha256 for one in case.instruments.current().filter(kind__in=bundles.ACTS)}
    assert before == after
    assert all(digest in "".join(text(file)[:2]) for digest in before.values())
    with pikepdf.open(BytesIO(file)) as opened:
        assert "/AcroForm" not in opened.Root
        assert not [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and item.get("/FT") == pikepdf.Name.Sig]


def test_it_is_archival_where_every_document_is_or_can_be_made_so(world):
    case = world.joint_petition()
    brought(world, case, world.lawyer, file=heavy(1))
    bundle = made(world, case, world.lawyer)
    assert bundle.archival == archiving.able()
    assert claim(content(bundle)) == ("3B" if archiving.able() else "")


def test_it_claims_nothing_where_a_document_cannot_be_made_archival(world, monkeypatch):
    monkeypatch.setattr(archiving, "able", lambda: False)
    case = world.joint_petition()
    brought(world, case, world.lawyer, title="Un scan", file=heavy(1))
    bundle = made(world, case, world.lawyer)
    file = content(bundle)
    assert (bundle.archival, claim(file)) == (False, "")
    assert "faute de pouvoir y convertir à l’identique" in text(file)[0].replace("\n", " ")
    assert "Un scan" in text(file)[0]


def test_it_is_cut_at_the_edges_of_pages_under_the_size_asked(world):
    case = world.joint_petition()
    brought(world, case, world.lawyer, title="Un gros scan", file=heavy(9))
    bundle = made(world, case, world.lawyer, limit=2 * MB)
    assert (bundle.state, bundle.percent) == ("ready", 100)
    assert len(bundle.pieces) == 3
    whole = bundle.whole.pages
    assert [piece["first"] for piece in bundle.pieces] == [1, *(piece["last"] + 1 for piece in bundle.pieces[:-1])]
    assert bundle.pieces[-1]["last"] == whole
    for number, piece in enumerate(bundle.pieces, 1):
        file = content(bundle, number)
        assert len(file) == piece["size"] <= 2 * MB
        pages = text(file)
        assert f"Partie {number} sur 3" in pages[0]
        assert f"{piece['first']} / {whole}" in pages[1]
        assert len(pages) == 2 + piece["last"] - piece["first"]
        assert claim(file) == claim(content(bundle.whole))
        assert "Un gros scan" in outline(file)["Pièces communes"]


def test_a_page_larger_than_the_size_is_said_and_nothing_passes_it(world):
    case = world.joint_petition()
    brought(world, case, world.lawyer, title="Un plan", file=heavy(2, 3 * MB))
    bundle = made(world, case, world.lawyer, limit=MB)
    assert (bundle.state, bundle.pieces) == ("failed", [])
    found = bundles.problem(bundle)
    assert found.code == "page-too-large"
    assert "Un plan" in str(found.reason)
    assert bundle.problem["pages"][0]["page"] == 2
    assert made(world, case, world.lawyer, limit=5 * MB).state == "ready"


@pytest.mark.parametrize("limit", [1, bundles.SMALLEST - 1, bundles.LARGEST + 1])
def test_a_size_out_of_bounds_is_refused(world, limit):
    case = world.joint_petition()
    brought(world, case, world.lawyer)
    with pytest.raises(Invalid):
        actions.bundle.ask(world.lawyer, case, limit=limit)


def test_an_exhibit_can_be_cut_too(world):
    case = world.joint_petition()
    exhibit = brought(world, case, world.lawyer, title="Un gros scan", file=heavy(4))
    bundle = made(world, case, world.lawyer, what="exhibit", about=exhibit.pk, limit=MB)
    assert len(bundle.pieces) == 2  # a cover and two pages, then two
    assert bundles.name_of_piece(bundle, 2) == "piece-partie-2-sur-2.pdf"


def test_it_is_removed_when_its_days_are_over(world, settings):
    case = world.joint_petition()
    brought(world, case, world.lawyer)
    bundle = made(world, case, world.lawyer)
    kept = Version.objects.filter(document=bundle.document)
    assert {version.state for version in kept} == {State.READY}
    with clock.at(clock.now() + timedelta(days=settings.BUNDLE_DAYS, minutes=1)):
        world.work()
    bundle.refresh_from_db()
    assert bundle.state == "expired"
    assert {version.state for version in kept.all()} == {State.ERASED}
    assert not access.bundles(world.lawyer, case).exists()
    with pytest.raises(NotFound):
        bundles.piece(bundle, 1)


def test_an_exhibit_taken_back_is_in_no_later_bundle(world):
    case = world.joint_petition()
    brought(world, case, world.lawyer, title="Le bon")
    wrong = brought(world, case, world.lawyer, title="Une erreur")
    actions.exhibit.remove(world.lawyer, case, exhibit=wrong.pk)
    assert Exhibit.objects.filter(pk=wrong.pk).exists()
    assert "Une erreur" not in "".join(text(content(made(world, case, world.lawyer))))


def test_nothing_is_left_to_do_once_it_is_made_but_its_removal(world):
    case = world.joint_petition()
    brought(world, case, world.lawyer)
    bundle = made(world, case, world.lawyer)
    assert list(Owed.objects.filter(subject=str(bundle.pk)).values_list("kind", flat=True)) == ["cases.expire"]


def test_a_passing_copy_is_not_locked_in_the_store(world):
    case = world.joint_petition()
    exhibit = brought(world, case, world.lawyer)
    bundle = actions.bundle.ask(world.lawyer, case)
    bundling.make(str(bundle.pk))
    locked = set(Owed.objects.filter(kind="documents.lock").values_list("subject", flat=True))
    assert not locked & {str(version.pk) for version in Version.objects.filter(document=bundle.document)}
    assert exhibit.document_id


def test_a_copy_that_nobody_will_make_any_more_says_so_and_can_be_asked_for_again(world, settings, monkeypatch):
    case = world.joint_petition()
    brought(world, case, world.lawyer)
    settings.WORK_MAX_ATTEMPTS = 1
    monkeypatch.setattr(bundling, "_prepare", lambda row: 1 / 0)
    bundle = actions.bundle.ask(world.lawyer, case, limit=MB)
    run_due(tolerant=True)
    bundle.whole.refresh_from_db()
    assert (bundle.whole.state, bundles.problem(bundle.whole).code) == ("failed", "given-up")
    monkeypatch.undo()
    assert made(world, case, world.lawyer).state == "ready"


def test_what_was_being_made_when_its_bundle_was_ended_goes_too(world, monkeypatch):
    case = world.joint_petition()
    brought(world, case, world.lawyer)
    bundle = actions.bundle.ask(world.lawyer, case)
    keep = vault.keep_stream

    def ended_meanwhile(*given, **named):
        case_bytes.end(case.bundles.kept())
        return keep(*given, **named)

    monkeypatch.setattr(vault, "keep_stream", ended_meanwhile)
    world.work()
    bundle.refresh_from_db()
    assert (bundle.state, bundle.pieces, bundle.plan) == ("expired", [], [])
    assert not Version.objects.filter(document=bundle.document_id).exclude(state=State.ERASED).exists()

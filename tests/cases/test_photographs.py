"""Photographs just sent become one document: in the order and the turn their sender gives, and nobody else's until then."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pillow_heif
import pypdfium2
import pytest
from PIL import Image

import documents.photographs
from backend import clock
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, NotNow
from cases import actions, photographs
from cases.models import Photograph
from cases.photographs import LEFT, RIGHT, Page
from documents import vault
from documents.models import Document, State, Version
from documents.quotas import Full
from documents.sandbox import Limits
from tests.pdfs import pdf
from tests.world import World, unchanged

pytestmark = pytest.mark.django_db
RED, GREEN, BLUE = (200, 30, 30), (30, 160, 30), (30, 30, 200)
pillow_heif.register_heif_opener(thumbnails=False)


def paper(colour: tuple[int, int, int], kind: str = "JPEG", size: tuple[int, int] = (1240, 1754), **saved) -> bytes:
    """A sheet with a dark band along its top."""
    sheet = Image.new("RGB", size, colour)
    sheet.paste("black", (0, 0, size[0], size[1] // 8))
    out = BytesIO()
    sheet.save(out, kind, **saved)
    return out.getvalue()


def sent(world, actor, content: bytes):
    return world.brought(actor, "photo", content)


def waiting(world, actor, case, *contents: bytes) -> list[Photograph]:
    for content in contents:
        photographs.add(actor, case, sent(world, actor, content))
    return list(photographs.of(actor, case))


def pages_of(document) -> list[Image.Image]:
    return [page.render(scale=0.5).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(vault.content(document.head))]


def colour_of(picture: Image.Image) -> str:
    middle = picture.getpixel((picture.width // 2, picture.height // 2))
    return "RGB"[middle.index(max(middle))]


def band_of(picture: Image.Image) -> str:
    """Where the dark band is: on top once the sheet is upright."""
    wide, tall = picture.size
    spots = {
        "top": (wide // 2, tall // 16),
        "bottom": (wide // 2, tall - tall // 16),
        "left": (wide // 16, tall // 2),
        "right": (wide - wide // 16, tall // 2),
    }
    return next(name for name, spot in spots.items() if max(picture.getpixel(spot)) < 60)


def test_they_become_one_upright_document_in_the_order_chosen(world: World) -> None:
    case = world.joint_petition()
    rows = waiting(world, world.spouse_1, case, paper(RED), paper(GREEN), paper(BLUE))
    photographs.move(world.spouse_1, case, rows[2].pk, -2)
    pages = pages_of(photographs.gather(world.spouse_1, photographs.of(world.spouse_1, case), "Livret"))
    assert [colour_of(page) for page in pages] == ["B", "R", "G"]
    assert {band_of(page) for page in pages} == {"top"}
    assert {page.size for page in pages} == {(298, 421)}  # A4


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "HEIF"])
def test_every_usual_kind_of_picture_is_taken(world: World, kind: str) -> None:
    case = world.joint_petition()
    waiting(world, world.spouse_1, case, paper(GREEN, kind))
    (page,) = pages_of(photographs.gather(world.spouse_1, photographs.of(world.spouse_1, case), "Photo"))
    assert (colour_of(page), band_of(page)) == ("G", "top")


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "HEIF"])
def test_a_telephone_held_on_its_side_is_turned_upright_and_where_it_was_is_removed(world: World, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "Telephone of Madame Secret"
    lying = Image.open(BytesIO(paper(RED, "PNG"))).rotate(90, expand=True)
    out = BytesIO()
    lying.save(out, kind, exif=exif.tobytes())  # in bytes: a HEIC then says its turn in its own box too, as a telephone's does
    case = world.joint_petition()
    waiting(world, world.spouse_1, case, out.getvalue())
    document = photographs.gather(world.spouse_1, photographs.of(world.spouse_1, case), "Photo")
    assert band_of(pages_of(document)[0]) == "top"
    assert b"Secret" not in vault.content(document.head)
    assert b"Exif" not in vault.content(document.head)


def test_a_tiff_of_several_pages_gives_them_all(world: World) -> None:
    sheets = [Image.open(BytesIO(paper(colour, "PNG"))) for colour in (RED, GREEN, BLUE)]
    out = BytesIO()
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:])
    case = world.joint_petition()
    waiting(world, world.spouse_1, case, out.getvalue(), paper(RED))
    assert [colour_of(page) for page in pages_of(photographs.gather(world.spouse_1, photographs.of(world.spouse_1, case), "Scan"))] == [
        "R",
        "G",
        "B",
        "R",
    ]


@pytest.mark.parametrize(("turns", "band"), [([RIGHT], "right"), ([LEFT], "left"), ([RIGHT, RIGHT], "bottom"), ([LEFT, RIGHT], "top")])
def test_each_can_be_turned(world: World, turns: list[int], band: str) -> None:
    case = world.joint_petition()
    one, other = waiting(world, world.spouse_1, case, paper(RED), paper(GREEN))
    for degrees in turns:
        photographs.turn(world.spouse_1, case, one.pk, degrees)
    assert [band_of(page) for page in pages_of(photographs.gather(world.spouse_1, photographs.of(world.spouse_1, case), "Photo"))] == [
        band,
        "top",
    ]
    assert other.turn == 0


@pytest.mark.parametrize(("steps", "order"), [(-1, "GRB"), (1, "RBG"), (-9, "GRB"), (9, "RBG"), (0, "RGB")])
def test_each_can_be_moved_as_far_as_there_is_room(world: World, steps: int, order: str) -> None:
    case = world.joint_petition()
    rows = waiting(world, world.spouse_1, case, paper(RED), paper(GREEN), paper(BLUE))
    photographs.move(world.spouse_1, case, rows[1].pk, steps)
    assert (
        "".join(colour_of(page) for page in pages_of(photographs.gather(world.spouse_1, photographs.of(world.spouse_1, case), "x")))
        == order
    )


def test_one_thrown_away_is_erased(world: World) -> None:
    case = world.joint_petition()
    one, other = waiting(world, world.spouse_1, case, paper(RED), paper(GREEN))
    photographs.remove(world.spouse_1, case, one.pk)
    assert list(photographs.of(world.spouse_1, case)) == [other]
    assert Version.objects.get(document=one.document).state == State.ERASED


def test_the_document_is_an_exhibit_like_any_other_and_the_photographs_are_gone(world: World) -> None:
    case = world.joint_petition()
    rows = waiting(world, world.spouse_1, case, paper(RED), paper(GREEN))
    with photographs.gathered(world.spouse_1, case, "Livret de famille") as document:
        exhibit = actions.exhibit.add(world.spouse_1, case, kind="family-record-book", side=1, title="Livret", document=document.pk)
    actions.exhibit.communicate(world.spouse_1, case, exhibits=[exhibit.pk])
    world.work()
    exhibit.refresh_from_db()
    assert exhibit.stamped_id
    assert document.head.facts["photographs"] == [row.document.head.sent_sha256 for row in rows]
    assert not Photograph.objects.exists()
    with pikepdf.open(BytesIO(vault.content(document.head))) as made, made.open_metadata() as told:
        assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "B")


def test_one_that_arrives_while_the_document_is_made_waits_for_the_next(world: World) -> None:
    case = world.joint_petition()
    waiting(world, world.spouse_1, case, paper(RED))
    with photographs.gathered(world.spouse_1, case, "Livret"):
        late = sent(world, world.spouse_1, paper(BLUE))
        photographs.add(world.spouse_1, case, late)
    assert [row.document_id for row in photographs.of(world.spouse_1, case)] == [late]
    assert Version.objects.get(document=late).state == State.READY


def test_where_the_document_cannot_be_added_it_goes_and_the_photographs_stay(world: World) -> None:
    case = world.joint_petition()
    waiting(world, world.spouse_1, case, paper(RED))
    with pytest.raises(NotFound), photographs.gathered(world.spouse_1, case, "Livret") as document:
        raise NotFound
    assert Version.objects.get(document=document).state == State.ERASED
    assert photographs.of(world.spouse_1, case).count() == 1


def test_one_added_as_an_exhibit_is_a_photograph_no_more(world: World) -> None:
    case = world.joint_petition()
    mine, other = waiting(world, world.spouse_1, case, paper(RED), paper(GREEN))
    actions.exhibit.add(world.spouse_1, case, kind="other", side=1, title="Photo", document=mine.document_id)
    assert list(photographs.of(world.spouse_1, case)) == [other]
    with pytest.raises(Invalid):
        photographs.add(world.spouse_1, case, mine.document_id)


def test_the_document_takes_the_place_of_the_photographs_in_its_senders_quota_and_no_more(world: World, settings: Any) -> None:
    case = world.joint_petition()
    waiting(world, world.spouse_1, case, paper(RED), paper(GREEN))
    settings.QUOTA_UNBOUND_FILES = 1
    made = photographs.gather(world.spouse_1, photographs.of(world.spouse_1, case), "x")
    with pytest.raises(Full):
        photographs.gather(world.spouse_1, photographs.of(world.spouse_1, case), "y")
    assert list(Document.objects.filter(name__in=["x", "y"])) == [made]


def test_each_goes_in_once_and_what_cannot_be_gathered_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = world.joint_petition()
    (one,) = waiting(world, world.spouse_1, case, paper(RED))
    with pytest.raises(Invalid):
        photographs.compose(world.spouse_1, [Page(one.document_id)] * 2, "deux fois")
    monkeypatch.setattr(documents.photographs, "GATHERING", Limits(output=1000))
    with pytest.raises(Invalid) as refusal:
        photographs.compose(world.spouse_1, [Page(one.document_id)], "trop lourd")
    assert refusal.value.code == "not-gathered"


def test_asked_again_under_its_key_the_same_document_is_given_though_the_photographs_are_gone(world: World) -> None:
    pages = [Page(sent(world, world.spouse_1, paper(RED)))]
    made = photographs.make(world.spouse_1, pages, "Livret", key="once")
    assert Version.objects.get(document=pages[0].document).state == State.ERASED
    assert photographs.make(world.spouse_1, pages, "Livret", key="once") == made
    with pytest.raises(Conflict):
        photographs.make(world.spouse_1, pages, "Autre", key="once")
    assert Document.objects.filter(name="Livret").count() == 1


def test_until_then_nothing_is_in_the_register_and_nobody_else_sees_them(world: World) -> None:
    case = world.joint_petition()
    with unchanged(case.chain):
        (mine,) = waiting(world, world.spouse_1, case, paper(RED))
        photographs.turn(world.spouse_1, case, mine.pk, RIGHT)
    for actor in (world.spouse_2, world.lawyer, world.staff):
        assert not photographs.of(actor, case)
        for act in (photographs.remove, photographs.picture):
            with pytest.raises(NotFound):
                act(actor, case, mine.pk)
        with pytest.raises(Invalid):
            photographs.compose(actor, [Page(mine.document_id)], "volé")


def test_what_is_no_photograph_is_refused(world: World) -> None:
    case = world.joint_petition()
    with pytest.raises(Invalid) as refusal:
        photographs.add(world.spouse_1, case, sent(world, world.spouse_1, pdf("Acte")))
    assert refusal.value.code == "not-a-picture"


def test_nothing_is_made_of_nothing_nor_of_too_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photographs, "AT_ONCE", 2)
    case = world.joint_petition()
    with pytest.raises(Invalid):
        photographs.gather(world.spouse_1, photographs.of(world.spouse_1, case), "vide")
    waiting(world, world.spouse_1, case, paper(RED), paper(GREEN))
    with pytest.raises(Invalid):
        waiting(world, world.spouse_1, case, paper(BLUE))
    assert photographs.of(world.spouse_1, case).count() == 2


def test_who_may_add_no_exhibit_sends_no_photograph(world: World) -> None:
    case = world.joint_petition(at="check")
    for actor, refusal in ((world.spouse_1, NotNow), (world.clerk, NotAllowed)):
        with pytest.raises(refusal):
            photographs.add(actor, case, sent(world, actor, paper(RED)))


def test_those_left_behind_are_erased_with_what_else_is_put_to_no_use(world: World, settings: Any) -> None:
    case = world.joint_petition()
    (one,) = waiting(world, world.spouse_1, case, paper(RED))
    with clock.at(clock.now() + timedelta(days=settings.UNBOUND_DAYS, minutes=1)):
        vault.erase_left_alone()
    assert not photographs.of(world.spouse_1, case)
    assert Version.objects.get(document=one.document).state == State.ERASED
    waiting(world, world.spouse_1, case, paper(GREEN))
    assert len(pages_of(photographs.gather(world.spouse_1, photographs.of(world.spouse_1, case), "x"))) == 1


def test_a_file_of_many_pixels_weighs_as_a_scan_at_300_dpi(world: World) -> None:
    case = world.joint_petition()
    waiting(world, world.spouse_1, case, paper(RED, size=(6000, 8000), quality=100))
    with pikepdf.open(BytesIO(vault.content(photographs.gather(world.spouse_1, photographs.of(world.spouse_1, case), "x").head))) as made:
        image = made.pages[0].images["/P"]
        assert max(int(image.Width), int(image.Height)) == 3508

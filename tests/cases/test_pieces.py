"""A bound copy is read here like any other document: page by page, noted for those who brought each, by those who may take it away."""

from datetime import timedelta
from io import BytesIO
from random import Random
from typing import Any

import pikepdf
import pytest
from PIL import Image

from backend import clock
from backend.errors import NotFound
from cases import access, actions, pieces
from cases.models import Bundle, Case
from documents import reading, vault
from documents.models import State
from tests.calling import client_of
from tests.pdfs import pdf
from tests.world import World

MB = 1_000_000
READING = ("pages/1", "pages/1/text", "search?q=loyer")


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def case(world: World) -> Case:
    return world.joint_petition(lawyers=2)


def brought(world: World, case: Case, title: str, pages: int = 2, side: int = 1) -> Any:
    document = world.brought(world.spouse_1, title, pdf(title, pages))
    return actions.exhibit.add(world.spouse_1, case, kind="other", side=side, title=title, document=document)


def bound(world: World, case: Case, **asked: Any) -> Bundle:
    bundle = actions.bundle.ask(world.lawyer, case, **asked)
    world.work()
    bundle.refresh_from_db()
    assert bundle.state == "ready"
    return bundle


def place(bundle: Bundle, number: int = 1) -> str:
    return f"/api/v1/cases/{bundle.case_id}/bundles/{bundle.pk}/pieces/{number}"


def opened(world: World, case: Case) -> list[str]:
    return [str(entry.about_id) for entry in access.openings(world.spouse_1, case).filter(kind=actions.reading.OPENED)]


def test_its_pages_are_shown_and_its_words_found_with_the_page_of_the_copy(world, case):
    brought(world, case, "Quittance", 2)
    brought(world, case, "Contrat de loyer", 3)
    base, reader = place(bound(world, case)), client_of(world.lawyer_user)
    page, small = reader.get(f"{base}/pages/4"), reader.get(f"{base}/pages/4?size=thumbnail")
    widths = [Image.open(BytesIO(answer.content)).width for answer in (page, small)]
    assert page["Content-Type"] == "image/webp"
    assert widths[1] == 240 < widths[0]
    hits = reader.get(f"{base}/search", {"q": "LOYER"}).data
    assert [hit["page"] for hit in hits] == [1, 4, 5, 6]  # the list on the cover, then the contract
    assert [hit["page"] for hit in reader.get(f"{base}/search", {"q": "quittance"}).data] == [1, 2, 3]
    runs = reader.get(f"{base}/pages/4/text").data["runs"]
    assert "loyer" in " ".join(run["text"] for run in runs)
    assert "Quittance" in " ".join(run["text"] for run in reader.get(f"{base}/pages/1/text").data["runs"])
    assert [reader.get(f"{base}/pages/{number}").status_code for number in (0, 7)] == [404, 404]


def test_of_one_cut_into_parts_each_is_read_with_its_own_pages(world, case):
    titles = ("Premier", "Deuxième", "Troisième")
    for title in titles:
        document = world.brought(world.spouse_1, title, weighty_pages(title))
        actions.exhibit.add(world.spouse_1, case, kind="other", side=1, title=title, document=document)
    bundle = bound(world, case, limit=MB)
    assert len(bundle.pieces) > 1
    for number in range(1, len(bundle.pieces) + 1):
        piece = pieces.piece(world.lawyer, case, bundle.pk, number)
        assert [page for one in piece.stretches for page in one.pages] == list(range(1, piece.count + 1))
        for one in piece.stretches:
            if one.part is None:
                continue
            seen = reading.layout(piece.version, one.first)
            assert one.part["title"] in " ".join(run.text for run in seen.runs)
            assert one.first in [hit.page for hit in pieces.find(piece, one.part["title"])]


def test_what_is_read_of_it_is_noted_for_those_who_brought_that_document_and_no_other(world, case):
    first, second = brought(world, case, "Premier"), brought(world, case, "Second")
    base, reader = place(bound(world, case)), client_of(world.lawyer_user)
    reader.get(f"{base}/pages/2?size=thumbnail")
    reader.get(f"{base}/pages/1")  # the cover
    reader.head(f"{base}/pages/2")
    assert opened(world, case) == []
    reader.get(f"{base}/pages/4")
    assert opened(world, case) == [str(second.pk)]
    reader.get(f"{base}/search", {"q": "premier"})
    assert opened(world, case) == [str(second.pk), str(first.pk)]
    assert not access.openings(world.spouse_1, case).filter(kind=actions.reading.DOWNLOADED).exists()


@pytest.mark.parametrize("what", READING)
def test_who_may_not_take_it_away_reads_nothing_of_it(world, case, what):
    brought(world, case, "Loyer")
    address = f"{place(bound(world, case))}/{what}"
    others = (world.second_lawyer_user, world.spouse_2_user, world.outsider_user, world.clerk_user, world.administrator_user)
    assert [client_of(user).get(address).status_code for user in others] == [404] * 5
    assert client_of(world.lawyer_user).get(address).status_code == 200


def test_it_is_read_no_more_once_it_has_ended(world, case, settings, client):
    brought(world, case, "Loyer")
    bundle = bound(world, case)
    client.force_login(world.lawyer_user)
    page = f"/dossiers/{case.pk}/copies/{bundle.pk}/1/lire/"
    assert client_of(world.lawyer_user).get(f"{place(bundle)}/pages/1").status_code == 200
    assert client.get(page).status_code == 200
    with clock.at(clock.now() + timedelta(days=settings.BUNDLE_DAYS, minutes=1)):
        world.work()
    assert [client_of(world.lawyer_user).get(f"{place(bundle)}/{what}").status_code for what in READING] == [404] * 3
    assert client.get(page).status_code == 404
    with pytest.raises(NotFound):
        pieces.piece(world.lawyer, case, bundle.pk, 1)


def test_of_a_stamped_copy_the_text_is_that_of_what_was_stamped(world, case):
    exhibit = brought(world, case, "Loyer", side=0)
    actions.exhibit.communicate(world.spouse_1, case, exhibits=[exhibit.pk])
    world.work()
    piece = pieces.piece(world.lawyer, case, bound(world, case, what="exhibit", about=exhibit.pk).pk, 1)
    exhibit.refresh_from_db()
    (bound_version,) = piece.sources
    assert bound_version == str(exhibit.stamped.head_id)
    assert piece.sources[bound_version] == exhibit.document.head


def test_what_was_bound_and_is_erased_since_is_still_found_in_the_copy(world, case):
    exhibit = brought(world, case, "Loyer")
    piece = pieces.piece(world.lawyer, case, bound(world, case).pk, 1)
    vault.erase(exhibit.document)
    again = pieces.piece(world.lawyer, case, piece.bundle.pk, 1)
    assert {version.state for version in again.sources.values()} == {State.ERASED}
    assert [hit.page for hit in pieces.find(again, "loyer")] == [1, 2, 3]


def test_a_long_text_is_read_in_several_goes(world, case, monkeypatch):
    brought(world, case, "Quittance", 1)
    brought(world, case, "Loyer", 2)
    base, reader = place(bound(world, case)), client_of(world.lawyer_user)
    monkeypatch.setattr(pieces, "SECONDS", -1.0)
    answer = reader.get(f"{base}/search", {"q": "loyer"})
    assert (answer.status_code, "Try again in a moment" in answer.data["detail"]) == (409, True)
    monkeypatch.undo()
    assert [hit["page"] for hit in reader.get(f"{base}/search", {"q": "loyer"}).data] == [1, 3, 4]


def weighty_pages(title: str) -> bytes:
    """A document of two pages that bear its title, each with a picture of 350 kB that does not compress."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf(title, 2))) as made:
        for number, page in enumerate(made.pages):
            picture = made.make_stream(Random(f"{title}{number}").randbytes(350_000))
            picture.Type, picture.Subtype, picture.ColorSpace = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.DeviceGray
            picture.Width, picture.Height, picture.BitsPerComponent = 500, 700, 8
            page.contents_add(f"q 250 0 0 350 200 100 cm {page.add_resource(picture, pikepdf.Name.XObject)} Do Q".encode())
        made.save(out, compress_streams=False)
    return out.getvalue()

"""Copies and photographs over the API: asked, followed, fetched; by those of the case and nobody else."""

from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from asgiref.sync import async_to_sync
from PIL import Image

from cases import actions, photographs
from tests.world import World


@pytest.fixture
def copied(world: World, calling: Any) -> dict[str, Any]:
    """A case with an exhibit of the first side, its lawyer's client, and the copy asked."""
    case = world.joint_petition(lawyers=2)
    exhibit = actions.exhibit.add(world.lawyer, case, kind="other", side=1, title="Bail", document=world.brought(world.lawyer, "Bail"))
    client = calling(world.lawyer_user)
    url = f"/api/v1/cases/{case.pk}/bundles"
    answer = client.post(url, {}, format="json")
    return {"case": case, "exhibit": exhibit, "client": client, "url": url, "answer": answer}


async def whole(answer: Any) -> bytes:
    """All that a streamed answer brings."""
    return b"".join([chunk async for chunk in answer.streaming_content])


def test_a_copy_is_asked_followed_and_fetched(world: World, copied: dict[str, Any]) -> None:
    client, asked = copied["client"], copied["answer"]
    assert asked.status_code == 202
    assert (asked.data["state"], asked.data["percent"], asked.data["pieces"]) == ("waiting", 0, [])
    world.work()
    told = client.get(f"{copied['url']}/{asked.data['id']}").data
    assert (told["state"], told["percent"], told["pages"], told["problem"]) == ("ready", 100, 2, None)
    (piece,) = told["pieces"]
    answer = client.get(piece["href"])
    content = async_to_sync(whole)(answer)
    assert answer["Content-Disposition"] == 'attachment; filename="dossier.pdf"'
    assert len(content) == piece["size"]
    assert len(pypdfium2.PdfDocument(BytesIO(content))) == 2
    assert [each["id"] for each in client.get(copied["url"]).data] == [asked.data["id"]]


def test_the_other_side_finds_neither_the_copy_nor_its_file(world: World, copied: dict[str, Any], calling: Any) -> None:
    world.work()
    other = calling(world.second_lawyer_user)
    place = f"{copied['url']}/{copied['answer'].data['id']}"
    assert [other.get(url).status_code for url in (place, f"{place}/pieces/1")] == [404, 404]
    assert other.get(copied["url"]).data == []
    asked = other.post(copied["url"], {"what": "exhibit", "about": str(copied["exhibit"].pk)}, format="json")
    assert asked.status_code == 404


@pytest.mark.parametrize("number", [0, 2, 99])
def test_a_part_that_is_not_there_is_not_found(world: World, copied: dict[str, Any], number: int) -> None:
    world.work()
    assert copied["client"].get(f"{copied['url']}/{copied['answer'].data['id']}/pieces/{number}").status_code == 404


def test_a_copy_that_is_not_ready_has_no_file(copied: dict[str, Any]) -> None:
    assert copied["client"].get(f"{copied['url']}/{copied['answer'].data['id']}/pieces/1").status_code == 404


def test_a_size_too_small_says_which_field_and_what_to_do(copied: dict[str, Any]) -> None:
    answer = copied["client"].post(copied["url"], {"limit": 5}, format="json")
    assert (answer.status_code, answer.data["field"]) == (422, "limit")


def test_photographs_sent_before_become_one_document_to_add(world: World, calling: Any) -> None:
    case = world.joint_petition()
    client = calling(world.spouse_1_user)
    ids = [str(world.brought(world.spouse_1, "photo", picture(colour))) for colour in ("red", "blue")]
    pages = [{"document": ids[1], "turn": 90}, {"document": ids[0]}]
    made = client.post("/api/v1/photographs", {"pages": pages, "name": "Livret"}, format="json")
    assert (made.status_code, made.data["state"], made.data["pages"]) == (201, "ready", 2)
    exhibit = {"kind": "other", "side": 1, "title": "Livret", "document": made.data["id"]}
    assert client.post(f"/api/v1/cases/{case.pk}/exhibits", exhibit, format="json").status_code == 201
    again = client.post("/api/v1/photographs", {"pages": pages, "name": "Livret"}, format="json")
    assert again.status_code == 422  # they are in the document, and thrown away


def test_anothers_photographs_are_not_found(world: World, calling: Any) -> None:
    key = str(world.brought(world.spouse_1, "photo", picture("red")))
    answer = calling(world.spouse_2_user).post("/api/v1/photographs", {"pages": [{"document": key}], "name": "x"}, format="json")
    assert answer.status_code == 422


def test_a_photograph_in_hand_is_shown_to_its_sender_only(world: World, calling: Any) -> None:
    case = world.joint_petition()
    one = photographs.add(world.spouse_1, case, world.brought(world.spouse_1, "photo", picture("red")))
    url = f"/api/v1/cases/{case.pk}/photographs/{one.pk}/pages/1"
    assert calling(world.spouse_1_user).get(url)["Content-Type"] == "image/webp"
    assert calling(world.lawyer_user).get(url).status_code == 404


def picture(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (1240, 1754), colour).save(out, "JPEG")
    return out.getvalue()

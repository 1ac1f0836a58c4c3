"""Reading before signing, by the door: each page is noted as it is given out; a thumbnail, a range or somebody else's reading is not it."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync

from cases.models import Case, Instrument
from tests.calling import client_of
from tests.world import World


@pytest.fixture
def case(world: World) -> Case:
    return world.joint_petition(at="sign")


def address(case: Case, kind: str, rest: str) -> str:
    return f"/api/v1/cases/{case.pk}/instruments/{case.instruments.current().get(kind=kind).pk}/{rest}"


def unread(client: Any, case: Case) -> dict[str, list[int]]:
    return {row["kind"]: row["unread"] for row in client.get(f"/api/v1/cases/{case.pk}/signature").json()}


def pages(case: Case) -> list[int]:
    petition = case.instruments.current().select_related("session__base").get(kind="petition")
    return list(range(1, petition.session.base.pages + 1))


def test_a_page_that_was_given_out_is_read_and_a_thumbnail_is_not(world: World, case: Case) -> None:
    client, other = client_of(world.spouse_1_user), client_of(world.spouse_2_user)
    assert unread(client, case)["petition"] == pages(case)

    client.get(address(case, "petition", "pages/1?size=thumbnail"))
    other.get(address(case, "petition", "pages/1"))
    assert unread(client, case)["petition"] == pages(case)
    answer = client.get(address(case, "petition", "pages/1?size=reading"))
    assert answer["Cache-Control"] == "private, no-store"  # asked for again, it is noted again
    assert unread(client, case)["petition"] == pages(case)[1:]


def test_the_whole_file_is_all_its_pages_and_a_range_of_it_is_none(world: World, case: Case) -> None:
    client = client_of(world.spouse_1_user)
    part = client.get(address(case, "petition", "file"), headers={"Range": "bytes=0-9"})
    assert part.status_code == 206
    assert unread(client, case)["petition"] == pages(case)

    given = client.get(address(case, "petition", "file"))
    assert given.status_code == 200
    assert unread(client, case)["petition"] == pages(case), "not one byte was taken yet"
    assert async_to_sync(taken)(given) == int(given["Content-Length"])
    assert unread(client, case)["petition"] == []


async def taken(answer: Any) -> int:
    """How many bytes a streamed answer brings, to its end."""
    return sum([len(chunk) async for chunk in answer.streaming_content])


async def first(answer: Any) -> int:
    """The same of who leaves with the first chunk."""
    chunks = aiter(answer.streaming_content)
    size = len(await anext(chunks))
    await chunks.aclose()
    return size


def test_who_leaves_before_the_end_of_the_file_was_shown_none_of_its_pages(world: World, case: Case) -> None:
    client = client_of(world.spouse_1_user)
    assert async_to_sync(first)(client.get(address(case, "petition", "file"))) > 0
    assert unread(client, case)["petition"] == pages(case)


def test_who_asks_for_headers_only_has_read_nothing(world: World, case: Case) -> None:
    client = client_of(world.spouse_1_user)
    for place in ("file", "pages/1"):
        assert client.head(address(case, "petition", place)).status_code == 200
    assert unread(client, case)["petition"] == pages(case)


def test_what_is_given_out_to_a_signer_is_what_was_frozen_whoever_has_signed_since(world: World, case: Case) -> None:
    world.signs(world.spouse_2, case)
    world.work()
    client = client_of(world.spouse_1_user)
    row = next(one for one in client.get(f"/api/v1/cases/{case.pk}/signature").json() if one["kind"] == "agreement")

    mine, theirs = (client_of(user).get(address(case, "agreement", "file")) for user in (world.spouse_1_user, world.spouse_2_user))

    assert mine["ETag"] == f'"{row["sha256"]}"' != theirs["ETag"]


def test_a_picture_is_kept_by_who_has_nothing_to_sign_and_its_access_asked_again_each_time(world: World, case: Case) -> None:
    world.signs(world.spouse_1, case)
    client, place = client_of(world.spouse_1_user), address(case, "petition", "pages/1")
    given = client.get(place)
    assert given["Cache-Control"] == "private, no-cache"
    again = client.get(place, headers={"If-None-Match": given["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    small = client.get(f"{place}?size=thumbnail", headers={"If-None-Match": given["ETag"]})
    assert (small.status_code, small["ETag"] == given["ETag"]) == (200, False)
    assert client_of(world.outsider_user).get(place, headers={"If-None-Match": given["ETag"]}).status_code == 404


def test_who_signs_nothing_more_reads_without_being_noted(world: World, case: Case) -> None:
    world.signs(world.spouse_1, case)
    before = Instrument.objects.get(pk=case.instruments.current().get(kind="petition").pk).session.shown.count()

    assert client_of(world.spouse_1_user).get(address(case, "petition", "pages/1")).status_code == 200

    assert Instrument.objects.get(pk=case.instruments.current().get(kind="petition").pk).session.shown.count() == before

"""Reading before signing, by the door: each page is noted as it is given out; a thumbnail, a range or somebody else's reading is not it."""

from typing import Any

import pytest

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

    assert client.get(address(case, "petition", "file")).status_code == 200
    assert unread(client, case)["petition"] == []


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


def test_who_signs_nothing_more_reads_without_being_noted(world: World, case: Case) -> None:
    world.signs(world.spouse_1, case)
    before = Instrument.objects.get(pk=case.instruments.current().get(kind="petition").pk).session.shown.count()

    assert client_of(world.spouse_1_user).get(address(case, "petition", "pages/1")).status_code == 200

    assert Instrument.objects.get(pk=case.instruments.current().get(kind="petition").pk).session.shown.count() == before

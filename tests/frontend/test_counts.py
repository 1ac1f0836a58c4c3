"""The pages ask the database no more when what they show grows: the caseload, every room of a case, the pages of the court."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend import clock
from backend.people.models import User
from cases import actions
from cases.models import Case, Hearing
from tests.frontend.test_case_pages import ROOMS
from tests.frontend.test_court_pages import OF_A_CASE, OF_THE_BENCH
from tests.world import ARMELLE, THIBAULT, World

Counts = dict[str, int]


@pytest.fixture
def asked(client: Client) -> Callable[[User, Iterable[str]], Counts]:
    """How often each of these addresses asks the database, for whoever is signed in."""

    def counted(user: User, addresses: Iterable[str]) -> Counts:
        client.force_login(user)
        return {address: queries(client, address) for address in addresses}

    return counted


def queries(client: Client, address: str) -> int:
    client.get(address)  # what is remembered from one page to the next
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code in (200, 302), address
    return len(captured)


def grown(before: Counts, after: Counts) -> dict[str, tuple[int, int]]:
    return {address: (count, after[address]) for address, count in before.items() if after[address] != count}


def opened(world: World, times: int) -> None:
    for _ in range(times):
        actions.opening.open(world.lawyer, kind="joint-petition", spouses=[ARMELLE, THIBAULT], acts_for=[1, 2])


def test_the_caseload_asks_as_much_for_three_cases_as_for_thirty(world: World, asked: Any) -> None:
    pages = ["/dossiers/", "/dossiers/?q=Vauquelin", "/dossiers/?step=prepare"]
    opened(world, 3)
    before = asked(world.lawyer_user, pages)
    opened(world, 27)

    assert grown(before, asked(world.lawyer_user, pages)) == {}


@pytest.mark.parametrize("name", ["lawyer_user", "spouse_1_user"])
def test_every_room_of_a_case_asks_as_much_when_the_case_has_grown(world: World, asked: Any, name: str) -> None:
    case, user = world.joint_petition(lawyers=2), getattr(world, name)
    rooms = [f"/dossiers/{case.pk}/{room}" for room in ROOMS]
    fill(world, case, 3)
    before = asked(user, rooms)
    fill(world, case, 27)

    assert grown(before, asked(user, rooms)) == {}


def fill(world: World, case: Case, times: int) -> None:
    """So many exhibits (some with a file, some communicated), messages, children and invitations more."""
    for number in range(times):
        actions.exhibit.add(world.lawyer, case, kind="other", side=1, title=f"À suivre {number}")
        actions.correspondence.write(world.lawyer, case, channel="lawyers", body="Bonjour")
        actions.correspondence.write(world.lawyer, case, channel="side:1", body="Bonjour")
        actions.opening.add_child(world.lawyer, case, first_names=f"Enfant {number}", name="Desmarets", born="2015-05-09")
    for _ in range(3):
        exhibit = world.exhibit(case, world.lawyer, "other", side=1)
        actions.exhibit.communicate(world.lawyer, case, exhibits=[exhibit.pk])
        world.exhibit(case, world.lawyer, "other", side=1)
    world.work()


def test_every_room_of_a_case_at_court_asks_as_much_when_it_has_grown(world: World, asked: Any) -> None:
    case = world.joint_petition(at="check")
    actions.filing.claim(world.clerk, case)
    rooms = [f"/bureau/{case.pk}/", *(f"/dossiers/{case.pk}/{room}" for room in OF_A_CASE)]
    question(world, case, 1)
    before = asked(world.clerk_user, rooms)
    question(world, case, 9)

    assert grown(before, asked(world.clerk_user, rooms)) == {}


def question(world: World, case: Case, times: int) -> None:
    """So many questions of the registry, messages and holds more, with the letters they make."""
    for _ in range(times):
        to, by = [world.lawyer_user.pk, world.spouse_1_user.pk], clock.today() + timedelta(days=8)
        actions.filing.ask(world.clerk, case, to=to, text="Quel régime ?", answer_by=by)
        actions.correspondence.write(world.clerk, case, channel="registry", body="Bonjour")
        actions.keeping.hold(world.clerk, case, reason="Une instruction est en cours.")
    world.work()


def test_the_pages_of_the_court_ask_as_much_for_one_case_as_for_four(world: World, asked: Any) -> None:
    case = world.joint_petition(at="hear")
    held = case.hearings.get().list_id
    pages = [*OF_THE_BENCH, "/bureau/?file=hearings", f"/audiences/{held}/"]
    before = asked(world.clerk_user, pages)
    for _ in range(3):
        world.joint_petition(at="hear")
    assert Hearing.objects.filter(list=held).count() == 4

    assert grown(before, asked(world.clerk_user, pages)) == {}

"""Lists and the page of a case are read in a number of queries that does not grow with what they show."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import actions
from tests.world import World

SIGNED_IN = 3  # the token, the memberships, the strength
CASE = SIGNED_IN + 4  # the case with its court, the spouses, the children, the lawyers
LISTS = {
    "/exhibits": CASE + 2,  # the second: exhibits whose file is the same
    "/answers": CASE + 1,
    "/instruments": CASE + 1,
    "/invitations": CASE + 1,
    "/messages": CASE + 1,
    "/entries": CASE + 4,
    "/signature": CASE + 4,
    "": CASE + 4,
}
AT_MOST = 12  # for a case, at any step


def queries(client: Any, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(url)
    assert answer.status_code == 200, answer.data
    return len(captured)


@pytest.mark.parametrize("path", LISTS)
def test_what_a_case_shows_costs_the_same_when_it_grows(world: World, calling: Any, path: str) -> None:
    case = world.joint_petition(at="sign", lawyers=2)
    lawyer, url = calling(world.lawyer_user), f"/api/v1/cases/{case.pk}{path}"
    before = queries(lawyer, url)
    grow(world, lawyer, case)
    assert queries(lawyer, url) == before
    assert before == LISTS[path]


def test_a_case_that_was_heard_decided_and_came_back_costs_no_more_than_any_may(world: World, calling: Any) -> None:
    case = world.joint_petition(at="new-agreement", lawyers=2)
    assert queries(calling(world.lawyer_user), f"/api/v1/cases/{case.pk}") == AT_MOST


def grow(world: World, lawyer: Any, case: Any) -> None:
    """More of everything, and the signature opened again."""
    actions.signing.cancel(world.lawyer, case)
    base = f"/api/v1/cases/{case.pk}"
    for number in range(4):
        child = lawyer.post(f"{base}/children", {"first_names": f"Enfant {number}", "name": "D", "born": "2015-05-09"}, format="json").data
        world.answer(case, "voice", {"discernment": False}, child["id"])
        world.exhibit(case, world.lawyer, "other", side=1)
        lawyer.post(f"{base}/messages", {"channel": "lawyers", "body": "Bonjour"}, format="json")
    world.to_sign(case)


def test_the_caseload_costs_the_same_when_it_grows(world: World, calling: Any) -> None:
    lawyer = calling(world.lawyer_user)
    world.joint_petition(spouses=False)
    before = queries(lawyer, "/api/v1/cases")
    for _ in range(3):
        world.joint_petition(spouses=False)
    assert queries(lawyer, "/api/v1/cases") == before == SIGNED_IN + 1


def test_the_desk_costs_the_same_when_it_grows(world: World, calling: Any) -> None:
    clerk = calling(world.clerk_user)
    world.joint_petition(at="check")
    before = queries(clerk, "/api/v1/desk")
    world.joint_petition(at="check")
    world.joint_petition(at="check")
    assert len(clerk.get("/api/v1/desk").data["results"]) == 3
    assert queries(clerk, "/api/v1/desk") == before == SIGNED_IN + 1

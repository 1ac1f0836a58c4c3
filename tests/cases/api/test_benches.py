"""The desk beyond its filings: each queue with its cases, and the figures, for those who work at the court."""

from datetime import datetime
from typing import Any

import pytest

from cases import benches
from cases.models import Case
from tests.world import World

HOLDS = {
    "check": "filings",
    "hear-child": "children",
    "schedule": "schedule",
    "hear": "hearings",
    "new-agreement": "adjourned",
    "recourse": "after",
}


def queue(client: Any, name: str, **query: str) -> list[Any]:
    answer = client.get("/api/v1/desk/cases", {"queue": name, **query})
    assert answer.status_code == 200, answer.data
    rows: list[Any] = answer.data["results"]
    return rows


@pytest.mark.parametrize("step", HOLDS)
def test_a_case_waits_in_the_queue_of_its_step_and_in_no_other(world: World, calling: Any, step: str) -> None:
    case = world.joint_petition(at=step)
    clerk = calling(world.clerk_user)

    found = {name: [row["case"]["id"] for row in queue(clerk, name)] for name in benches.QUEUES}
    assert found == {name: [str(case.pk)] if name == HOLDS[step] else [] for name in benches.QUEUES}
    told = {row["name"]: row["cases"] for row in clerk.get("/api/v1/desk/queues").data}
    assert told == {name: len(rows) for name, rows in found.items()}


def test_the_queues_say_whose_work_they_are(world: World, calling: Any) -> None:
    told = calling(world.judge_user).get("/api/v1/desk/queues").data
    assert {row["name"] for row in told if row["mine"]} == {name for name, queue in benches.QUEUES.items() if "judge" in queue.roles}
    assert [row["mine"] for row in told] == sorted((row["mine"] for row in told), reverse=True)


def test_a_row_tells_the_hearing_and_what_is_to_post(world: World, calling: Any) -> None:
    case = world.joint_petition(at="hear")
    case.hearings.get().summonses.update(sent_on=None)
    (row,) = queue(calling(world.clerk_user), "hearings", q=case.title.split()[0])
    assert (datetime.fromisoformat(row["hearing_at"]), row["to_post"]) == (case.hearings.get().at, 2)
    assert queue(calling(world.clerk_user), "hearings", q="nobody") == []


def test_an_unknown_queue_is_refused(world: World, calling: Any) -> None:
    assert calling(world.clerk_user).get("/api/v1/desk/cases", {"queue": "lost"}).status_code == 422


def test_the_figures_count_what_came_in_and_why_it_went_back(world: World, calling: Any) -> None:
    case: Case = world.joint_petition(at="check")
    clerk = calling(world.clerk_user)
    before = clerk.get("/api/v1/figures").data
    clerk.post(f"/api/v1/cases/{case.pk}/filings/current/claim")
    returned = clerk.post(f"/api/v1/cases/{case.pk}/filings/current/return", {"reasons": [{"code": "illegible"}]}, format="json")
    assert returned.status_code == 200
    after = clerk.get("/api/v1/figures").data

    assert len(after["volumes"]) == 12
    assert [(one["volumes"][-1]["received"], one["volumes"][-1]["returned"]) for one in (before, after)] == [(1, 0), (1, 1)]
    assert [(row["code"], row["filings"]) for row in after["returns"]] == [("illegible", 1)]


def test_nobody_else_has_queues_or_figures(world: World, calling: Any) -> None:
    world.joint_petition(at="check")
    for user in (world.lawyer_user, world.spouse_1_user, world.administrator_user):
        client = calling(user)
        assert client.get("/api/v1/desk/queues").data == []
        assert queue(client, "filings") == []
        assert client.get("/api/v1/figures").status_code == 404
    assert queue(calling(world.other_clerk_user), "filings") == []

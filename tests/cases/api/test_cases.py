"""Cases over the API: the caseload, opening, the page of a case, its register."""

from typing import Any
from uuid import uuid4

import pytest

from cases.models import Case
from tests.world import ARMELLE, HIDDEN_STREET, THIBAULT, ZELIE, World

OPENING = {"kind": "joint-petition", "spouses": [ARMELLE, THIBAULT], "children": [ZELIE], "acts_for": [1, 2]}


def opened(world: World, calling: Any, **more: Any) -> Any:
    return calling(world.lawyer_user).post("/api/v1/cases", {**OPENING, **more}, format="json")


def test_a_lawyer_opens_a_case_and_reads_it_where_the_answer_says(world: World, calling: Any) -> None:
    answer = opened(world, calling)
    assert answer.status_code == 201, answer.data
    seen = calling(world.lawyer_user).get(answer["Location"])
    assert seen.data["case"]["title"] == "Vauquelin / Desmarets"
    assert seen["ETag"] == answer["ETag"] == f'"c-{answer.data["id"]}-1-v1"'


def test_who_is_no_lawyer_opens_nothing(world: World, calling: Any) -> None:
    answer = calling(world.clerk_user).post("/api/v1/cases", OPENING, format="json")
    assert (answer.status_code, answer.data["code"], answer.data["law"]) == (403, "not-allowed", "CC 250")
    assert not Case.objects.exists()


def test_nothing_is_assigned_that_is_not_asked(world: World, calling: Any) -> None:
    """Mass assignment: a name of the row, given in the body, is refused and not ignored."""
    answer = opened(world, calling, step="closed", rg_number="26/00001")
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.data["errors"]] == ["rg_number", "step"]
    deeper = opened(world, calling, spouses=[{**ARMELLE, "user": str(world.lawyer_user.pk)}, THIBAULT])
    assert (deeper.status_code, deeper.data["field"]) == (422, "spouses.0.user")


def test_a_case_that_may_not_be_seen_answers_as_one_that_does_not_exist(world: World, calling: Any) -> None:
    case = world.joint_petition()
    outsider = calling(world.outsider_user)
    unseen, absent = (outsider.get(f"/api/v1/cases/{key}") for key in (case.pk, uuid4()))
    assert unseen.status_code == absent.status_code == 404
    assert unseen.content == absent.content
    assert dict(unseen.headers) == dict(absent.headers)


def test_refusals_are_told_in_the_callers_language(world: World, calling: Any) -> None:
    key = uuid4()
    french, english = (calling(world.lawyer_user, language=language).get(f"/api/v1/cases/{key}") for language in ("fr", "en"))
    assert english.data["title"] == "Not found"
    assert french.data["type"] == english.data["type"] == "urn:commun-accord:problem:not-found"
    assert french["Content-Type"].startswith("application/problem+json")
    assert (french["Content-Language"], english["Content-Language"]) == ("fr", "en")


def test_a_case_says_what_the_caller_may_do_now_and_how(world: World, calling: Any) -> None:
    case = world.joint_petition()
    lawyer, spouse = (calling(user).get(f"/api/v1/cases/{case.pk}").data for user in (world.lawyer_user, world.spouse_1_user))
    may = {act["name"]: act for act in lawyer["may"]}
    assert may["exhibit.add"]["href"] == f"/api/v1/cases/{case.pk}/exhibits"
    assert may["exhibit.add"]["schema"]["required"] == ["kind", "side"]
    assert may["exhibit.describe"]["href"] == f"/api/v1/cases/{case.pk}/exhibits/{{exhibit}}"
    assert (may["answers.save"]["method"], may["exhibit.remove"]["method"]) == ("PUT", "DELETE")
    assert "signing.open" in may
    assert "signing.open" not in {act["name"] for act in spouse["may"]}
    assert {act["name"]: act["strong"] for act in spouse["may"]}["withdrawal.withdraw"] is True


def test_every_action_that_a_case_allows_can_be_done_at_the_address_given(world: World, calling: Any) -> None:
    """The link is enough: no schema is needed beside what the case says."""
    case = world.joint_petition()
    lawyer = calling(world.lawyer_user)
    add = next(act for act in lawyer.get(f"/api/v1/cases/{case.pk}").data["may"] if act["name"] == "opening.add_child")
    answer = lawyer.generic(
        add["method"], add["href"], '{"first_names": "Marin", "name": "D", "born": "2015-05-09"}', content_type="application/json"
    )
    assert answer.status_code == 201, answer.data
    assert case.children.count() == 2


def test_a_case_says_where_it_stands_and_what_is_missing(world: World, calling: Any) -> None:
    case = world.joint_petition(without="bodies")
    seen = calling(world.lawyer_user).get(f"/api/v1/cases/{case.pk}").data
    assert seen["step"]["name"] == "prepare"
    assert seen["stages"][0] == {"number": 1, "name": "prepare", "title": seen["step"]["title"], "state": "current"}
    assert seen["roles"] == ["lawyer"]
    assert "answer.bodies" in {finding["code"] for finding in seen["findings"]}
    assert {asked["kind"] for asked in seen["required"]} >= {"child-form", "social-bodies-information"}


def test_what_is_concealed_is_null_for_the_other_side_and_shown_to_ones_own(world: World, calling: Any) -> None:
    case = world.joint_petition(lawyers=2, concealed=True)
    first, second = (calling(user).get(f"/api/v1/cases/{case.pk}") for user in (world.spouse_1_user, world.spouse_2_user))
    assert first.data["spouses"][0]["contact"]["address"] == HIDDEN_STREET
    assert second.data["spouses"][0]["contact"] is None
    assert second.data["spouses"][0]["concealed"] is True
    assert second.data["spouses"][1]["contact"]["address"]


def test_an_unchanged_case_is_not_sent_again(world: World, calling: Any) -> None:
    case = world.joint_petition()
    lawyer = calling(world.lawyer_user)
    tag = lawyer.get(f"/api/v1/cases/{case.pk}")["ETag"]
    again = lawyer.get(f"/api/v1/cases/{case.pk}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    lawyer.post(f"/api/v1/cases/{case.pk}/messages", {"channel": "lawyers", "body": "Bonjour"}, format="json")
    assert lawyer.get(f"/api/v1/cases/{case.pk}", headers={"If-None-Match": tag}).status_code == 200


def test_the_register_is_read_in_order_after_a_sequence_as_far_as_one_may(world: World, calling: Any) -> None:
    case = world.joint_petition(lawyers=2)
    calling(world.spouse_1_user).post(f"/api/v1/cases/{case.pk}/messages", {"channel": "side:1", "body": "Entre nous"}, format="json")
    mine, theirs = (
        calling(user).get(f"/api/v1/cases/{case.pk}/entries?after=3").data["results"] for user in (world.spouse_1_user, world.spouse_2_user)
    )
    assert [entry["seq"] for entry in mine] == sorted(entry["seq"] for entry in mine)
    assert mine[0]["seq"] > 3
    assert mine[-1]["kind"] == "message.written"
    assert "message.written" not in {entry["kind"] for entry in theirs}


def test_the_caseload_is_filtered_searched_and_ordered(world: World, calling: Any) -> None:
    first, second = world.joint_petition(spouses=False), world.joint_petition()
    lawyer = calling(world.lawyer_user)

    def found(query: str) -> list[str]:
        answer = lawyer.get(f"/api/v1/cases?{query}")
        assert answer.status_code == 200, answer.data
        return [row["id"] for row in answer.data["results"]]

    assert found("") == [str(second.pk), str(first.pk)]
    assert found("ordering=opened_at") == [str(first.pk), str(second.pk)]
    assert len(found("ordering=next_due")) == 2
    assert found("step=file") == found("q=Inconnu") == found("rg_number=26/00001") == []
    assert len(found("q=vauqu desm&step=prepare&waits_for=lawyer&kind=joint-petition")) == 2
    assert len(found(f"court={world.court.pk}")) == 2
    assert lawyer.get("/api/v1/cases?ordering=user__password").status_code == 422
    assert lawyer.get("/api/v1/cases?court=x").status_code == 422


@pytest.mark.parametrize("ordering", ["-opened_at", "opened_at", "next_due"])
def test_the_caseload_is_read_page_by_page_without_loss(world: World, calling: Any, ordering: str) -> None:
    cases = {str(world.joint_petition(spouses=False).pk) for _ in range(5)}
    lawyer = calling(world.lawyer_user)
    pages, url = [], f"/api/v1/cases?ordering={ordering}&size=2"
    while url:
        answer = lawyer.get(url).data
        pages.append([row["id"] for row in answer["results"]])
        url = answer["next"]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {key for page in pages for key in page} == cases
    assert lawyer.get(f"/api/v1/cases?ordering={ordering}&cursor=cD1ub25zZW5zZQ==").status_code == 422


def test_a_caseload_holds_ones_own_cases_only(world: World, calling: Any) -> None:
    world.joint_petition()
    for user in (world.outsider_user, world.clerk_user, world.judge_user, world.administrator_user, world.stranger_user):
        assert calling(user).get("/api/v1/cases?q=Vauquelin").data["results"] == []
    for user in (world.lawyer_user, world.staff_user, world.spouse_1_user, world.spouse_2_user):
        assert len(calling(user).get("/api/v1/cases").data["results"]) == 1

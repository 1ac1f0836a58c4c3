"""Answers and exhibits: edits say the version they change; a repeated request is done once."""

from typing import Any
from uuid import uuid4

import pytest

from cases.models import Answer, Exhibit
from tests.world import HIDDEN_STREET, World

COSTS = {"first": 60, "second": 40}


@pytest.fixture
def case(world: World) -> Any:
    return world.joint_petition(lawyers=2, concealed=True)


@pytest.fixture
def lawyer(world: World, calling: Any) -> Any:
    return calling(world.lawyer_user)


def tag_of(client: Any, case: Any) -> str:
    return str(client.get(f"/api/v1/cases/{case.pk}/answers")["ETag"])


def test_an_answer_is_saved_against_the_version_that_was_read(case: Any, lawyer: Any) -> None:
    url, tag = f"/api/v1/cases/{case.pk}/answers/costs", tag_of(lawyer, case)
    saved = lawyer.put(url, COSTS, format="json", headers={"If-Match": tag})
    assert (saved.status_code, saved.data["value"]) == (200, COSTS)
    late = lawyer.put(url, {"first": 50, "second": 50}, format="json", headers={"If-Match": tag})
    assert (late.status_code, late.data["code"]) == (412, "outdated")
    assert lawyer.put(url, {"first": 50, "second": 50}, format="json", headers={"If-Match": saved["ETag"]}).status_code == 200
    assert [answer.value for answer in Answer.objects.filter(topic="costs", superseded_at=None)] == [{"first": 50, "second": 50}]


@pytest.mark.parametrize("tag", ['"c-other-9-v1"', 'W/"x"', "nonsense", '"c-{case}-1-v1"', '"c-{case}-99999999999999999999-v1"'])
def test_another_version_is_refused_before_anything_is_written(case: Any, lawyer: Any, tag: str) -> None:
    answer = lawyer.put(f"/api/v1/cases/{case.pk}/answers/costs", COSTS, format="json", headers={"If-Match": tag.format(case=case.pk)})
    assert answer.status_code == 412
    assert not Answer.objects.filter(topic="costs").exists()


def test_an_edit_that_names_no_version_is_asked_for_one(case: Any, lawyer: Any) -> None:
    assert lawyer.put(f"/api/v1/cases/{case.pk}/answers/costs", COSTS, format="json").status_code == 428
    assert lawyer.put(f"/api/v1/cases/{case.pk}/answers/costs", COSTS, format="json", headers={"If-Match": "*"}).status_code == 200


def test_an_answer_that_does_not_fit_says_which_field(case: Any, lawyer: Any) -> None:
    url = f"/api/v1/cases/{case.pk}/answers"
    for path, body, field in [
        ("costs", {"first": "x"}, "first"),
        ("costs", {**COSTS, "by": 1}, "by"),
        ("unknown", {}, "topic"),
        (f"costs?about={uuid4()}", COSTS, "about"),
        ("identity", COSTS, "about"),
    ]:
        answer = lawyer.put(f"{url}/{path}", body, format="json", headers={"If-Match": "*"})
        assert (answer.status_code, answer.data["field"]) == (422, field)
    assert lawyer.put(f"{url}/costs", [1], format="json", headers={"If-Match": "*"}).status_code == 422


def test_the_topics_say_what_is_asked_of_whom_in_the_callers_language(world: World, case: Any, calling: Any) -> None:
    topics = {topic["name"]: topic for topic in calling(world.lawyer_user).get(f"/api/v1/cases/{case.pk}/topics").data}
    assert topics["contact"]["law"] == "CPC 54, 57, 1136-5"
    assert [subject["answered"] for subject in topics["contact"]["subjects"]] == [True, True]
    assert topics["costs"]["schema"]["properties"].keys() == {"first", "second"}
    assert topics["costs"]["ask"] == "Who bears the costs?"


def test_a_concealed_address_is_in_no_answer_of_the_other_side(world: World, case: Any, calling: Any) -> None:
    mine, theirs = (calling(user).get(f"/api/v1/cases/{case.pk}/answers") for user in (world.spouse_1_user, world.spouse_2_user))
    assert HIDDEN_STREET in mine.content.decode()
    assert HIDDEN_STREET not in theirs.content.decode()
    assert {row["topic"] for row in theirs.data} == {row["topic"] for row in mine.data}


def test_the_same_key_and_body_are_done_once_and_answer_the_same(case: Any, lawyer: Any) -> None:
    url, headers = f"/api/v1/cases/{case.pk}/messages", {"Idempotency-Key": '"4f2e"'}
    first, again = (lawyer.post(url, {"channel": "lawyers", "body": "Bonjour"}, format="json", headers=headers) for _ in range(2))
    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert case.messages.count() == 1
    other = lawyer.post(url, {"channel": "lawyers", "body": "Bonsoir"}, format="json", headers=headers)
    assert (other.status_code, other.data["code"]) == (422, "key-reused")
    assert lawyer.post(url, {"channel": "lawyers", "body": "x"}, format="json", headers={"Idempotency-Key": "é"}).status_code == 422


def test_what_takes_something_out_may_be_repeated_under_its_key(case: Any, lawyer: Any) -> None:
    child = lawyer.post(
        f"/api/v1/cases/{case.pk}/children", {"first_names": "Marin", "name": "D", "born": "2015-05-09"}, format="json"
    ).data["id"]
    url, headers = f"/api/v1/cases/{case.pk}/children/{child}", {"Idempotency-Key": "out"}
    assert [lawyer.delete(url, headers=headers).status_code for _ in range(2)] == [204, 204]
    assert lawyer.delete(url).status_code == 404


def test_a_key_remembered_gives_nothing_to_who_may_not_see_the_case_any_more(world: World, case: Any, calling: Any) -> None:
    client, headers = calling(world.second_lawyer_user), {"Idempotency-Key": "k"}
    body = {"channel": "lawyers", "body": "Bonjour"}
    assert client.post(f"/api/v1/cases/{case.pk}/messages", body, format="json", headers=headers).status_code == 201
    world.second_lawyer_user.memberships.all().delete()
    assert client.post(f"/api/v1/cases/{case.pk}/messages", body, format="json", headers=headers).status_code == 404


def test_an_exhibit_is_ones_own_sides_until_it_is_communicated(world: World, case: Any, calling: Any, lawyer: Any) -> None:
    url, other = f"/api/v1/cases/{case.pk}/exhibits", calling(world.second_lawyer_user)
    body = {"kind": "other", "side": 1, "title": "Relevé", "dated": "2026-10-01", "document": str(world.brought(world.lawyer))}
    added = lawyer.post(url, body, format="json")
    assert (added.status_code, added.data["document"]["state"], added.data["number"]) == (201, "ready", None)
    key = added.data["id"]
    assert other.get(url).data == []
    assert other.get(f"{url}/{key}").content == other.get(f"{url}/{uuid4()}").content
    assert other.patch(f"{url}/{key}", {"title": "x"}, format="json", headers={"If-Match": "*"}).status_code == 404
    assert other.delete(f"{url}/{key}").status_code == 404
    assert other.post(f"{url}/communication", {"exhibits": [key]}, format="json").status_code == 404
    assert lawyer.post(f"{url}/communication", {"exhibits": [key]}, format="json").status_code == 200
    assert [(row["id"], row["number"]) for row in other.get(url).data] == [(key, 1)]
    assert lawyer.delete(f"{url}/{key}").status_code == 422


def test_an_exhibit_is_described_against_the_version_that_was_read(world: World, case: Any, lawyer: Any) -> None:
    url = f"/api/v1/cases/{case.pk}/exhibits"
    key = lawyer.post(url, {"kind": "other", "side": 1}, format="json").data["id"]
    assert lawyer.patch(f"{url}/{key}", {"title": "Relevé"}, format="json").status_code == 428
    tag = lawyer.get(f"{url}/{key}")["ETag"]
    changed = lawyer.patch(f"{url}/{key}", {"title": "Relevé", "number": 7}, format="json", headers={"If-Match": tag})
    assert (changed.status_code, changed.data["errors"][0]["field"]) == (422, "number")
    changed = lawyer.patch(f"{url}/{key}", {"title": "Relevé"}, format="json", headers={"If-Match": tag})
    assert (changed.status_code, changed.data["title"], changed.data["to_follow"]) == (200, "Relevé", True)
    assert lawyer.patch(f"{url}/{key}", {"title": "x"}, format="json", headers={"If-Match": tag}).status_code == 412
    assert lawyer.post(f"{url}/order", {"exhibits": [key]}, format="json").status_code == 200
    assert lawyer.delete(f"{url}/{key}").status_code == 204
    assert not Exhibit.objects.kept().filter(pk=key).exists()


def test_what_somebody_else_sent_in_cannot_be_bound(world: World, case: Any, lawyer: Any) -> None:
    theirs = str(world.brought(world.outsider))
    answer = lawyer.post(f"/api/v1/cases/{case.pk}/exhibits", {"kind": "other", "side": 1, "document": theirs}, format="json")
    assert (answer.status_code, answer.data["field"]) == (422, "document")

"""Refusals on the wire: one shape, the right status, in two languages, telling nothing they should not."""

from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import translation
from rest_framework.test import APIClient

from backend.api import problems
from backend.people.models import User
from tests.backend.people.cast import person

pytestmark = pytest.mark.usefixtures("refusing")
STATUSES = {
    "not-found": 404, "http-404": 404, "not-allowed": 403, "http-403": 403, "too-weak": 403, "not-now": 409, "conflict": 409,
    "key-reused": 422, "outdated": 412, "invalid": 422, "too-large": 413, "incomplete": 422, "busy": 409, "unavailable": 503,
}  # fmt: skip


@pytest.mark.parametrize(("how", "status"), STATUSES.items())
def test_each_refusal_has_its_status_and_the_one_shape(program: APIClient, how: str, status: int) -> None:
    answer = program.get(f"/refuse/{how}")
    problem = answer.json()

    assert answer.status_code == problem["status"] == status
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["type"] == f"urn:commun-accord:problem:{problem['code']}"
    assert problem["title"]
    assert problem["detail"]


def test_a_refusal_carries_its_law_its_mend_and_its_field(program: APIClient) -> None:
    refusal = program.get("/refuse/not-now").json()
    assert (refusal["law"], refusal["mend"]) == ("CPC 1092", "Wait for the hearing.")
    assert program.get("/refuse/invalid").json()["field"] == "email"


def test_an_incomplete_filing_tells_all_that_is_missing(program: APIClient) -> None:
    (finding,) = program.get("/refuse/incomplete").json()["findings"]
    assert (finding["about"], finding["severity"], finding["mend"]) == ("agreement", "blocker", "Add it.")


def test_an_act_too_weak_says_where_to_confirm_oneself(program: APIClient) -> None:
    assert program.get("/refuse/too-weak").json()["links"] == {"confirm": "/api/v1/me/strength"}


@pytest.mark.parametrize("how", ["busy", "unavailable"])
def test_what_may_be_tried_again_says_when(program: APIClient, how: str) -> None:
    assert int(program.get(f"/refuse/{how}")["Retry-After"]) > 0


def test_a_fault_tells_nothing_of_the_house(program: APIClient) -> None:
    program.raise_request_exception = False
    answer = program.get("/refuse/fault")

    assert (answer.status_code, answer.json()["code"]) == (500, "fault")
    assert b"secret" not in answer.content
    assert b"ZeroDivision" not in answer.content


def test_what_does_not_exist_and_what_one_may_not_see_answer_the_same_bytes(program: APIClient) -> None:
    answers = [program.get(address) for address in ("/refuse/not-found", "/refuse/http-404", f"/things/{uuid4()}", "/nowhere")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({str(sorted(answer.json().items())) for answer in answers}) == 1


def test_the_caller_is_answered_in_the_language_they_ask_for(program: APIClient) -> None:
    with translation.override("fr"):
        french = str(problems.TITLES[404])
    assert program.get("/refuse/not-found", headers={"accept-language": "en"}).json()["title"] == "Not found"
    assert program.get("/refuse/not-found", headers={"accept-language": "fr"}).json()["title"] == french
    assert program.get("/refuse/not-found").json()["title"] == french


def test_who_asks_for_no_language_is_answered_in_that_of_their_account(program: APIClient, claire: User) -> None:
    User.objects.update(language="en")
    assert program.get("/refuse/not-found").json()["title"] == "Not found"


def test_every_fault_of_a_body_is_told_at_its_place(program: APIClient) -> None:
    answer = program.post("/parse", {"email": "?", "children": [{"born": "2020-01-01"}, {}]}, format="json")
    faults = {(fault["field"], fault["code"]) for fault in answer.json()["errors"]}

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert faults == {("email", "invalid"), ("children.1.born", "required")}


def test_a_fault_of_the_whole_has_no_field(program: APIClient) -> None:
    answer = program.post("/parse", {"email": "a@b.fr", "children": [{"born": "2026-06-01"}]}, format="json")
    assert answer.json()["errors"] == [{"field": "", "code": "not-born", "detail": "Not born yet."}]


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [("{", "application/json", 400), (DEEP, "application/json", 400), ("[]", "application/json", 422), ("a=b", "text/plain", 415)],
    ids=["broken", "deep", "a list", "a form"],
)
def test_a_body_that_is_not_one_is_refused_in_the_same_shape(program: APIClient, body: str, media_type: str, status: int) -> None:
    answer = program.post("/parse", body, content_type=media_type)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_method_that_is_not_there_is_refused_in_the_same_shape(program: APIClient) -> None:
    answer = program.delete("/parse")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")


@pytest.mark.parametrize("credentials", [{}, {"HTTP_AUTHORIZATION": "Token ca_forged"}])
def test_a_stranger_is_asked_to_sign_in(db: None, credentials: dict[str, str]) -> None:
    answer = APIClient().get("/refuse/not-found", **credentials)
    assert (answer.status_code, answer["WWW-Authenticate"], answer.json()["status"]) == (401, "Token", 401)


def test_a_browser_acts_only_with_its_csrf_token(doors: None, claire: User) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(claire)
    assert browser.get("/api/v1/me").status_code == 200
    assert browser.post("/parse", {}, format="json").status_code == 403


def test_who_calls_too_often_is_told_when_to_come_back(program: APIClient, monkeypatch: Any) -> None:
    monkeypatch.setattr("backend.api.throttling.UserRateThrottle.THROTTLE_RATES", {"user": "2/min", "anon": "2/min"})
    answers = [program.get("/api/v1/me") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 61


def test_a_row_held_by_another_is_busy(committed: Any) -> None:
    person()
    held, over = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            User.objects.select_for_update().get()
            held.set()
            over.wait(10)
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            User.objects.select_for_update().get()
    except OperationalError as failure:
        answer = problems.handle(failure, {})
    finally:
        over.set()
        holder.join()

    assert answer is not None
    assert (answer.status_code, answer.data["code"], answer["Retry-After"]) == (409, "busy", "2")


def test_an_edit_says_which_version_it_is_of(program: APIClient) -> None:
    sent = {None: 428, '"case-7-v1"': 200, '"case-6-v1"': 412, 'W/"case-7-v1"': 412, "*": 200, "case-7-v1": 412}
    headers = [{"HTTP_IF_MATCH": tag} if tag else {} for tag in sent]
    assert [program.put("/edit", **header).status_code for header in headers] == list(sent.values())


def test_a_list_is_walked_to_its_end_while_rows_come_in(program: APIClient) -> None:
    before = {str(person(f"p{number}@example.fr").pk) for number in range(25)}
    seen: list[str] = []
    address = "/list?size=10"
    while address:
        page = program.get(address).json()
        seen += [row["id"] for row in page["results"]]
        person(f"late{len(seen)}@example.fr")
        address = page["next"]

    assert len(seen) == len(set(seen)) == 26
    assert before < set(seen)
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("cursor", ["x", "cD1kcm9wK3RhYmxl", "bz0tNQ==", "cD0lMDA="])
def test_a_forged_cursor_is_refused_as_one(program: APIClient, cursor: str) -> None:
    assert program.get(f"/list?cursor={cursor}").status_code in (404, 422)

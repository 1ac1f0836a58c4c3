"""Oneself over the API, the description of the whole, and the health check."""

from datetime import date
from typing import Any

import pytest
import yaml
from django.core import mail
from django.test import Client
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient

from backend.people.models import Membership, Role, SafetyNotice, Token, User
from tests.backend.people.cast import PASSWORD, code_in, firm, person, sign_in

pytestmark = pytest.mark.usefixtures("doors")


def make_strong(client: Any) -> Any:
    client.post("/api/v1/me/strength", {"password": PASSWORD}, format="json")
    return client.put("/api/v1/me/strength", {"password": PASSWORD, "code": code_in(mail.outbox[-1])}, format="json")


def test_who_i_am_and_where_i_work_today(program: APIClient, claire: User) -> None:
    Membership.objects.create(user=claire, organisation=firm(), role=Role.LAWYER, since=date(2020, 1, 1))
    Membership.objects.create(user=claire, organisation=firm("Avant"), role=Role.STAFF, since=date(2019, 1, 1), until=date(2020, 1, 1))

    me = program.get("/api/v1/me").json()

    assert (me["id"], me["email"]) == (str(claire.pk), claire.email)
    assert [(place["name"], place["role"]) for place in me["memberships"]] == [("Cabinet Morel", "lawyer")]


def test_i_change_what_i_give_and_the_rest_stays(program: APIClient, claire: User) -> None:
    answer = program.patch("/api/v1/me", {"phone": "02 35 00 00 00", "language": "en"}, format="json")

    claire.refresh_from_db()
    assert (answer.status_code, answer.data["phone"]) == (200, "02 35 00 00 00")
    assert (claire.first_names, claire.last_name, claire.phone, claire.language) == ("Claire", "Morel", "02 35 00 00 00", "en")


@pytest.mark.parametrize(
    "said",
    [{"language": "xx"}, {"first_names": ""}, {"phone": "0" * 31}, {"last_name": "Mo\u202erel"}, {"first_names": "Claire\r\nBcc: x"}],
)
def test_what_cannot_be_taken_of_me_changes_nothing(program: APIClient, claire: User, said: dict[str, str]) -> None:
    assert program.patch("/api/v1/me", said, format="json").status_code == 422
    before = (claire.first_names, claire.phone, claire.language)
    claire.refresh_from_db()
    assert (claire.first_names, claire.phone, claire.language) == before


def test_i_consent_to_electronic_exchange_on_purpose_and_the_first_day_stands(program: APIClient, claire: User) -> None:
    assert program.put("/api/v1/me/consent", {"consent": False}, format="json").status_code == 422
    assert User.objects.get(pk=claire.pk).consent_electronic_at is None

    first, again = (program.put("/api/v1/me/consent", {"consent": True}, format="json").data["consent_electronic_at"] for _ in range(2))
    assert first == again is not None


def test_a_program_is_made_strong_by_its_owner_as_a_session_is(program: APIClient) -> None:
    assert not program.get("/api/v1/me/strength").json()["strong"]
    assert make_strong(program).status_code == 200
    assert program.get("/api/v1/me/strength").json()["strong"]


def test_a_token_is_issued_only_to_who_has_just_confirmed_themself(program: APIClient) -> None:
    asked = {"name": "logiciel", "days": 10}
    assert program.post("/api/v1/me/tokens", asked, format="json").json()["code"] == "too-weak"
    make_strong(program)

    plain = program.post("/api/v1/me/tokens", asked, format="json").json()["token"]

    other = APIClient()
    other.credentials(HTTP_AUTHORIZATION=f"Token {plain}")
    assert other.get("/api/v1/me").status_code == 200
    assert plain not in program.get("/api/v1/me/tokens").content.decode()
    assert list(SafetyNotice.objects.values_list("occasion", "about")) == [("token-made", "logiciel")]


def test_a_revoked_token_is_refused_at_once_and_others_cannot_be(program: APIClient, claire: User) -> None:
    mine = Token.objects.get(user=claire)
    theirs = Token.objects.create(
        user=person("marc@example.fr"), name="x", digest="x", created_at=mine.created_at, expires_at=mine.expires_at
    )
    assert program.delete(f"/api/v1/me/tokens/{theirs.pk}").status_code == 404
    assert program.delete(f"/api/v1/me/tokens/{mine.pk}").status_code == 204
    assert program.get("/api/v1/me").status_code == 401


def test_the_description_is_valid_and_tells_problems(db: None, client: Client) -> None:
    schema = yaml.safe_load(client.get("/api/v1/openapi.yaml").content)
    validate_schema(schema)
    issue = schema["paths"]["/api/v1/me/tokens"]["post"]

    assert schema["openapi"].startswith("3.1")
    assert issue["operationId"] == "me.tokens.issue"
    assert issue["tags"] == ["me"]
    assert "Idempotency-Key" not in {parameter["name"] for parameter in issue["parameters"]}  # shown once, never given again
    assert set(issue["responses"]["409"]["content"]) == {"application/problem+json"}


def test_strangers_hear_only_whether_all_is_well(db: None, client: Client) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_administrators_hear_of_each_part(db: None, client: Client) -> None:
    person("admin@example.fr", is_staff=True, is_superuser=True)
    sign_in(client, "admin@example.fr")
    assert client.get("/health").json()["parts"] == {"database": "ok", "valkey": "ok", "storage": "ok"}


def test_storage_and_valkey_down_is_degraded_within_seconds(db: None, client: Client, settings: Any) -> None:
    settings.S3_ENDPOINT = settings.VALKEY_URL = "http://127.0.0.1:9"
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")

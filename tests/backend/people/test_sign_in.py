"""Signing in: throttled, telling nothing of who has an account, under a new session each time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.core import mail
from django.test import Client

from backend import clock
from backend.people import accounts
from backend.people.models import Proof, User
from tests.backend.people.cast import LOGIN, PASSWORD, code_in, sign_in

pytestmark = pytest.mark.usefixtures("doors")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
RESET = "/account/password/reset/"
ME, STRENGTH = "/api/v1/me", "/api/v1/me/strength"


def told(answer: Any) -> tuple[int, list[str]]:
    """What a refused sign-in says."""
    return answer.status_code, answer.context["form"].non_field_errors() if answer.context else []


def test_a_person_signs_in_by_address_whatever_its_capitals(client: Client, claire: User) -> None:
    answer = sign_in(client, "Claire@Example.FR")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get(ME).json()["email"] == claire.email


def test_a_wrong_password_and_an_unknown_address_answer_alike(client: Client, claire: User) -> None:
    assert told(sign_in(client, password="faux")) == told(sign_in(client, "personne@example.fr", "faux"))


def test_a_closed_account_answers_a_wrong_password_as_an_unknown_address(client: Client, claire: User) -> None:
    User.objects.update(is_active=False)
    assert told(sign_in(client, password="faux")) == told(sign_in(client, "personne@example.fr", "faux"))


def test_after_five_failures_the_account_waits_even_with_the_right_password_from_elsewhere(client: Client, claire: User) -> None:
    for number in range(5):
        sign_in(client, password="faux", REMOTE_ADDR=f"192.0.2.{number}")

    answer = sign_in(client, REMOTE_ADDR="192.0.2.99")

    assert answer.status_code != 302
    assert client.get(ME).status_code == 401


def test_an_unknown_address_waits_just_the_same(client: Client, claire: User) -> None:
    for number in range(5):
        sign_in(client, password="faux", REMOTE_ADDR=f"192.0.2.{number}")
        sign_in(client, "personne@example.fr", "faux", REMOTE_ADDR=f"192.0.2.{number}")

    known = sign_in(client, REMOTE_ADDR="192.0.2.98")
    unknown = sign_in(client, "personne@example.fr", REMOTE_ADDR="192.0.2.98")

    assert told(known) == told(unknown)


def test_one_address_cannot_try_many_accounts(client: Client, claire: User) -> None:
    for number in range(10):
        sign_in(client, f"personne{number}@example.fr", "faux")

    assert sign_in(client).status_code != 302
    assert sign_in(client, REMOTE_ADDR="192.0.2.1").status_code == 302


def test_a_forged_forwarded_address_does_not_escape_the_throttle(client: Client, claire: User) -> None:
    for number in range(10):
        sign_in(client, f"personne{number}@example.fr", "faux", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")

    assert sign_in(client, HTTP_X_FORWARDED_FOR="192.0.2.99").status_code != 302


def test_a_reset_answers_alike_for_an_account_and_for_none(client: Client, claire: User) -> None:
    known = client.post(RESET, {"email": claire.email})
    unknown = client.post(RESET, {"email": "personne@example.fr"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"]) == (302, "/account/password/reset/done/")
    assert all("example.fr" not in message.subject for message in mail.outbox)


def test_nobody_opens_an_account_without_an_invitation(client: Client, db: None) -> None:
    account = {"email": "intrus@example.fr", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/account/signup/", account)
    assert not User.objects.exists()


def test_signing_in_gives_a_new_session(client: Client, claire: User) -> None:
    session = client.session
    session["planted"] = "by another"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted

    sign_in(client)

    assert client.cookies["sessionid"].value != planted
    assert Client(headers={"cookie": f"sessionid={planted}"}).get(ME).status_code == 401


def test_confirming_oneself_gives_a_new_cookie_and_the_old_one_opens_nothing(client: Client, claire: User) -> None:
    sign_in(client)
    before = client.cookies["sessionid"].value
    client.post(STRENGTH, {"password": PASSWORD}, "application/json")
    answer = client.put(STRENGTH, {"password": PASSWORD, "code": code_in(mail.outbox[-1])}, "application/json")

    assert answer.json()["strong"]
    assert client.cookies["sessionid"].value != before
    assert client.get(STRENGTH).json()["strong"]
    assert Client(headers={"cookie": f"sessionid={before}"}).get(ME).status_code == 401


def test_another_session_of_the_same_person_is_not_made_strong(client: Client, claire: User) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    client.post(STRENGTH, {"password": PASSWORD}, "application/json")
    proof = {"password": PASSWORD, "code": code_in(mail.outbox[-1])}

    assert other.put(STRENGTH, proof, "application/json").status_code == 422
    client.put(STRENGTH, proof, "application/json")

    assert client.get(STRENGTH).json()["strong"]
    assert not other.get(STRENGTH).json()["strong"]


def test_strength_does_not_outlive_the_session_nor_come_back_with_the_next(client: Client, claire: User) -> None:
    sign_in(client)
    client.post(STRENGTH, {"password": PASSWORD}, "application/json")
    client.put(STRENGTH, {"password": PASSWORD, "code": code_in(mail.outbox[-1])}, "application/json")
    strong = client.cookies["sessionid"].value
    client.post("/account/logout/")
    sign_in(client)

    assert not client.get(STRENGTH).json()["strong"]
    assert Client(headers={"cookie": f"sessionid={strong}"}).get(ME).status_code == 401
    assert [proof.method for proof in Proof.objects.filter(user=claire)] == ["password"]


def test_the_password_asked_for_a_code_is_throttled(client: Client, claire: User) -> None:
    sign_in(client)
    codes = [client.post(STRENGTH, {"password": "faux"}, "application/json").json()["code"] for _ in range(6)]

    assert codes == ["password-wrong"] * 5 + ["too-many-tries"]
    assert client.post(STRENGTH, {"password": PASSWORD}, "application/json").status_code == 422
    assert not mail.outbox


def test_a_session_left_unused_ends(client: Client, claire: User) -> None:
    with clock.at(NOON):
        sign_in(client)
    with clock.at(NOON + timedelta(hours=1, minutes=59)):
        assert client.get(ME).status_code == 200
    with clock.at(NOON + timedelta(hours=3, minutes=58)):
        assert client.get(ME).status_code == 200
    with clock.at(NOON + timedelta(hours=6)):
        assert client.get(ME).status_code == 401
    with clock.at(NOON + timedelta(hours=4)):
        assert client.get(ME).status_code == 401


def test_a_session_in_use_all_day_ends_all_the_same(client: Client, claire: User) -> None:
    with clock.at(NOON):
        sign_in(client)
    answers = []
    for hour in range(1, 14):
        with clock.at(NOON + timedelta(hours=hour)):
            answers.append(client.get(ME).status_code)
    assert answers == [200] * 12 + [401]


def test_closing_an_account_ends_its_sessions(client: Client, claire: User) -> None:
    sign_in(client)
    User.objects.update(is_active=False)
    assert client.get(ME).status_code == 401


def test_an_administrator_can_end_every_session_of_an_account(client: Client, claire: User) -> None:
    sign_in(client)
    accounts.end_everywhere(claire)
    assert client.get(ME).status_code == 401


def test_a_page_sends_a_stranger_of_the_administration_to_the_one_sign_in(client: Client, claire: User) -> None:
    answer = client.get("/admin/login/?next=/admin/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, LOGIN)
    sign_in(client)
    assert client.get("/admin/login/?next=/admin/").status_code == 403


def test_an_account_and_no_account_cost_the_same_work(client: Client, claire: User, monkeypatch: Any) -> None:
    hashed: list[str] = []
    encode = ScryptPasswordHasher.encode
    monkeypatch.setattr(ScryptPasswordHasher, "encode", lambda self, *given, **more: hashed.append("") or encode(self, *given, **more))

    sign_in(client, password="faux")
    known = len(hashed)
    sign_in(client, "personne@example.fr", "faux")

    assert known == len(hashed) - known == 1

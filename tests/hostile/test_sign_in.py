"""Attacks on sign-in: codes and passkeys guessed, replayed, borrowed or made elsewhere; strength carried where it was not given."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import connection
from django.test import Client

from backend import clock
from backend.people import accounts, factors, tokens
from backend.people.models import Proof, User
from tests.authenticator import Device
from tests.frontend import own
from tests.frontend.conftest import PASSWORD

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ACCOUNT = "/mon-compte/"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


def account(email: str = "camille@example.fr") -> tuple[User, Client]:
    """Somebody with an account, signed in and confirmed."""
    user, client = accounts.create_invited(email, "Camille", "Durand", PASSWORD), Client()
    own.sign_in(client, email)
    own.confirm_by_mail(client)
    return user, client


def at_the_second_step(user: User, **extra: Any) -> Client:
    """Whoever knows the password, and is asked for more."""
    client = Client(**extra)
    assert own.sign_in(client, user.email).headers["Location"] == own.STEP
    return client


def is_in(client: Client) -> bool:
    return client.get(ACCOUNT).status_code == 200


# --- codes of an app


def test_the_password_alone_opens_nothing_once_there_is_an_app(db: None) -> None:
    user, client = account()
    own.add_app(client)
    thief = at_the_second_step(user)

    assert [thief.get(page).status_code for page in (ACCOUNT, own.SAFETY, "/confirmer/", "/dossiers/")] == [302] * 4
    assert thief.get("/api/v1/me").status_code == 401
    assert not Proof.objects.filter(user=user, opened=True).exclude(method="password").exists()


def test_a_code_serves_once_at_sign_in_and_at_confirming_whatever_its_window(db: None) -> None:
    user, client = account()
    secret, _codes = own.add_app(client)
    with clock.at(NOON + timedelta(seconds=30)):
        code = own.code_of(secret)
        assert at_the_second_step(user).post(own.STEP, {"code": code}).status_code == 302
    with clock.at(NOON + timedelta(seconds=59)):  # within the window that a slow clock is allowed
        thief = at_the_second_step(user)
        assert thief.post(own.STEP, {"code": code}).status_code == 200
        assert not is_in(thief)
        before = own.is_strong(client)["until"]
        client.post("/confirmer/", {"code": code})
        assert own.is_strong(client)["until"] == before


def test_the_code_that_added_the_app_does_not_serve_again(db: None) -> None:
    user, client = account()
    secret, _codes = own.add_app(client)
    assert at_the_second_step(user).post(own.STEP, {"code": own.code_of(secret)}).status_code == 200


def test_codes_of_before_and_after_their_window_are_refused(db: None) -> None:
    user, client = account()
    secret, _codes = own.add_app(client)
    with clock.at(NOON + timedelta(minutes=10)):
        answers = {
            seconds: at_the_second_step(user).post(own.STEP, {"code": own.code_of(secret, seconds)}).status_code for seconds in (-60, 60)
        }
        assert answers == {-60: 200, 60: 200}
        assert at_the_second_step(user).post(own.STEP, {"code": own.code_of(secret, -30)}).status_code == 302


def test_guesses_are_counted_by_account_from_wherever_they_come_and_the_right_code_waits_too(db: None) -> None:
    user, client = account()
    secret, _codes = own.add_app(client)
    for number in range(5):
        at_the_second_step(user, REMOTE_ADDR=f"192.0.2.{number}").post(own.STEP, {"code": f"00000{number}"})

    with clock.at(NOON + timedelta(seconds=60)):
        last = at_the_second_step(user, REMOTE_ADDR="192.0.2.99")
        assert "Trop d’essais" in last.post(own.STEP, {"code": own.code_of(secret)}).text
        assert not is_in(last)
        before = own.is_strong(client)
        client.post("/confirmer/", {"code": own.code_of(secret)})
        assert own.is_strong(client) == before


def test_a_code_of_another_account_opens_nothing(db: None) -> None:
    user, client = account()
    own.add_app(client)
    _other, other = account("autre@example.fr")
    secret, codes = own.add_app(other)
    with clock.at(NOON + timedelta(seconds=60)):
        for code in (own.code_of(secret), codes[0]):
            assert at_the_second_step(user).post(own.STEP, {"code": code}).status_code == 200


@pytest.mark.parametrize("code", ["", "abcdef", "１２３４５６", "000000\x00", "0" * 5000, "-00001", "ééééééé"])
def test_what_is_no_code_is_refused_without_a_fault(db: None, code: str) -> None:
    user, client = account()
    own.add_app(client)
    assert at_the_second_step(user).post(own.STEP, {"code": code}).status_code == 200
    assert client.post("/confirmer/", {"code": code}).status_code == 200


# --- recovery codes


def test_a_recovery_code_serves_once(db: None) -> None:
    user, client = account()
    _secret, codes = own.add_app(client)
    assert at_the_second_step(user).post(own.STEP, {"code": codes[3]}).status_code == 302
    assert at_the_second_step(user).post(own.STEP, {"code": codes[3]}).status_code == 200
    assert at_the_second_step(user).post(own.STEP, {"code": codes[4]}).status_code == 302


def test_a_code_given_at_once_by_many_serves_once(committed: Any) -> None:
    user, client = account()
    secret, codes = own.add_app(client)
    with clock.at(NOON + timedelta(seconds=60)):
        by_app = at_once(4, user, own.code_of(secret))
        by_recovery = at_once(4, user, codes[0])
    assert (by_app.count("in"), by_recovery.count("in")) == (1, 1)


def at_once(times: int, user: User, code: str) -> list[str]:
    """What each of several takes out of one code, all at the same instant."""
    ready, answers, moment = Barrier(times), [], clock.now()

    def one() -> None:
        with clock.at(moment):
            ready.wait()
            used = factors._app_of(user, code) if len(code) == 6 else factors._codes_of(user, code)
            answers.append("in" if used else "out")
            connection.close()

    threads = [Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_recovery_code_binds_nobody_and_issues_no_token(db: None) -> None:
    user, client = account()
    _secret, codes = own.add_app(client)
    thief = at_the_second_step(user)
    thief.post(own.STEP, {"code": codes[0]})
    assert not own.is_strong(thief)["strong"]
    assert thief.post("/api/v1/me/tokens", {"name": "x", "days": 3}, "application/json").json()["code"] == "too-weak"


# --- passkeys


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://localhost.example"},
        {"origin": "http://sub.localhost:8000"},
        {"origin": "http://localhost:8001"},
        {"origin": "https://localhost:8000"},
        {"party": "example.fr"},
        {"verifies": False},
    ],
)
def test_a_passkey_shown_on_another_page_or_by_nobody_verified_is_refused(db: None, lie: dict[str, Any]) -> None:
    _user, client = account()
    device, _done = own.add_passkey(client)
    for name, value in lie.items():
        setattr(device, name, value)
    stranger = Client()
    own.sign_in_by_passkey(stranger, device)
    assert not is_in(stranger)

    own.add_passkey(client, Device(**lie))
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_a_passkey_of_another_account_opens_and_confirms_nothing(db: None) -> None:
    user, client = account()
    device, _done = own.add_passkey(client)
    _other, other = account("autre@example.fr")
    theirs, _done = own.add_passkey(other)

    stranger = Client()
    own.sign_in_by_passkey(stranger, theirs, handle=device.handle)  # says it is of the first
    assert not is_in(stranger)
    step = at_the_second_step(user)
    step.post(own.STEP, {"credential": theirs.proved(own.options(step.get(own.STEP)))})
    assert not is_in(step)
    with clock.at(NOON + timedelta(minutes=6)):
        client.post("/confirmer/", {"credential": theirs.proved(own.options(client.get("/confirmer/")))})
        assert not own.is_strong(client)["strong"]


def test_an_answer_serves_one_challenge_of_one_session_once(db: None) -> None:
    _user, client = account()
    device, _done = own.add_passkey(client)
    first, other = Client(), Client()
    asked = first.get(own.BY_PASSKEY, headers={"accept": "application/json"}).json()["request_options"]
    answer = device.proved(asked)

    other.get(own.BY_PASSKEY, headers={"accept": "application/json"})
    other.post(own.BY_PASSKEY, {"credential": answer})
    assert not is_in(other)
    assert first.post(own.BY_PASSKEY, {"credential": answer}).status_code == 302
    assert is_in(first)
    first.post("/compte/logout/")
    first.post(own.BY_PASSKEY, {"credential": answer})
    assert not is_in(first)


def test_a_counter_that_goes_back_is_a_copy_and_is_refused(db: None) -> None:
    _user, client = account()
    device, _done = own.add_passkey(client)
    own.sign_in_by_passkey(Client(), device)
    own.sign_in_by_passkey(Client(), device)
    device.counter = 0
    copied = Client()
    own.sign_in_by_passkey(copied, device)
    assert not is_in(copied)


@pytest.mark.parametrize(
    "answer", ["", "null", "[]", "{}", '{"id": 1}', "not json", '{"response": {"userHandle": "AA"}}', '{"response": {"userHandle": 3}}']
)
def test_what_is_no_answer_of_a_passkey_is_refused_without_a_fault(db: None, answer: str) -> None:
    _user, client = account()
    own.add_passkey(client)
    stranger = Client()
    stranger.get(own.BY_PASSKEY, headers={"accept": "application/json"})
    assert stranger.post(own.BY_PASSKEY, {"credential": answer}).status_code == 302
    assert not is_in(stranger)
    assert client.post("/confirmer/", {"credential": answer}).status_code == 200
    assert client.post(own.PASSKEY, {"credential": answer}).status_code == 200


def test_a_closed_account_is_not_opened_by_its_passkey(db: None) -> None:
    _user, client = account()
    device, _done = own.add_passkey(client)
    User.objects.update(is_active=False)
    stranger = Client()
    own.sign_in_by_passkey(stranger, device)
    assert not is_in(stranger)


def test_asking_for_a_passkey_tells_nobody_who_has_an_account(db: None) -> None:
    account()
    asked = Client().get(own.BY_PASSKEY, headers={"accept": "application/json"}).json()["request_options"]["publicKey"]
    assert not asked.get("allowCredentials")
    assert "camille" not in json.dumps(asked)


# --- sessions


def test_each_proof_changes_the_cookie_and_the_old_one_opens_nothing(db: None) -> None:
    user, client = account()
    unconfirmed = client.cookies["sessionid"].value
    secret, _codes = own.add_app(client)
    before = client.cookies["sessionid"].value
    with clock.at(NOON + timedelta(seconds=60)):
        client.post("/confirmer/", {"code": own.code_of(secret)})
        planted = at_the_second_step(user)
        half_way = planted.cookies["sessionid"].value
        with clock.at(NOON + timedelta(seconds=120)):
            planted.post(own.STEP, {"code": own.code_of(secret)})

    assert client.cookies["sessionid"].value != before
    assert planted.cookies["sessionid"].value != half_way
    assert not any(is_in(Client(headers={"cookie": f"sessionid={old}"})) for old in (unconfirmed, before, half_way))


def test_strength_stays_in_its_session_and_ends_with_it(db: None) -> None:
    user, client = account()
    device, _done = own.add_passkey(client)
    strong, other = Client(), Client()
    own.sign_in_by_passkey(strong, device)
    own.sign_in_by_passkey(other, device)
    with clock.at(NOON + timedelta(minutes=6)):
        strong.post("/confirmer/", {"credential": device.proved(own.options(strong.get("/confirmer/")))})
        assert [own.is_strong(each)["strong"] for each in (strong, other, client)] == [True, False, False]

        other.post("/mon-compte/securite/sessions/fin/")
        assert not is_in(strong)
        assert not Proof.objects.filter(user=user).standing().exists()


def test_a_session_of_another_is_not_ended_nor_a_factor_of_another_removed(db: None) -> None:
    _user, client = account()
    own.add_app(client)
    _other, other = account("autre@example.fr")
    own.add_app(other)
    mine = Authenticator.objects.get(type="totp", user__email="camille@example.fr")
    session = UserSession.objects.get(user__email="camille@example.fr")
    assert other.post(f"{own.SAFETY}sessions/{session.pk}/fin/").status_code == 404
    assert other.post(f"{own.SAFETY}{mine.pk}/retirer/").status_code == 404
    assert is_in(client)
    assert Authenticator.objects.filter(pk=mine.pk).exists()


def test_a_stolen_session_with_its_password_and_mailbox_does_not_take_the_app_away(db: None) -> None:
    user, client = account()
    own.add_app(client)
    app = Authenticator.objects.get(user=user, type="totp")
    with clock.at(NOON + timedelta(minutes=6)):
        mail.outbox.clear()
        client.post("/confirmer/", {"send": "first"})
        assert not mail.outbox
        for page in (f"{own.SAFETY}{app.pk}/retirer/", own.CODES, own.PASSKEY):
            client.post(page, {"password": PASSWORD})
        client.post("/compte/reauthenticate/", {"password": PASSWORD})
        client.post(f"{own.SAFETY}{app.pk}/retirer/")
        assert Authenticator.objects.filter(user=user).count() == 2


def test_a_token_gives_no_code_of_ones_app_without_the_password(db: None) -> None:
    user, client = account()
    secret, _codes = own.add_app(client)
    stolen = Client(headers={"authorization": f"Token {tokens.issue(user, 'volé', 3)}"})
    with clock.at(NOON + timedelta(seconds=60)):
        for number in range(6):
            stolen.put(own.STRENGTH, {"password": f"faux{number}", "code": own.code_of(secret)}, "application/json")
        assert not own.is_strong(stolen)["strong"]
        assert client.post("/confirmer/", {"code": own.code_of(secret)}).status_code == 302  # its owner is not shut out


def test_the_administration_asks_for_the_second_factor_as_every_page_does(db: None) -> None:
    user, client = account()
    User.objects.update(is_staff=True, is_superuser=True)
    own.add_app(client)
    thief = at_the_second_step(user)
    assert thief.get("/admin/").status_code == 302
    answer = thief.post("/admin/login/", {"username": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert thief.get("/admin/").status_code == 302

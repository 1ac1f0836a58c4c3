"""The log of signing in: one line for each success, failure, confirmation and sign-out; nothing secret in any."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from backend import clock
from backend.people import notices
from backend.people.models import Occasion, User
from tests.backend.people.cast import PASSWORD, code_in, sign_in

pytestmark = pytest.mark.usefixtures("doors")


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level("INFO", logger="people.sign_in")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "people.sign_in"]


def test_a_success_is_told_with_its_factor_and_where_from(client: Client, claire: User, lines: Any) -> None:
    sign_in(client, REMOTE_ADDR="192.0.2.7")
    client.post("/account/logout/", REMOTE_ADDR="192.0.2.7")

    assert lines() == [
        f"signed in: account={claire.pk} by=password from=192.0.2.7",
        f"signed out: account={claire.pk} why=asked from=192.0.2.7",
    ]


def test_a_failure_tells_the_account_and_of_an_unknown_address_no_more_than_that_it_came_back(
    client: Client, claire: User, lines: Any
) -> None:
    sign_in(client, "Claire@Example.fr", "faux-secret")
    for _ in range(2):
        sign_in(client, "personne@example.fr", "faux-secret")

    known, unknown, again = lines()
    assert known == f"not signed in: account={claire.pk} why=wrong from=127.0.0.1"
    assert unknown == again
    assert unknown.startswith("not signed in: account=unknown-")
    assert not any(secret in line for line in lines() for secret in ("example.fr", "personne", "faux-secret"))


def test_tries_past_the_limit_are_told(client: Client, claire: User, lines: Any) -> None:
    for _ in range(6):
        sign_in(client, password="faux")

    assert lines()[-1] == f"not signed in: account={claire.pk} why=too-many from=127.0.0.1"


def test_what_protects_an_account_is_told_when_it_changes(client: Client, claire: User, lines: Any) -> None:
    sign_in(client)
    notices.owe(claire, Occasion.APP_REMOVED, client.get("/api/v1/me").wsgi_request)
    notices.owe(claire, Occasion.FACTORS_RESET)

    assert lines()[1:] == [
        f"safety: account={claire.pk} what=app-removed from=127.0.0.1",
        f"safety: account={claire.pk} what=factors-reset from=administration",
    ]


def test_a_session_whose_time_is_over_is_told(client: Client, claire: User, lines: Any, settings: Any) -> None:
    sign_in(client)
    with clock.at(clock.now() + timedelta(seconds=settings.SESSION_IDLE_SECONDS + 1)):
        client.get("/api/v1/me")

    assert lines()[-1] == f"signed out: account={claire.pk} why=over from=127.0.0.1"


def test_a_confirmation_and_its_failure_are_told_without_the_code(client: Client, claire: User, lines: Any) -> None:
    sign_in(client)
    client.post("/api/v1/me/strength", {"password": PASSWORD}, content_type="application/json")
    code = code_in(mail.outbox[-1])
    for tried in ("000000", code):
        client.put("/api/v1/me/strength", {"code": tried, "password": PASSWORD}, content_type="application/json")

    assert lines()[1:] == [
        f"not confirmed: account={claire.pk} why=code-wrong from=127.0.0.1",
        f"confirmed: account={claire.pk} by=password,code from=127.0.0.1",
    ]

"""Keeping somebody out by failing in their name: who is known goes on, and to be known gains nobody more than a few tries."""

import re
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from backend.people import accounts, devices
from backend.people.models import Device, Occasion, SafetyNotice, User
from tests.backend.people.cast import PASSWORD, person
from tests.frontend import own

ACCOUNT, STRENGTH = "/mon-compte/", "/api/v1/me/strength"
CHANGE = "/compte/password/change/"
ANOTHER = "une tout autre phrase"


@pytest.fixture
def claire(db: None) -> User:
    return person()


def attempt(client: Client, email: str = "claire@example.fr", password: str = PASSWORD, network: str = "192.0.2.1") -> Any:
    return client.post(own.SIGN_IN, {"login": email, "password": password}, REMOTE_ADDR=network)


def known(user: User) -> Client:
    """A browser with which they signed in once, and out again."""
    client = Client()
    assert attempt(client, user.email).status_code == 302
    client.post("/compte/logout/")
    return client


def hammered(email: str = "claire@example.fr", network: str = "192.0.2.1", times: int = 11) -> None:
    """A stranger fails until the account lets no stranger in, nor anybody new from the network, which may be its owner's."""
    stranger = Client()
    for _ in range(times):
        attempt(stranger, email, "faux", network)


def bearing(cookie: str) -> Client:
    client = Client()
    client.cookies[devices.COOKIE] = cookie
    return client


def is_in(client: Client) -> bool:
    return client.get(ACCOUNT).status_code == 200


def test_the_owner_comes_in_by_a_known_browser_while_strangers_fail_and_by_no_other(claire: User) -> None:
    hers = known(claire)
    hammered(times=40)

    attempt(elsewhere := Client())
    attempt(hers)

    assert (is_in(elsewhere), is_in(hers)) == (False, True)


def test_who_is_in_confirms_while_strangers_fail_and_the_tries_in_a_session_keep_nobody_else_out(claire: User) -> None:
    hers, other = Client(), Client()
    attempt(hers)
    attempt(other)
    hammered()

    codes = [hers.post(STRENGTH, {"password": "faux"}, "application/json").json()["code"] for _ in range(6)]

    assert codes == ["password-wrong"] * 5 + ["too-many-tries"]
    assert hers.post(STRENGTH, {"password": PASSWORD}, "application/json").status_code == 422
    assert other.post(STRENGTH, {"password": PASSWORD}, "application/json").status_code == 202


@pytest.mark.parametrize("cookie", ["", "forged", "x" * 43, "é\x7f", "of somebody else"])
def test_a_browser_that_the_account_does_not_know_is_a_stranger_whatever_it_shows(claire: User, cookie: str) -> None:
    theirs = known(person("autre@example.fr"))
    hammered()

    attempt(other := bearing(theirs.cookies[devices.COOKIE].value if cookie == "of somebody else" else cookie))

    assert not is_in(other)


def test_a_stolen_cookie_gains_a_few_tries_of_its_own_and_none_of_anybody_elses(claire: User) -> None:
    hers, other = known(claire), known(claire)
    thief = bearing(hers.cookies[devices.COOKIE].value)
    hammered()

    told = [attempt(thief, password="faux").context["form"].non_field_errors() for _ in range(6)]
    for each in (thief, other, hers):
        attempt(each)

    assert told[:5] == [told[0]] * 5 != [told[5]] * 5
    assert (is_in(thief), is_in(other), is_in(hers)) == (False, True, False)  # whose cookie was copied is as a stranger meanwhile


def test_a_copied_cookie_gains_no_further_tries_and_takes_none_by_what_is_done_in_another_account(claire: User) -> None:
    mine = person("autre@example.fr")
    hers = known(claire)
    thief = bearing(hers.cookies[devices.COOKIE].value)
    hammered()
    for _ in range(4):
        attempt(thief, password="faux")
        attempt(thief, mine.email)
        thief.post("/compte/logout/")
        accounts.end_everywhere(mine)

    attempt(hers)  # the fifth

    assert is_in(hers)
    hers.post("/compte/logout/")
    attempt(thief, password="faux")
    attempt(thief)
    assert not is_in(thief)


def test_tries_of_a_known_browser_are_bounded_for_the_day_too(claire: User, settings: Any, monkeypatch: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {
        **settings.ACCOUNT_RATE_LIMITS,
        "password_known": settings.ACCOUNT_RATE_LIMITS["password_known"].replace("30/d", "7/d"),
    }
    hers, turns = known(claire), [5, 2, 0]
    for turn, fails in enumerate(turns):
        now = time.time() + turn * 301
        monkeypatch.setattr("allauth.core.internal.ratelimit.time", SimpleNamespace(time=lambda now=now: now, monotonic=time.monotonic))
        for _ in range(fails):
            attempt(hers, password="faux")
    attempt(hers)
    assert not is_in(hers)


def test_a_success_takes_back_its_own_try_alone(claire: User) -> None:
    hers = known(claire)
    for _ in range(4):
        attempt(hers, password="faux")
    for _ in range(3):
        attempt(hers)
        assert is_in(hers)
        hers.post("/compte/logout/")
    attempt(hers, password="faux")
    attempt(hers)
    assert not is_in(hers)


def test_the_refusal_tells_neither_who_has_an_account_nor_who_is_known_there(claire: User) -> None:
    theirs, hers = known(person("autre@example.fr")), known(claire)
    hammered("claire@example.fr", "192.0.2.2")
    hammered("personne@example.fr", "192.0.2.3")

    by_foreign = [attempt(theirs, email) for email in ("claire@example.fr", "personne@example.fr")]
    by_stranger = attempt(Client())

    by_known = [attempt(hers, password="faux") for _ in range(6)][-1]

    texts = {str(answer.context["form"].non_field_errors()) for answer in (*by_foreign, by_stranger, by_known)}
    assert len(texts) == 1


def test_looking_whether_a_browser_is_known_is_the_same_work_for_an_account_and_for_none(
    claire: User, django_assert_num_queries: Any, rf: Any
) -> None:
    request = rf.get("/")
    request.COOKIES[devices.COOKIE] = known(claire).cookies[devices.COOKIE].value
    for email, is_known in ((claire.email, True), ("personne@example.fr", False)):
        with django_assert_num_queries(1):
            assert bool(devices.known_by(request, email)) is is_known


# --- how it ends


def test_a_changed_password_ends_every_cookie_but_gives_its_owners_browser_another(claire: User) -> None:
    hers, forgotten = known(claire), known(claire)
    before = hers.cookies[devices.COOKIE].value
    attempt(hers)
    own.confirm_by_mail(hers)
    changed = hers.post(CHANGE, {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER})
    assert changed.status_code == 302
    hers.post("/compte/logout/")
    hammered()

    tried = [bearing(before), forgotten, hers]
    for each in tried:
        attempt(each, password=ANOTHER)

    assert [is_in(each) for each in tried] == [False, False, True]


def test_a_forgotten_password_changed_by_mail_ends_every_cookie(claire: User) -> None:
    hers = known(claire)
    Client().post("/compte/password/reset/", {"email": claire.email})
    reader = Client()
    page = reader.get(re.findall(r"https?://[^/]+(/compte/\S+)", str(mail.outbox[-1].body))[0])
    reader.post(page.headers["Location"], {"password1": ANOTHER, "password2": ANOTHER})
    hammered()
    attempt(hers, password=ANOTHER)
    attempt(reader, password=ANOTHER)
    assert (is_in(hers), is_in(reader)) == (False, True)  # who reads their mail is known where they changed it


@pytest.mark.parametrize("who", ["an administrator", "their owner"])
def test_sessions_ended_everywhere_end_the_cookies(claire: User, who: str) -> None:
    lost, hers = known(claire), Client()
    attempt(hers)
    if who == "their owner":
        hers.post("/mon-compte/securite/sessions/fin/")
    else:
        accounts.end_everywhere(claire)
    hammered()
    attempt(lost)
    assert not is_in(lost)


def test_an_ended_cookie_is_not_brought_to_life_by_the_next_sign_in_of_its_browser(claire: User) -> None:
    hers = known(claire)
    copied = hers.cookies[devices.COOKIE].value
    accounts.end_everywhere(claire)
    attempt(hers)
    hers.post("/compte/logout/")
    hammered()

    attempt(thief := bearing(copied))
    attempt(hers)

    assert (is_in(thief), is_in(hers)) == (False, True)
    assert list(SafetyNotice.objects.values_list("occasion", flat=True)) == [Occasion.NEW_DEVICE]


def test_a_cookie_planted_in_the_browser_of_another_is_not_theirs(claire: User) -> None:
    planted = known(person("voleur@example.fr")).cookies[devices.COOKIE].value
    hers = bearing(planted)
    attempt(hers)
    hammered()

    attempt(thief := bearing(planted))

    assert not is_in(thief)
    assert Device.objects.count() == 2


def test_the_accounts_of_one_browser_stay_known_in_it_whatever_becomes_of_one(claire: User) -> None:
    other, shared = person("autre@example.fr"), known(claire)
    attempt(shared, other.email)
    shared.post("/compte/logout/")
    accounts.end_everywhere(other)
    attempt(shared, other.email)
    shared.post("/compte/logout/")
    hammered()

    attempt(shared)

    assert is_in(shared)


def test_a_sign_in_that_stops_before_its_second_factor_makes_no_browser_known(claire: User) -> None:
    hers = Client()
    attempt(hers)
    own.confirm_by_mail(hers)
    own.add_app(hers)

    attempt(thief := Client())

    assert devices.COOKIE not in thief.cookies
    assert Device.objects.count() == 1

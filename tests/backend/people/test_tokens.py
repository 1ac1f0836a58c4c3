"""Tokens: shown once, kept as a digest, dead when revoked, expired, or their account closed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from backend import clock
from backend.errors import Invalid, NotFound
from backend.people import tokens
from backend.people.channel import actor_of_scope
from backend.people.models import Token, User
from tests.backend.people.cast import PASSWORD, person, sign_in

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def scope(plain: str) -> dict[str, object]:
    return {"headers": [(b"authorization", f"Token {plain}".encode())]}


def test_a_token_is_kept_as_a_digest_only(claire: User) -> None:
    plain = tokens.issue(claire, "logiciel du cabinet", 30)

    token = Token.objects.get()
    assert plain not in (token.digest, token.name)
    assert tokens.opened_by(plain) == token
    assert tokens.opened_by(token.digest) is None


def test_a_token_ends_on_its_day(claire: User) -> None:
    with clock.at(NOON):
        plain = tokens.issue(claire, "essai", 1)
    with clock.at(NOON + timedelta(hours=23)):
        assert tokens.opened_by(plain)
    with clock.at(NOON + timedelta(days=1)):
        assert tokens.opened_by(plain) is None


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_token_lasts_a_year_at_most(claire: User, days: int) -> None:
    with pytest.raises(Invalid) as refusal:
        tokens.issue(claire, "essai", days)
    assert refusal.value.field == "days"


def test_a_revoked_token_opens_nothing(claire: User) -> None:
    plain = tokens.issue(claire, "essai", 30)
    tokens.revoke(claire, Token.objects.get().pk)
    assert actor_of_scope(scope(plain)) is None


def test_nobody_revokes_the_token_of_another(claire: User) -> None:
    plain = tokens.issue(claire, "essai", 30)
    with pytest.raises(NotFound):
        tokens.revoke(person("marc@example.fr"), Token.objects.get().pk)
    assert tokens.opened_by(plain)


@pytest.mark.usefixtures("doors")
def test_a_changed_password_ends_the_tokens(client: Client, claire: User) -> None:
    plain = tokens.issue(claire, "volé", 365)
    sign_in(client)
    new = "une autre phrase bien longue"
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    claire.refresh_from_db()
    assert claire.check_password(new)
    assert tokens.opened_by(plain) is None


def test_closing_an_account_closes_its_tokens(claire: User) -> None:
    plain = tokens.issue(claire, "essai", 30)
    User.objects.update(is_active=False)
    assert tokens.opened_by(plain) is None


def test_its_last_use_is_noted_once_a_minute(claire: User) -> None:
    plain = tokens.issue(claire, "essai", 30)
    moments = []
    for seconds in (0, 30, 61):
        with clock.at(NOON + timedelta(seconds=seconds)):
            tokens.opened_by(plain)
        moments.append(Token.objects.get().last_used_at)
    assert moments == [NOON, NOON, NOON + timedelta(seconds=61)]


def test_the_actor_of_a_token_is_its_owner_and_not_strong(claire: User) -> None:
    actor = actor_of_scope(scope(tokens.issue(claire, "essai", 30)))

    assert actor is not None
    assert actor.user_id == claire.pk
    assert actor.key.startswith("token:")
    assert not actor.strong

"""Who is at the other end of a socket or an upload."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from backend import clock
from backend.people import accounts, tokens
from backend.people.channel import actor_of_scope
from backend.people.models import Membership, Role, User
from tests.backend.people.cast import firm, sign_in

pytestmark = pytest.mark.usefixtures("doors")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def scope(*headers: tuple[str, str]) -> dict[str, object]:
    return {"headers": [(name.encode(), value.encode("latin-1")) for name, value in headers]}


def of(client: Client) -> dict[str, object]:
    return scope(("cookie", f"theme=dark; sessionid={client.cookies['sessionid'].value}"))


def test_a_session_cookie_gives_the_actor_of_its_person(client: Client, claire: User) -> None:
    sign_in(client)
    actor = actor_of_scope(of(client))

    assert actor is not None
    assert (actor.user_id, actor.strong) == (claire.pk, False)
    assert actor.key == client.session["key"]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("cookie", "sessionid=forged")],
        [("cookie", "sessionid=")],
        [("cookie", "\xff;;=;sessionid")],
        [("authorization", "Token ca_forged")],
        [("authorization", "Token")],
        [("authorization", "Basic Y2xhaXJlOnBhc3N3b3Jk")],
        [("authorization", "Token \xff\xfe")],
    ],
)
def test_a_stranger_is_nobody(db: None, headers: list[tuple[str, str]]) -> None:
    assert actor_of_scope(scope(*headers)) is None


def test_a_token_that_opens_nothing_does_not_fall_back_on_the_cookie(client: Client, claire: User) -> None:
    sign_in(client)
    both = scope(("authorization", "Token ca_forged"), ("cookie", f"sessionid={client.cookies['sessionid'].value}"))
    assert actor_of_scope(both) is None


def test_a_session_ended_elsewhere_is_nobody_at_once(client: Client, claire: User) -> None:
    sign_in(client)
    asked = of(client)
    accounts.end_everywhere(claire)
    assert actor_of_scope(asked) is None


def test_a_changed_password_ends_the_other_sessions(client: Client, claire: User) -> None:
    sign_in(client)
    claire.set_password("une autre phrase bien longue")
    claire.save()
    assert actor_of_scope(of(client)) is None


def test_a_session_left_unused_is_nobody(client: Client, claire: User) -> None:
    with clock.at(NOON):
        sign_in(client)
    with clock.at(NOON + timedelta(hours=3)):
        assert actor_of_scope(of(client)) is None


def test_a_membership_ended_leaves_the_open_connection_at_once(client: Client, claire: User) -> None:
    membership = Membership.objects.create(user=claire, organisation=firm(), role=Role.LAWYER, since=date(2020, 1, 1))
    plain = tokens.issue(claire, "logiciel", 30)
    sign_in(client)
    scopes = [of(client), scope(("authorization", f"Token {plain}"))]
    assert all(actor.roles for actor in map(actor_of_scope, scopes) if actor)

    membership.until = clock.today()
    membership.save()

    assert [actor.roles for actor in map(actor_of_scope, scopes) if actor] == [frozenset(), frozenset()]

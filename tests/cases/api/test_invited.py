"""Whoever is invited and has no account opens one by the link, which proves their address, then answers."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.people.models import User
from cases import actions, links
from cases.models import Case
from tests.world import World

SAID = {"first_names": "Maud", "last_name": "Riquier", "password": "une phrase assez longue"}


@pytest.fixture
def case(world: World) -> Case:
    return world.joint_petition(spouses=False)


@pytest.fixture
def link(world: World, case: Case) -> str:
    sent = actions.invitation.send(world.lawyer, case, spouse=case.spouses.get(side=2).pk, email="Maud.Riquier@example.fr")
    return f"/api/v1/invitations/{links.token(sent.pk)}"


def opened(link: str, **said: str) -> Any:
    return APIClient().post(f"{link}/account", {**SAID, **said}, format="json")


def test_the_link_opens_an_account_of_its_own_address_and_the_case_is_then_joined(case: Case, link: str) -> None:
    answer = opened(link, language="en")
    assert (answer.status_code, answer.data["email"]) == (201, "maud.riquier@example.fr")
    user = User.objects.get(email="maud.riquier@example.fr")
    assert (user.language, user.check_password(SAID["password"])) == ("en", True)

    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer.data['token']}")
    assert client.get(f"/api/v1/cases/{case.pk}").status_code == 404
    assert client.post(link, {"consent": True}, format="json").status_code == 200
    assert client.get(f"/api/v1/cases/{case.pk}").status_code == 200


def test_a_link_opens_one_account_and_a_weak_password_none(world: World, link: str) -> None:
    weak = opened(link, password="password")
    assert (weak.status_code, weak.data["field"]) == (422, "password")
    assert not User.objects.filter(email="maud.riquier@example.fr").exists()

    assert opened(link).status_code == 201
    again = opened(link)
    assert (again.status_code, again.data["code"]) == (409, "account-exists")


def test_a_link_that_is_cancelled_opens_nothing(world: World, case: Case, link: str) -> None:
    actions.invitation.cancel(world.lawyer, case, invitation=case.invitations.get().pk)
    assert opened(link).status_code == opened("/api/v1/invitations/no-such-link").status_code == 404
    assert not User.objects.filter(email="maud.riquier@example.fr").exists()


def test_the_address_is_the_links_and_never_what_is_said(link: str) -> None:
    assert opened(link, email="other@example.fr").data["errors"][0]["field"] == "email"
    assert not User.objects.filter(email="other@example.fr").exists()

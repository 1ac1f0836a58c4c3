"""A lawyer's page of their enrolment, and what the others of a case are shown of it."""

from typing import Any

import pytest
from django.test import Client

from backend.people import professional
from backend.people.models import Enrolment
from cases.demo.cast import cast
from tests.world import PASSWORD, World

PAGE = "/mon-compte/barreau/"


def signed_in(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post("/compte/login/", {"login": user.email, "password": PASSWORD})
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def world(db: None) -> World:
    return World()


def test_a_lawyer_states_a_bar_and_a_number_and_is_told_what_comes_next(world: World) -> None:
    client = signed_in(world.lawyer_user)
    assert "Say your bar and your number there" in client.get("/mon-compte/").text

    client.post(PAGE, {"bar": "Rouen", "number": "1234"})

    assert "Bar of Rouen, number 1234: not verified yet" in client.get("/mon-compte/").text


def test_the_page_is_for_lawyers(world: World) -> None:
    client = signed_in(world.spouse_1_user)
    assert client.get(PAGE).status_code == 404
    assert "barreau" not in client.get("/mon-compte/").text


def test_the_first_page_tells_a_lawyer_who_is_kept_from_signing(world: World, settings: Any) -> None:
    client = signed_in(world.lawyer_user)
    assert "#barreau" not in client.get("/dossiers/").text

    settings.LAWYERS_VERIFIED = True
    assert "#barreau" in client.get("/dossiers/").text
    professional.verify(professional.state(world.lawyer_user, "Rouen", "1234"), world.administrator_user)
    assert "#barreau" not in client.get("/dossiers/").text


@pytest.mark.parametrize("who", ["spouse_2", "lawyer", "clerk"])
def test_everybody_of_the_case_sees_whether_the_lawyer_is_verified_and_by_what(world: World, who: str) -> None:
    case = world.joint_petition(at="check")
    client = signed_in(getattr(world, f"{who}_user"))
    people = f"/dossiers/{case.pk}/personnes/"
    assert "Not verified" in client.get(people).text

    professional.verify(professional.state(world.lawyer_user, "Rouen", "1234"), world.administrator_user)
    page = client.get(people).text

    assert "Rouen, number 1234: verified on" in page
    assert "by the administrator of the platform" in page
    assert world.administrator_user.full_name not in page
    counsel = client.get(f"/api/v1/cases/{case.pk}").json()["counsels"][0]
    assert (counsel["enrolment"]["number"], counsel["enrolment"]["verified_by"]) == ("1234", "the administrator of the platform")


def test_over_the_api_a_lawyer_states_it_too(world: World) -> None:
    client = signed_in(world.lawyer_user)
    answer = client.put("/api/v1/me/enrolment", {"bar": "Rouen", "number": "1234"}, "application/json")

    assert (answer.status_code, answer.json()["verified_at"]) == (200, None)
    assert client.get("/api/v1/me").json()["enrolment"]["number"] == "1234"
    assert signed_in(world.spouse_1_user).put("/api/v1/me/enrolment", {"bar": "R", "number": "1"}, "application/json").status_code == 403


def test_the_demos_lawyers_are_verified_and_casting_twice_changes_nothing(db: None) -> None:
    cast()
    before = list(Enrolment.objects.order_by("pk").values_list("user__last_name", "bar", "number", "verified_at"))
    cast()

    assert [name for name, _bar, _number, verified_at in before if verified_at] == ["Houël", "Kerdoncuff", "Tissot", "Lamy"]
    assert list(Enrolment.objects.order_by("pk").values_list("user__last_name", "bar", "number", "verified_at")) == before

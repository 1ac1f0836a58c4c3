"""A binding act confirmed at an identity provider: what was typed comes back, and a proof that is none raises nothing."""

import json
import time
from typing import Any

import pytest
from django.test import Client

from backend.people import accounts
from backend.people.levels import Level
from backend.people.models import Membership, Organisation, User
from tests.identities import CONFIRM, PASSWORD, agree, configure, sign_in, there_and_back, where
from tests.provider import Provider


def test_a_binding_act_is_confirmed_at_the_provider_with_what_was_typed(client: Client, provider: Provider, linked: User) -> None:
    sign_in(client, linked)
    before = client.cookies["sessionid"].value
    carried = {"next": "/mon-compte/", "carried-reason": "Ce que j'ai écrit", "carried-list": ["un", "deux"]}

    leading = client.post(CONFIRM, carried)
    assert "Ce que" not in json.dumps(dict(client.session.items()))
    page = client.get(agree(where(leading)))

    assert (provider.asked[-1]["prompt"], provider.asked[-1]["acr_values"]) == ("login", "eidas2")
    assert page.context["back"] == "/mon-compte/"
    assert page.context["carried"] == [("reason", "Ce que j'ai écrit"), ("list", "un"), ("list", "deux")]
    assert client.get("/api/v1/me/strength").json()["strong"]
    assert client.cookies["sessionid"].value != before


def test_what_was_typed_comes_back_once_and_to_its_own_browser_only(client: Client, provider: Provider, linked: User) -> None:
    sign_in(client, linked)
    way = agree(where(client.post(CONFIRM, {"next": "/aide/", "carried-reason": "secret"})))
    kept = client.cookies.pop("carried").value
    first = client.get(way)
    client.cookies["carried"] = kept
    again = client.get(agree(where(client.post(CONFIRM, {"next": "/aide/"}))))

    assert (first.status_code, first["Location"]) == (302, "/aide/")
    assert (again.status_code, again["Location"]) == (302, "/aide/")


def test_a_confirmation_that_is_refused_or_cannot_begin_loses_nothing_that_was_typed(
    client: Client, provider: Provider, linked: User, settings: Any
) -> None:
    sign_in(client, linked)
    carried = {"next": "/mon-compte/", "carried-reason": "Ce que j'ai écrit"}
    provider.acr = "eidas1"
    refused = there_and_back(client, CONFIRM, carried)
    settings.FEDERATION = {"franceconnect": {**settings.FEDERATION["franceconnect"], "issuer": "http://127.0.0.1:9"}}
    away = client.post(CONFIRM, carried)

    for page in (refused, away):
        assert page.context["carried"] == [("reason", "Ce que j'ai écrit")]
        assert page.context["back"] == "/mon-compte/"
        assert "fr-alert--error" in page.text


def test_the_page_of_a_confirmation_offers_the_providers_of_ones_own_identities(
    client: Client, provider: Provider, linked: User, settings: Any
) -> None:
    sign_in(client, linked)
    assert f'formaction="{CONFIRM}"' in client.get("/confirmer/").text

    configure(settings, provider, strong_acr=[])
    assert "formaction" not in client.get("/confirmer/").text


def test_a_higher_level_than_asked_confirms_and_a_lower_one_does_not(client: Client, provider: Provider, linked: User) -> None:
    sign_in(client, linked)
    for acr, held in (("eidas1", False), ("", False), ("eidas4", False), ("eidas3", True)):
        provider.acr = acr
        there_and_back(client, CONFIRM)
        assert client.get("/api/v1/me/strength").json()["strong"] is held, acr


def test_where_ones_organisation_needs_more_more_is_asked_of_the_provider(client: Client, provider: Provider, linked: User) -> None:
    firm = Organisation.objects.create(kind="firm", name="Cabinet", binding_level=Level.HIGH)
    Membership.objects.create(user=linked, organisation=firm, role="lawyer", since="2020-01-01")
    sign_in(client, linked)

    for acr, held in (("eidas2", False), ("eidas3", True)):
        provider.acr = acr
        there_and_back(client, CONFIRM)
        assert client.get("/api/v1/me/strength").json()["strong"] is held, acr
    assert provider.asked[-1]["acr_values"] == "eidas3"


@pytest.mark.parametrize(
    ("needs", "acr", "lacks"), [(Level.SUBSTANTIAL, "eidas1", False), (Level.HIGH, "eidas2", True), (Level.HIGH, "eidas3", False)]
)
def test_one_whose_identity_confirms_what_their_organisation_needs_is_not_told_that_they_cannot_sign(
    client: Client, provider: Provider, linked: User, needs: Level, acr: str, lacks: bool
) -> None:
    firm = Organisation.objects.create(kind="firm", name="Cabinet", binding_level=needs)
    Membership.objects.create(user=linked, organisation=firm, role="lawyer", since="2020-01-01")
    provider.acr = acr
    there_and_back(client)

    assert bool(client.get("/mon-compte/securite/").context["lacks"]) is lacks


def test_a_provider_that_confirms_nothing_is_not_asked_to(client: Client, provider: Provider, linked: User, settings: Any) -> None:
    configure(settings, provider, strong_acr=[])
    sign_in(client, linked)
    assert client.post(CONFIRM).status_code == 404


def test_a_confirmation_needs_an_identity_of_ones_own(client: Client, provider: Provider, linked: User) -> None:
    other = accounts.create_invited("thibault@example.fr", "Thibault", "Desmarets", PASSWORD)
    sign_in(client, other)

    page = there_and_back(client, CONFIRM)
    assert "n’est pas liée à votre compte" in page.text
    assert 'action="/confirmer/"' in page.text
    assert not client.get("/api/v1/me/strength").json()["strong"]


def test_a_confirmation_needs_that_one_proved_oneself_anew(client: Client, provider: Provider, linked: User) -> None:
    sign_in(client, linked)
    for faults in ({}, {"auth_time": None}, {"auth_time": int(time.time()) + 3600}, {"auth_time": "now"}):
        provider.faults, provider.signed_in_at = faults, time.time() - 120
        assert "ne vous a pas demandé" in there_and_back(client, CONFIRM).text, faults
    assert not client.get("/api/v1/me/strength").json()["strong"]

"""Signing in at an identity provider, linking, joining: a real OpenID Connect server on loopback, through the real pages."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from backend import clock
from backend.people import accounts
from backend.people.levels import Level
from backend.people.models import Enrolment, Membership, Organisation, Proof, User
from backend.work.doing import run_due
from cases import actions, links
from tests.frontend import own
from tests.identities import BEGIN, CONFIRM, LINK, PASSWORD, agree, configure, sign_in, strong, there_and_back, where
from tests.provider import Provider
from tests.world import PASSWORD as WORLDS
from tests.world import World


def test_nothing_shows_where_no_provider_is_configured(client: Client, db: None) -> None:
    assert "identite" not in client.get("/compte/login/").text
    assert client.post(BEGIN).status_code == 404


def test_the_buttons_of_the_providers_come_first_and_then_the_address(client: Client, provider: Provider, db: None) -> None:
    page = client.get("/compte/login/?next=/aide/").text

    assert 0 < page.index(f'action="{BEGIN}"') < page.index('name="login"')
    assert 'name="next" value="/aide/"' in page


def test_the_way_there_asks_for_a_level_with_a_nonce_a_state_and_pkce(client: Client, provider: Provider, db: None) -> None:
    agree(where(client.post(BEGIN)))
    asked = provider.asked[-1]

    assert asked["response_type"] == "code"
    assert asked["acr_values"] == "eidas1"
    assert asked["redirect_uri"] == "http://testserver/identite/franceconnect/retour/"
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32  # FranceConnect's own minimum
    assert "prompt" not in asked


def test_nobody_who_comes_chooses_what_is_asked(client: Client, provider: Provider, db: None) -> None:
    agree(where(client.post(f"{BEGIN}?scope=admin&auth_params=acr_values%3Dnone&process=connect")))

    assert set(provider.asked[-1]["scope"].split()) == {"openid", "given_name", "family_name"}
    assert provider.asked[-1]["acr_values"] == "eidas1"


def test_a_linked_identity_signs_in_and_the_session_says_by_what(client: Client, provider: Provider, linked: User) -> None:
    answer = there_and_back(client, form={"next": "/aide/"})

    assert (answer.status_code, answer["Location"]) == (302, "/aide/")
    assert client.get("/api/v1/me").json()["email"] == linked.email
    proof = Proof.objects.filter(user=linked, key=client.session["key"]).latest("level")
    assert (proof.method, proof.level, proof.acr, proof.opened) == ("oidc", Level.SUBSTANTIAL, "eidas2", True)


def test_signing_in_at_a_low_level_opens_a_session_that_is_not_strong(client: Client, provider: Provider, linked: User) -> None:
    provider.acr = "eidas1"
    there_and_back(client)

    assert not client.get("/api/v1/me/strength").json()["strong"]


def test_one_who_had_signed_in_at_the_provider_long_before_is_not_strong_for_it(client: Client, provider: Provider, linked: User) -> None:
    provider.signed_in_at = time.time() - 3600
    there_and_back(client)

    assert client.get("/api/v1/me").status_code == 200
    assert not client.get("/api/v1/me/strength").json()["strong"]


def test_signing_in_gives_a_new_session(client: Client, provider: Provider, linked: User) -> None:
    page = client.post(BEGIN)
    before = client.cookies["sessionid"].value
    client.get(agree(where(page)))

    assert client.cookies["sessionid"].value != before


def test_linking_asks_for_a_confirmation_first_and_again_after_the_time(client: Client, provider: Provider, armelle: User) -> None:
    sign_in(client, armelle)
    weak = client.post(LINK)
    assert 'http-equiv="refresh"' not in weak.text

    strong(client, armelle)
    way = agree(where(client.post(LINK)))
    Proof.objects.all().delete()
    client.get(way)

    assert not SocialAccount.objects.exists()


def test_what_asks_for_a_confirmation_on_the_account_is_done_by_one_press_after_it(
    client: Client, provider: Provider, linked: User
) -> None:
    sign_in(client, linked)
    for act in (LINK, f"/identite/{SocialAccount.objects.get().pk}/delier/"):
        button = 'name="asked" value="yes"'
        assert button in client.get("/mon-compte/").text
        asked = client.post(act, {"asked": "yes"})
        assert asked.context["carried"] == [("asked", "yes")]
        page = there_and_back(client, CONFIRM, {"next": asked.context["back"], "carried-asked": "yes"})
        assert f'method="post" action="{act}"' in page.text
        Proof.objects.all().delete()


def test_linking_makes_the_person_prove_themself_at_the_provider(client: Client, provider: Provider, armelle: User) -> None:
    sign_in(client, armelle)
    strong(client, armelle)
    provider.signed_in_at = time.time() - 3600  # somebody else's session, on a shared computer

    answer = there_and_back(client, LINK)

    assert provider.asked[-1]["prompt"] == "login"
    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()


def test_what_is_kept_of_an_identity_is_what_is_compared(client: Client, provider: Provider, linked: User) -> None:
    row = SocialAccount.objects.get(user=linked)

    assert row.extra_data["told"] == {
        "given_name": "Armelle Jeanne",
        "family_name": "VAUQUELIN",
        "birthdate": "1981-06-14",
        "birthplace": "76217",
    }
    assert row.extra_data["subject"] == provider.person["sub"]
    assert "fournisseur.example" not in json.dumps(row.extra_data)


def test_the_owner_is_told_by_mail_of_an_identity_linked_and_unlinked(client: Client, provider: Provider, armelle: User) -> None:
    sign_in(client, armelle)
    strong(client, armelle)
    there_and_back(client, LINK)
    client.post(f"/identite/{SocialAccount.objects.get().pk}/delier/")
    run_due()

    told = [message for message in mail.outbox if "FranceConnect" in message.body]
    assert [message.to for message in told] == [[armelle.email]] * 2
    assert all("FranceConnect" not in message.subject for message in told)


def test_a_difference_is_shown_to_the_person_and_changes_nothing(client: Client, provider: Provider, linked: User) -> None:
    provider.person["family_name"] = "DESMARETS"
    there_and_back(client)

    first = client.get("/aide/").text
    page = client.get("/mon-compte/").text
    linked.refresh_from_db()
    there_and_back(client)

    assert "fr-alert--warning" in first
    assert "fr-alert--warning" not in client.get("/aide/").text  # told once

    assert "“Vauquelin”" in page or "« Vauquelin »" in page
    assert "DESMARETS" in page
    assert linked.last_name == "Vauquelin"


def test_an_identity_is_unlinked_by_its_owner_once_confirmed(client: Client, provider: Provider, linked: User) -> None:
    sign_in(client, linked)
    key = SocialAccount.objects.get().pk
    client.post(f"/identite/{key}/delier/")
    assert SocialAccount.objects.exists()

    strong(client, linked)
    client.post(f"/identite/{key}/delier/")

    assert not SocialAccount.objects.exists()


def test_nobody_unlinks_anothers_identity(client: Client, provider: Provider, linked: User) -> None:
    other = accounts.create_invited("thibault@example.fr", "Thibault", "Desmarets", PASSWORD)
    sign_in(client, other)
    strong(client, other)

    assert client.post(f"/identite/{SocialAccount.objects.get().pk}/delier/").status_code == 404
    assert SocialAccount.objects.exists()


def test_the_last_way_into_an_account_is_not_taken_away(client: Client, provider: Provider, linked: User) -> None:
    linked.set_unusable_password()
    linked.save()
    there_and_back(client)
    client.post(f"/identite/{SocialAccount.objects.get().pk}/delier/")

    assert SocialAccount.objects.exists()


def test_an_identity_nobody_knows_with_an_address_the_provider_did_not_verify_opens_nothing(
    client: Client, provider: Provider, armelle: User
) -> None:
    pages = []
    for address in (armelle.email, "personne@example.fr"):
        provider.person["email"] = address
        answer = there_and_back(client)
        pages.append((answer.status_code, answer.context["refusal"].code, str(answer.context["refusal"])))

    assert pages[0] == pages[1]
    assert pages[0][:2] == (403, "identity-unknown")
    assert client.get("/api/v1/me").status_code == 401
    assert User.objects.count() == 1


def test_an_address_the_provider_verified_opens_an_account_of_its_own(client: Client, provider: Provider, db: None) -> None:
    provider.person |= {"email": "Armelle@Fournisseur.example", "email_verified": True}
    there_and_back(client)

    user = User.objects.get()
    assert (user.email, user.first_names, user.last_name) == ("armelle@fournisseur.example", "Armelle Jeanne", "Vauquelin")
    assert not user.has_usable_password()
    assert client.get("/api/v1/me").json()["email"] == user.email


def test_a_verified_address_that_has_an_account_is_signed_in_to_first(client: Client, provider: Provider, armelle: User) -> None:
    provider.person |= {"email": armelle.email, "email_verified": True}
    answer = there_and_back(client)

    assert (answer.status_code, answer.context["refusal"].code) == (409, "account-exists")
    assert not SocialAccount.objects.exists()
    assert client.get("/api/v1/me").status_code == 401


def test_signing_out_here_leads_out_of_the_provider_too(client: Client, provider: Provider, linked: User) -> None:
    there_and_back(client)
    way = client.post("/compte/logout/")["Location"]
    page = client.get(way)

    assert client.get("/api/v1/me").status_code == 401
    assert where(page).startswith(f"{provider.address}/logout?id_token_hint=")
    assert "post_logout_redirect_uri=http%3A%2F%2Ftestserver%2F" in where(page)
    assert client.get(way)["Location"] == "/"  # told once


def test_one_who_signed_in_by_address_signs_out_here_alone(client: Client, provider: Provider, linked: User) -> None:
    sign_in(client, linked)
    assert client.post("/compte/logout/")["Location"] == "/"


def test_allauths_own_pages_of_identities_are_ours(client: Client, provider: Provider, linked: User) -> None:
    sign_in(client, linked)
    key = SocialAccount.objects.get().pk
    for page in ("", "signup/", "login/cancelled/"):
        assert client.post(f"/compte/3rdparty/{page}", {"account": key})["Location"] == "/mon-compte/"
    assert SocialAccount.objects.exists()
    assert client.post("/compte/oidc/franceconnect/login/").status_code == 404


@pytest.fixture
def invited(db: None) -> str:
    """The page of the invitation that Thibault, who has no account yet, was sent."""
    world = World()
    case = world.joint_petition(anew=True, spouses=False)
    sent = actions.invitation.send(world.lawyer, case, spouse=case.spouses.get(side=2).pk, email="thibault.nouveau@example.fr")
    return f"/invitation/{links.token(sent.pk)}"


def test_an_invitation_is_joined_by_an_identity_at_the_address_that_was_invited(client: Client, provider: Provider, invited: str) -> None:
    provider.person |= {"sub": "thibault", "given_name": "Thibault", "family_name": "DESMARETS", "email": "autre@ailleurs.example"}
    assert f'action="{BEGIN}"' in client.get(invited).text

    answer = there_and_back(client, form={"next": invited})

    assert (answer.status_code, answer["Location"]) == (302, invited)
    user = User.objects.get(email="thibault.nouveau@example.fr")
    assert (user.full_name, user.has_usable_password()) == ("Thibault Desmarets", False)
    assert SocialAccount.objects.get().user == user
    assert 'name="join"' in client.get(invited).text


def test_an_invitation_to_an_address_that_has_an_account_links_nothing(client: Client, provider: Provider, invited: str) -> None:
    accounts.create_invited("thibault.nouveau@example.fr", "Thibault", "Desmarets", PASSWORD)
    answer = there_and_back(client, form={"next": invited})

    assert answer.context["refusal"].code == "account-exists"
    assert not SocialAccount.objects.exists()


def test_a_link_that_is_no_invitation_opens_no_account(client: Client, provider: Provider, invited: str) -> None:
    for page in ("/invitation/guessed", "/invitation/", "/aide/", "/nowhere/"):
        assert there_and_back(client, form={"next": page}).context["refusal"].code == "identity-unknown"
    assert not SocialAccount.objects.exists()


def test_a_claim_of_the_provider_verifies_a_lawyer(client: Client, provider: Provider, settings: Any, db: None) -> None:
    world = World()
    configure(settings, provider, bar_claim="barreau", bar_number_claim="numero")
    provider.person |= {"barreau": "Rouen", "numero": "1234"}
    client.post("/compte/login/", {"login": world.lawyer_user.email, "password": WORLDS})
    strong(client, world.lawyer_user)
    there_and_back(client, LINK)

    assert (world.lawyer_user.enrolment.number, world.lawyer_user.enrolment.verifier) == ("1234", "FranceConnect")

    settings.FEDERATION = {"franceconnect": {**settings.FEDERATION["franceconnect"], "name": "FranceConnect+"}}
    provider.person["numero"] = "1235"
    client.post("/compte/logout/")
    there_and_back(client)
    world.lawyer_user.enrolment.refresh_from_db()
    assert (world.lawyer_user.enrolment.number, world.lawyer_user.enrolment.verifier) == ("1235", "FranceConnect+")


def test_a_claim_and_a_level_are_taken_of_who_is_asked_for_a_second_factor_on_the_way_in(
    client: Client, provider: Provider, linked: User, settings: Any
) -> None:
    configure(settings, provider, bar_claim="barreau", bar_number_claim="numero")
    firm = Organisation.objects.create(kind="firm", name="Cabinet")
    Membership.objects.create(user=linked, organisation=firm, role="lawyer", since="2020-01-01")
    sign_in(client, linked)
    strong(client, linked)
    secret, _codes = own.add_app(client)
    client.post("/compte/logout/")
    provider.person |= {"barreau": "Rouen", "numero": "1234"}

    there_and_back(client)
    assert not Enrolment.objects.exists()
    with clock.at(clock.now() + timedelta(seconds=60)):
        client.post(own.STEP, {"code": own.code_of(secret)})

    assert (linked.enrolment.number, linked.enrolment.is_verified) == ("1234", True)
    kept = Proof.objects.get(user=linked, key=client.session["key"], method="oidc", opened=True, acr="eidas2")
    assert (kept.provider, kept.subject) == ("franceconnect", SocialAccount.objects.get().uid)


def test_what_a_provider_vouched_for_before_another_signed_in_is_not_theirs(client: Client, provider: Provider, linked: User) -> None:
    sign_in(client, linked)
    strong(client, linked)
    own.add_app(client)
    client.post("/compte/logout/")
    there_and_back(client)  # and no code given
    left = client.session
    del left["account_login"]  # as its time runs out
    left.save()
    other = accounts.create_invited("thibault@example.fr", "Thibault", "Desmarets", PASSWORD)
    sign_in(client, other)

    assert client.get("/api/v1/me").json()["email"] == other.email
    assert not Proof.objects.filter(user=other, method="oidc").exists()

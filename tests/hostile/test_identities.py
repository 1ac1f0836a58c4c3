"""What an identity provider, or somebody who plays one, may try: each forged, stale or foreign answer opens nothing."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from backend.people import accounts, strength
from backend.people.levels import Level, Method
from backend.people.models import Proof, User
from tests.identities import BEGIN, CONFIRM, agree, configure, there_and_back, where
from tests.provider import Provider
from tests.provider import provider as serving
from tests.world import PASSWORD as WORLDS
from tests.world import World

PASSWORD = "une phrase assez longue"
ME = "/api/v1/me"
SET = "/compte/password/set/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with serving() as made:
        configure(settings, made)
        yield made


@pytest.fixture
def linked(client: Client, provider: Provider, db: None) -> User:
    """Somebody whose identity is linked; signed out."""
    user = accounts.create_invited("armelle@example.fr", "Armelle", "Vauquelin", PASSWORD)
    client.post("/compte/login/", {"login": user.email, "password": PASSWORD})
    strength.raised(user, client.session["key"], Method.TOTP, level=Level.SUBSTANTIAL)
    there_and_back(client, f"{BEGIN}lier/")
    client.post("/compte/logout/")
    return user


def refused(client: Client, answer: Any) -> str:
    """The refusal told; nobody is signed in."""
    assert client.get(ME).status_code == 401
    return str(answer.context["refusal"].code)


FORGED = {
    "of another issuer": {"iss": "https://ailleurs.example"},
    "for another client": {"aud": "another-client"},
    "for several, and not said for whom": {"aud": ["commun-accord", "another-client"]},
    "authorized for another": {"azp": "another-client"},
    "in answer to another request": {"nonce": "another-nonce"},
    "in answer to none": {"nonce": None},
    "past its time": {"exp": int(time.time()) - 3600},
    "without an end": {"exp": None},
    "from the future": {"iat": int(time.time()) + 3600},
    "of nobody": {"sub": None},
    "of no one in particular": {"sub": ""},
    "of a number": {"sub": 42},
    "of another than it says of": {"userinfo sub": "somebody-else"},
}


@pytest.mark.parametrize("faults", FORGED.values(), ids=FORGED)
def test_an_id_token_that_is_not_this_answer_signs_nobody_in(client: Client, provider: Provider, linked: User, faults: Any) -> None:
    provider.faults = faults
    assert refused(client, there_and_back(client)) == "identity-refused"


@pytest.mark.parametrize("how", ["unsigned", "shared secret", "another key"])
def test_an_id_token_that_the_issuer_did_not_sign_signs_nobody_in(client: Client, provider: Provider, linked: User, how: str) -> None:
    provider.how = {how}
    assert refused(client, there_and_back(client)) == "identity-refused"


def test_the_honest_answer_signs_in(client: Client, provider: Provider, linked: User) -> None:
    there_and_back(client)
    assert client.get(ME).json()["email"] == linked.email


def test_userinfo_in_plain_is_taken_of_the_same_person_only(client: Client, provider: Provider, linked: User) -> None:
    provider.how = {"plain userinfo"}
    provider.faults = {"userinfo sub": "somebody-else"}
    assert refused(client, there_and_back(client)) == "identity-refused"

    provider.faults = {}
    there_and_back(client)
    assert client.get(ME).status_code == 200


@pytest.mark.parametrize("acr", ["eidas0", "", "EIDAS2", "eidas2 "])
def test_a_level_that_was_not_asked_signs_nobody_in(client: Client, provider: Provider, linked: User, settings: Any, acr: str) -> None:
    configure(settings, provider, acr=["eidas2"])
    provider.acr = acr
    assert refused(client, there_and_back(client)) == "identity-too-weak"


def test_a_code_serves_once(client: Client, provider: Provider, linked: User) -> None:
    way = agree(where(client.post(BEGIN)))
    client.get(way)
    client.post("/compte/logout/")

    assert refused(client, client.get(way)) == "identity-refused"


def test_a_code_got_by_another_is_worth_nothing_in_this_browser(client: Client, provider: Provider, linked: User) -> None:
    mallory = Client()
    stolen = dict(parse_qsl(agree(where(mallory.post(BEGIN))).partition("?")[2]))
    own = dict(parse_qsl(agree(where(client.post(BEGIN))).partition("?")[2]))

    for state in (stolen["state"], own["state"], "", "guessed"):
        answer = client.get(f"{BEGIN}retour/?{urlencode({'code': stolen['code'], 'state': state})}")
        assert refused(client, answer) == "identity-refused"


def test_an_answer_begun_before_somebody_signed_in_does_nothing_after(client: Client, provider: Provider, linked: User) -> None:
    way = agree(where(client.post(BEGIN)))
    other = accounts.create_invited("thibault@example.fr", "Thibault", "Desmarets", PASSWORD)
    client.post("/compte/login/", {"login": other.email, "password": PASSWORD})

    assert client.get(way).context["refusal"].code == "identity-refused"
    assert client.get(ME).json()["email"] == other.email


def test_another_issuer_named_in_the_answer_is_refused(client: Client, provider: Provider, linked: User) -> None:
    way = agree(where(client.post(BEGIN)))
    assert refused(client, client.get(f"{way}&iss=https://ailleurs.example")) == "identity-refused"


def test_metadata_of_another_issuer_are_not_believed(client: Client, provider: Provider, linked: User) -> None:
    cache.clear()
    provider.faults = {"metadata issuer": "https://ailleurs.example"}
    assert client.post(BEGIN).status_code == 503


def test_the_same_subject_at_another_issuer_is_somebody_else(client: Client, provider: Provider, linked: User, settings: Any) -> None:
    with serving() as other:
        configure(settings, other)
        assert refused(client, there_and_back(client)) == "identity-unknown"


def test_an_identity_linked_to_another_account_is_linked_to_no_second(client: Client, provider: Provider, linked: User) -> None:
    mallory = accounts.create_invited("mallory@example.fr", "Mallory", "Tiers", PASSWORD)
    client.post("/compte/login/", {"login": mallory.email, "password": PASSWORD})
    strength.raised(mallory, client.session["key"], Method.TOTP, level=Level.SUBSTANTIAL)

    assert there_and_back(client, f"{BEGIN}lier/").context["refusal"].code == "identity-of-another"
    assert SocialAccount.objects.get().user == linked


@pytest.mark.parametrize("next_url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_nobody_is_led_elsewhere_afterwards(client: Client, provider: Provider, linked: User, next_url: str) -> None:
    assert there_and_back(client, form={"next": next_url})["Location"] == "/"


def test_a_forged_form_of_another_site_begins_nothing(provider: Provider, db: None) -> None:
    assert Client(enforce_csrf_checks=True).post(BEGIN).status_code == 403
    assert Client().get(BEGIN).status_code == 405


def test_a_closed_account_is_not_opened_by_an_identity(client: Client, provider: Provider, linked: User) -> None:
    User.objects.update(is_active=False)
    there_and_back(client)
    assert client.get(ME).status_code == 401


def confirmed(client: Client) -> bool:
    """Whether a confirmation at the provider makes the session strong."""
    there_and_back(client, CONFIRM)
    return bool(client.get(f"{ME}/strength").json()["strong"])


def test_the_identity_of_somebody_else_linked_to_an_account_confirms_nothing(client: Client, provider: Provider, linked: User) -> None:
    provider.person |= {"given_name": "Thibault", "family_name": "DESMARETS"}
    there_and_back(client)  # a way in, which it was made
    assert client.get(ME).json()["email"] == linked.email
    assert not client.get(f"{ME}/strength").json()["strong"]
    assert not confirmed(client)

    provider.person |= {"given_name": "Armelle"}  # a name of use
    assert confirmed(client)
    proof = Proof.objects.filter(user=linked).latest("pk")
    assert (proof.provider, proof.subject, proof.differs) == ("franceconnect", SocialAccount.objects.get().uid, "last_name")


def test_another_date_of_birth_than_the_cases_say_and_another_first_name_are_somebody_else(
    client: Client, provider: Provider, db: None
) -> None:
    world = World()
    case = world.joint_petition(anew=True)
    user = world.spouse_1_user
    client.post("/compte/login/", {"login": user.email, "password": WORLDS})
    strength.raised(user, client.session["key"], Method.TOTP, level=Level.SUBSTANTIAL)
    there_and_back(client, f"{BEGIN}lier/")
    case.spouses.filter(user=user).update(born="1980-01-01")

    for given, born, held in (("Jeanne", "1981-06-14", False), ("Armelle", "1981-06-14", True), ("Jeanne", "1980-01-01", True)):
        Proof.objects.all().delete()
        provider.person |= {"given_name": given, "birthdate": born}
        assert confirmed(client) is held, (given, born)


def test_a_stolen_session_of_an_account_without_a_password_chooses_none(client: Client, provider: Provider, linked: User) -> None:
    linked.set_unusable_password()
    linked.save()
    provider.acr = "eidas1"
    there_and_back(client)
    chosen = {"password1": PASSWORD, "password2": PASSWORD}

    for answer in (client.get(SET), client.post(SET, chosen)):
        assert answer["Location"] == "/confirmer/?next=%2Fcompte%2Fpassword%2Fset%2F"
    assert not User.objects.get().has_usable_password()

    strength.raised(linked, client.session["key"], Method.TOTP, level=Level.SUBSTANTIAL)
    client.post(SET, chosen)
    assert User.objects.get().check_password(PASSWORD)


def test_a_provider_that_is_away_says_so_and_the_other_way_in_goes_on(
    client: Client, provider: Provider, linked: User, settings: Any
) -> None:
    cache.clear()
    settings.FEDERATION = {"franceconnect": {**settings.FEDERATION["franceconnect"], "issuer": "http://127.0.0.1:9"}}

    answer = client.post(BEGIN)
    assert (answer.status_code, answer.context["refusal"].code) == (503, "provider-down")
    assert client.get("/compte/login/").status_code == 200
    client.post("/compte/login/", {"login": linked.email, "password": PASSWORD})
    assert client.get(ME).status_code == 200


def test_a_provider_that_is_away_is_not_waited_for_by_everybody_in_turn(client: Client, provider: Provider, db: None) -> None:
    provider.faults = {"metadata issuer": "https://ailleurs.example"}
    for _person in range(5):
        assert Client().post(BEGIN).status_code == 503
    assert provider.hits == ["/.well-known/openid-configuration"]


def test_a_provider_that_falls_on_the_way_back_signs_nobody_in(client: Client, provider: Provider, linked: User, settings: Any) -> None:
    way = agree(where(client.post(BEGIN)))
    settings.OUTGOING_INSIDE = frozenset()
    assert refused(client, client.get(way)) == "provider-down"


def test_a_provider_of_our_own_network_is_called_only_where_the_operator_says_so(
    client: Client, provider: Provider, db: None, settings: Any
) -> None:
    settings.OUTGOING_INSIDE = frozenset()
    assert client.post(BEGIN).status_code == 503
    assert provider.hits == []


def test_a_renouncement_is_told_as_one_and_an_error_shows_nothing_of_what_it_said(client: Client, provider: Provider, db: None) -> None:
    for error, code in (("access_denied", "identity-given-up"), ("<script>alert(1)</script>", "identity-refused")):
        state = dict(parse_qsl(where(client.post(BEGIN)).partition("?")[2]))["state"]
        answer = client.get(f"{BEGIN}retour/?{urlencode({'error': error, 'error_description': error, 'state': state})}")
        assert refused(client, answer) == code
        assert "alert(1)" not in answer.text


def test_new_keys_of_the_provider_are_asked_for_and_not_at_each_forged_token(client: Client, provider: Provider, linked: User) -> None:
    there_and_back(client)
    client.post("/compte/logout/")
    provider.kid = "two"
    there_and_back(client)
    assert client.get(ME).status_code == 200
    client.post("/compte/logout/")

    before = provider.hits.count("/jwks")
    provider.kid = "one"
    for _again in range(3):
        there_and_back(client)
    assert provider.hits.count("/jwks") == before

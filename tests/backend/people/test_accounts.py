"""Accounts opened by invitation, and the administrators' desk."""

from datetime import date
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory
from django.utils import translation

from backend.errors import Conflict, Invalid
from backend.people import accounts, professional, sealed, tokens
from backend.people.adapter import AccountAdapter
from backend.people.models import Enrolment, Kind, Membership, Organisation, Role, SafetyNotice, User
from backend.work.doing import run_due
from tests.backend.people.cast import PASSWORD, firm, person, sign_in, sign_in_confirmed

pytestmark = pytest.mark.usefixtures("doors")


@pytest.fixture
def boss(client: Client, db: None) -> User:
    """An administrator, signed in and confirmed."""
    user = person("admin@example.fr", is_staff=True, is_superuser=True)
    sign_in_confirmed(client, user)
    return user


def test_the_invited_sign_in_with_the_address_already_proved(client: Client, db: None) -> None:
    accounts.create_invited("Paul@Example.fr", "Paul", "Petit", PASSWORD)

    assert sign_in(client, "paul@example.fr")["Location"] == "/"
    assert client.get("/api/v1/me").json()["last_name"] == "Petit"


@pytest.mark.parametrize("password", ["court", "motdepasse12"[:8], "paul.petit@example.fr"])
def test_a_weak_password_opens_no_account(db: None, password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        accounts.create_invited("paul.petit@example.fr", "Paul", "Petit", password)
    assert refusal.value.field == "password"
    assert not User.objects.exists()


def test_an_address_that_has_an_account_gets_no_second_one(claire: User) -> None:
    with pytest.raises(Conflict) as refusal:
        accounts.create_invited("CLAIRE@example.fr", "Une", "Autre", "un tout autre mot long")
    assert refusal.value.field == "email"
    assert claire.check_password(PASSWORD)


def test_sign_up_is_open_only_to_who_followed_an_invitation(rf: RequestFactory) -> None:
    request: Any = rf.get("/")
    request.session = SessionStore()
    adapter = AccountAdapter(request)

    assert not adapter.is_open_for_signup(request)
    accounts.invite(request, "0199")
    assert adapter.is_open_for_signup(request)


def test_the_consent_to_electronic_exchange_keeps_its_first_day(claire: User) -> None:
    accounts.consent_to_electronic(claire)
    first = claire.consent_electronic_at
    accounts.consent_to_electronic(claire)
    assert first == claire.consent_electronic_at


def test_an_administrator_opens_an_account_that_has_no_password_yet(client: Client, boss: User) -> None:
    lines = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    new = {"email": "Greffe@Example.fr", "first_names": "Ana", "last_name": "Roy", "language": "fr", **lines}

    assert client.post("/admin/people/user/add/", new).status_code == 302

    user = User.objects.get(email="greffe@example.fr")
    assert not user.has_usable_password()
    assert user.emailaddress_set.get().verified


def test_an_administrator_edits_an_account_and_never_its_password(client: Client, boss: User) -> None:
    other = person()
    page = client.get(f"/admin/people/user/{other.pk}/change/")
    assert page.status_code == 200
    assert b'name="password"' not in page.content
    assert client.get(f"/admin/people/user/{other.pk}/password/").status_code == 403


@pytest.mark.parametrize("moved", [True, False])
def test_another_address_given_by_an_administrator_is_told_at_the_one_before_and_ends_what_is_open(
    client: Client, boss: User, mailoutbox: list[Any], moved: bool
) -> None:
    claire, theirs = person(), Client()
    sign_in(theirs)
    plain = tokens.issue(claire, "logiciel", 30)
    lines = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    told = {"email": "pirate@example.fr" if moved else "Claire@example.fr", "first_names": "Claire", "last_name": "Morel", "language": "fr"}

    assert client.post(f"/admin/people/user/{claire.pk}/change/", {**told, "is_active": "on", **lines}).status_code == 302
    run_due()

    assert [message.to for message in mailoutbox if "administrateur" in message.subject] == [["claire@example.fr"]] * moved
    assert (theirs.get("/api/v1/me").status_code, tokens.opened_by(plain) is None) == ((401, True) if moved else (200, False))


def test_a_lawyer_renamed_by_an_administrator_is_verified_anew(client: Client, boss: User) -> None:
    claire = person()
    Membership.objects.create(user=claire, organisation=firm(), role=Role.LAWYER, since=date(2020, 1, 1))
    professional.verify(professional.state(claire, "Lyon", "1234"), boss)
    lines = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    told = {"email": claire.email, "first_names": "Un", "last_name": "Tiers", "language": "fr", "is_active": "on", **lines}

    client.post(f"/admin/people/user/{claire.pk}/change/", told)
    assert not Enrolment.objects.get().is_verified


def test_the_territory_of_a_court_is_edited_as_text(client: Client, boss: User) -> None:
    court = Organisation.objects.create(kind=Kind.COURT, name="Lyon", territory=["690"])
    address = f"/admin/people/organisation/{court.pk}/change/"
    lines = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    told = {"kind": "court", "name": "Lyon", "zone": "Europe/Paris", "holidays": "metropole", "binding_level": 2, "settings": "{}", **lines}

    assert b">\n690</textarea>" in client.get(address).content
    assert client.post(address, told | {"territory": "6912, 690 691"}).status_code == 302
    court.refresh_from_db()
    assert court.territory == ["690", "691", "6912"]
    with translation.override("en"):
        assert client.post(address, told | {"territory": "Rhône"}).status_code == 200


def test_the_list_of_accounts_costs_the_same_for_many(client: Client, boss: User, django_assert_max_num_queries: Any) -> None:
    for number in range(20):
        person(f"p{number}@example.fr")
    with django_assert_max_num_queries(12):
        assert client.get("/admin/people/user/").status_code == 200


def test_an_administrator_changes_their_password_where_everybody_does(client: Client, boss: User) -> None:
    before = boss.password
    change = {"old_password": PASSWORD, "new_password1": "une tout autre phrase", "new_password2": "une tout autre phrase"}
    for answer in (client.get("/admin/password_change/"), client.post("/admin/password_change/", change)):
        assert (answer.status_code, answer["Location"]) == (302, "/account/password/change/")
    boss.refresh_from_db()
    assert boss.password == before


def test_an_administrator_ends_one_session_of_an_account(client: Client, boss: User) -> None:
    claire, theirs = person(), Client()
    sign_in(theirs)
    theirs.get("/api/v1/me")
    session = UserSession.objects.get(user=claire)
    page = client.get("/admin/usersessions/usersession/?q=claire").content
    assert b"127.0.0.1" in page

    client.post(f"/admin/usersessions/usersession/{session.pk}/delete/", {"post": "yes"})
    assert theirs.get("/api/v1/me").status_code == 401


def test_an_administrator_removes_the_means_of_who_lost_them_and_never_sees_their_secrets(client: Client, boss: User) -> None:
    claire, theirs = person(), Client()
    sign_in(theirs)
    Authenticator.objects.create(user=claire, type="totp", data={"secret": sealed.seal("ABCDEFGH")})
    assert client.get("/admin/mfa/authenticator/").status_code == 404

    client.post("/admin/people/user/", {"action": "reset_factors", "_selected_action": [str(claire.pk)]})
    assert not Authenticator.objects.filter(user=claire).exists()
    assert theirs.get("/api/v1/me").status_code == 401
    assert SafetyNotice.objects.get(user=claire).occasion == "factors-reset"


def test_the_administration_shows_no_case(client: Client, boss: User) -> None:
    shown = {model._meta.label for model in admin.site._registry if model._meta.app_label in ("cases", "signatures", "notices")}
    assert shown == {
        "signatures.Issued",
        "signatures.Revocation",
    }  # certificates; of documents: states, digests and faults, never a name nor a content

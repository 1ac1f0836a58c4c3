"""A lawyer's enrolment at a bar: stated by them, verified by an administrator or an identity provider's claim, never by themself."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.test import Client

from backend import clock
from backend.errors import Conflict, Invalid, NotAllowed
from backend.people import accounts, professional
from backend.people.models import Enrolment, Membership, Role, SafetyNotice, User
from tests.backend.people.cast import firm, person, sign_in_confirmed

ADMIN = "/admin/people/enrolment/"


@pytest.fixture
def lawyer(claire: User) -> User:
    Membership.objects.create(user=claire, organisation=firm(), role=Role.LAWYER, since=date(2020, 1, 1))
    return claire


@pytest.fixture
def ada(db: None) -> User:
    return person("ada@example.fr", first_names="Ada", last_name="Renaud", is_staff=True, is_superuser=True)


def row() -> Enrolment:
    return Enrolment.objects.get()


def test_what_a_lawyer_states_is_not_verified_by_that(lawyer: User) -> None:
    professional.state(lawyer, " Lyon ", "  A  1234 ")
    assert (row().bar, row().number, row().is_verified, row().verifier) == ("Lyon", "A 1234", False, "")


def test_only_a_lawyer_of_today_states_one(claire: User) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Membership.objects.create(user=claire, organisation=firm(), role=Role.LAWYER, since=date(2020, 1, 1), until=clock.today())
    Membership.objects.create(user=claire, organisation=firm("Autre"), role=Role.STAFF, since=yesterday)

    with pytest.raises(NotAllowed):
        professional.state(claire, "Lyon", "1234")


@pytest.mark.parametrize(("bar", "number", "field"), [("", "1", "bar"), ("Lyon", "  ", "number")])
def test_both_are_stated(lawyer: User, bar: str, number: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        professional.state(lawyer, bar, number)
    assert refusal.value.field == field


def test_an_administrator_verifies_it_and_the_row_says_who_and_when(lawyer: User, ada: User) -> None:
    professional.verify(professional.state(lawyer, "Lyon", "1234"), ada)

    assert (row().verified_by, row().is_verified, row().verified_through) == (ada, True, "")
    assert clock.now() - row().verified_at < timedelta(minutes=1)  # type: ignore[operator]


def test_nobody_verifies_their_own_nor_without_being_an_administrator(lawyer: User, ada: User) -> None:
    stated = professional.state(lawyer, "Lyon", "1234")
    for who in (lawyer, person("x@example.fr")):
        with pytest.raises(NotAllowed):
            professional.verify(stated, who)
    lawyer.is_staff = True
    with pytest.raises(NotAllowed):
        professional.verify(stated, lawyer)
    assert not row().is_verified


def test_what_is_stated_anew_is_verified_anew_and_the_same_again_stands(lawyer: User, ada: User) -> None:
    professional.verify(professional.state(lawyer, "Lyon", "1234"), ada)
    professional.state(lawyer, "Lyon", "1234")
    assert row().is_verified

    professional.state(lawyer, "Lyon", "1235")
    assert not row().is_verified


def test_a_claim_of_a_provider_verifies_what_nobody_had(lawyer: User) -> None:
    professional.state(lawyer, "Lion", "123")
    professional.claimed(lawyer, "Lyon", "1234", through="proconnect")
    assert (row().bar, row().number, row().verifier) == ("Lyon", "1234", "proconnect")  # by that name where it is not configured any more


def test_a_claim_changes_nothing_that_a_person_verified(lawyer: User, ada: User) -> None:
    professional.verify(professional.state(lawyer, "Lyon", "1234"), ada)
    professional.claimed(lawyer, "Paris", "9", through="ProConnect")
    assert (row().bar, row().verified_by) == ("Lyon", ada)


def test_half_a_claim_or_one_of_somebody_who_is_no_lawyer_says_nothing(lawyer: User) -> None:
    professional.claimed(lawyer, "Lyon", "", through="ProConnect")
    professional.claimed(person("x@example.fr"), "Lyon", "1", through="ProConnect")
    assert not Enrolment.objects.exists()


def test_only_where_it_is_asked_is_an_unverified_lawyer_refused(lawyer: User, ada: User, settings: Any) -> None:
    professional.refuse_unverified(lawyer.pk)
    settings.LAWYERS_VERIFIED = True
    stated = professional.state(lawyer, "Lyon", "1234")
    with pytest.raises(NotAllowed) as refusal:
        professional.refuse_unverified(lawyer.pk)
    assert refusal.value.code == "lawyer-unverified"
    assert refusal.value.mend

    professional.verify(stated, ada)
    professional.refuse_unverified(lawyer.pk)
    professional.withdraw(row())
    with pytest.raises(NotAllowed):
        professional.refuse_unverified(lawyer.pk)


def test_a_verification_is_always_somebodys(lawyer: User) -> None:
    stated = professional.state(lawyer, "Lyon", "1234")
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(pk=stated.pk).update(verified_at=clock.now())


def test_another_name_is_verified_anew_and_its_owner_is_told(lawyer: User, ada: User, rf: Any) -> None:
    kept = {"phone": "", "language": "fr", "first_names": "Claire"}
    professional.verify(professional.state(lawyer, "Lyon", "1234"), ada)
    accounts.change(lawyer, rf.post("/"), last_name="MOREL", **kept)
    assert row().is_verified  # the same name

    accounts.change(lawyer, rf.post("/"), last_name="Tiers", **kept)
    assert not row().is_verified
    assert list(SafetyNotice.objects.values_list("user", "occasion")) == [(lawyer.pk, "enrolment-to-verify")]


@pytest.mark.parametrize("then", ["number", "name"])
def test_what_has_changed_since_it_was_read_is_not_verified_by_who_read_it(lawyer: User, ada: User, rf: Any, then: str) -> None:
    read = professional.state(lawyer, "Lyon", "1234")
    if then == "number":
        professional.state(lawyer, "Lyon", "9999")
    else:
        accounts.change(lawyer, rf.post("/"), first_names="Un", last_name="Tiers", phone="", language="fr")

    with pytest.raises(Conflict):
        professional.verify(read, ada)
    assert not row().is_verified


def click(client: Client, page: str = "") -> None:
    """Verify, on the list of enrolments as it is, or as it was read before."""
    read = re.findall(r'name="read" value="([^"]+)"', page or client.get(ADMIN).text)
    client.post(ADMIN, {"action": "verify", "_selected_action": [str(row().pk)], "read": read})


@pytest.mark.usefixtures("doors")
def test_at_the_desk_a_click_verifies_what_the_page_shows_and_nothing_newer(client: Client, lawyer: User, ada: User) -> None:
    professional.state(lawyer, "Lyon", "1234")
    sign_in_confirmed(client, ada)
    page = client.get(ADMIN).text
    professional.state(lawyer, "Lyon", "9999")

    click(client, page)
    assert not row().is_verified
    click(client)
    assert row().is_verified


@pytest.mark.usefixtures("doors")
def test_the_administrators_desk_verifies_and_keeps_who_did(client: Client, lawyer: User, ada: User) -> None:
    stated = professional.state(lawyer, "Lyon", "1234")
    sign_in_confirmed(client, ada)
    click(client)

    assert row().verified_by == ada
    assert LogEntry.objects.get().user_id == ada.pk

    client.post(ADMIN, {"action": "withdraw", "_selected_action": [str(stated.pk)]})
    assert not row().is_verified


@pytest.mark.usefixtures("doors")
def test_at_the_desk_nothing_is_verified_by_being_typed(client: Client, lawyer: User, ada: User) -> None:
    stated = professional.state(lawyer, "Lyon", "1234")
    professional.verify(stated, ada)
    sign_in_confirmed(client, ada)
    forged = {"bar": "Paris", "number": "9", "user": str(ada.pk), "verified_at_0": "2026-01-01", "verified_through": "ProConnect"}
    client.post(f"{ADMIN}{stated.pk}/change/", forged)

    assert (row().bar, row().user, row().is_verified) == ("Paris", lawyer, False)


@pytest.mark.usefixtures("doors")
def test_the_desk_links_no_identity_for_another_and_configures_no_provider(client: Client, ada: User) -> None:
    sign_in_confirmed(client, ada)
    assert client.get("/admin/socialaccount/socialaccount/add/").status_code == 403
    assert client.get("/admin/socialaccount/socialaccount/").status_code == 200
    assert client.get("/admin/socialaccount/socialapp/").status_code == 404

"""Who acts: what memberships give, and what they no longer give once ended."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from backend import clock
from backend.people.actor import Actor
from backend.people.models import Kind, Membership, Organisation, Role, User
from tests.backend.people.cast import firm, person

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_an_actor_has_the_roles_of_today_in_one_query(claire: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    here, elsewhere = firm(), firm("Cabinet Noir")
    Membership.objects.create(user=claire, organisation=here, role=Role.LAWYER, since=date(2020, 1, 1))
    Membership.objects.create(user=claire, organisation=elsewhere, role=Role.LAWYER, since=date(2019, 1, 1), until=date(2020, 1, 1))

    with django_assert_num_queries(1):
        actor = Actor.of(claire)

    assert (actor.name, actor.organisation_id, actor.role) == ("Claire Morel", here.pk, "lawyer")
    assert actor.belongs_to(here.pk)
    assert actor.belongs_to(here.pk, Role.LAWYER)
    assert not actor.belongs_to(here.pk, Role.STAFF)
    assert not actor.belongs_to(elsewhere.pk)
    assert not actor.belongs_to(None)


def test_a_membership_ended_today_leaves_the_actor_at_once(claire: User) -> None:
    with clock.at(NOON):
        membership = Membership.objects.create(user=claire, organisation=firm(), role=Role.LAWYER, since=date(2020, 1, 1))
        assert Actor.of(claire).roles
        membership.until = clock.today()
        membership.save()
        assert Actor.of(claire).roles == frozenset()


def test_a_membership_of_tomorrow_gives_nothing_today(claire: User) -> None:
    with clock.at(NOON):
        Membership.objects.create(user=claire, organisation=firm(), role=Role.LAWYER, since=date(2026, 11, 25))
        assert not Actor.of(claire).roles
    with clock.at(NOON + timedelta(days=1)):
        assert Actor.of(claire).roles


def test_a_platform_administrator_belongs_nowhere_whatever_the_rows_say(db: None) -> None:
    boss = User.objects.create_superuser("admin@example.fr", "une phrase assez longue")
    membership = Membership(user=boss, organisation=firm(), role=Role.CLERK)
    with pytest.raises(ValidationError):
        membership.full_clean()
    membership.save()

    actor = Actor.of(boss)

    assert actor.is_administrator
    assert (actor.roles, actor.organisation_id, actor.role) == (frozenset(), None, None)


def test_the_platform_itself_is_nobody(db: None) -> None:
    assert Actor.platform().is_platform
    assert not Actor.platform().strong


def test_an_address_is_one_account_whatever_its_capitals(claire: User) -> None:
    assert User.objects.get_by_natural_key("CLAIRE@Example.fr") == claire
    with pytest.raises(IntegrityError), transaction.atomic():
        person("Claire@EXAMPLE.fr")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=claire.pk).update(email="Claire@example.fr")


@pytest.mark.parametrize("role", [Role.PARTY, Role.HELPER])
def test_party_and_helper_are_roles_in_a_case_not_in_an_organisation(claire: User, role: Role) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=claire, organisation=firm(), role=role)


def test_a_chamber_has_a_court_and_a_court_has_none(db: None) -> None:
    court = Organisation.objects.create(kind=Kind.COURT, name="Tribunal judiciaire de Lyon", territory=["69"])
    Organisation.objects.create(kind=Kind.CHAMBER, name="2e chambre", parent=court)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(kind=Kind.CHAMBER, name="Sans tribunal")
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(kind=Kind.FIRM, name="Cabinet", parent=court)


def test_a_court_is_found_by_how_a_postal_code_begins(db: None) -> None:
    lyon = Organisation.objects.create(kind=Kind.COURT, name="Lyon", territory=["690", "6912"])
    Organisation.objects.create(kind=Kind.COURT, name="Villefranche", territory=["694"])

    assert list(Organisation.objects.courts().covering("69003")) == [lyon]
    assert list(Organisation.objects.courts().covering("69125")) == [lyon]
    assert not Organisation.objects.courts().covering("75001")

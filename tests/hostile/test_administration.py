"""An administrator who asks a list for what it does not show: one column after the other, letter by letter."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin import site
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from backend.people.desks import Narrow, asked_by
from backend.people.models import Token, User
from backend.register.models import Entry
from documents.models import Version

SHOWN_WHOLE = {EmailAddress}  # allauth's own: every column of it is in its list
DESKS = sorted(site._registry.keys() - SHOWN_WHOLE, key=lambda model: model._meta.label)
HOW = ("", "__exact", "__icontains", "__startswith", "__gte", "__in", "__regex", "__isnull")


@pytest.fixture
def administrator(db: None) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("admin@example.fr", "a long enough passphrase"))
    return client


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def columns(model: type[Model]) -> set[str]:
    """Each column, by each of its names; the key of a row is no secret."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return {name for field in fields for name in (field.name, field.attname)}


@pytest.mark.parametrize("model", DESKS, ids=lambda model: model._meta.label)
def test_no_list_is_narrowed_by_what_it_does_not_offer(model: type[Model], rf: Any) -> None:
    desk = site._registry[model]
    offered = asked_by(desk.list_filter)
    tried = {f"{name}{how}" for name in columns(model) for how in HOW} - offered
    assert tried
    assert isinstance(desk, Narrow)
    assert {lookup for lookup in tried if desk.lookup_allowed(lookup, "x", rf.get("/"))} == set()


ASKED = [
    (Entry, "actor_id"),
    (Entry, "facts__icontains"),
    (Entry, "about_id"),
    (Entry, "audience__icontains"),
    (Version, "facts__icontains"),
]


@pytest.mark.parametrize(("model", "lookup"), [*ASKED, (Token, "digest__startswith")])
def test_who_did_what_in_a_case_cannot_be_guessed_at_the_door(administrator: Client, model: type[Model], lookup: str) -> None:
    assert administrator.get(list_of(model), {lookup: "0"}).status_code == 400


def test_what_a_list_offers_still_narrows_it(administrator: Client) -> None:
    for model in DESKS:
        assert administrator.get(list_of(model)).status_code == 200
    assert administrator.get(list_of(Entry), {"kind__exact": "filing.submitted"}).status_code == 200
    assert administrator.get(list_of(Version), {"audit": "faulty", "state__exact": "ready"}).status_code == 200

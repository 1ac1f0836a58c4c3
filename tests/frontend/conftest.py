"""What the tests of the pages share: the people of the cases; a signed-in person; a provider of identities, and Armelle, whose identity there is linked."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from backend.people import accounts
from backend.people.models import User
from tests.identities import LINK, PASSWORD, configure, sign_in, strong, there_and_back
from tests.provider import Provider
from tests.provider import provider as serving
from tests.world import World


@pytest.fixture
def world(db: None, settings: Any) -> World:
    """The people of the cases; nobody listens to the register."""
    settings.REGISTER_SUBSCRIBERS = []
    return World()


@pytest.fixture
def person(db: None) -> User:
    return accounts.create_invited("camille@example.fr", "Camille", "Durand", PASSWORD)


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    client.post("/compte/login/", {"login": person.email, "password": PASSWORD})
    return client


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with serving() as made:
        configure(settings, made)
        yield made


@pytest.fixture
def armelle(db: None) -> User:
    return accounts.create_invited("armelle@example.fr", "Armelle", "Vauquelin", PASSWORD)


@pytest.fixture
def linked(client: Client, provider: Provider, armelle: User) -> User:
    """Armelle, whose identity is linked; signed out."""
    sign_in(client, armelle)
    strong(client, armelle)
    there_and_back(client, LINK)
    client.post("/compte/logout/")
    return armelle

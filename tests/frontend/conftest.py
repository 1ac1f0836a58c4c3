"""What the tests of the pages share: a signed-in person."""

import pytest
from django.test import Client

from backend.people import accounts
from backend.people.models import User

PASSWORD = "une phrase assez longue"


@pytest.fixture
def person(db: None) -> User:
    return accounts.create_invited("camille@example.fr", "Camille", "Durand", PASSWORD)


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    client.post("/compte/login/", {"login": person.email, "password": PASSWORD})
    return client

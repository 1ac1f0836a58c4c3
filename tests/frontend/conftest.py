"""What the tests of the pages share: strict templates, a signed-in person, a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.template import engines
from django.test import Client

from backend.people import accounts
from backend.people.models import User

PASSWORD = "une phrase assez longue"


class Unknown(str):
    """Stands for a variable that no context has: using it is a failure, but where the template asked whether it is there."""

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, name: Any) -> str:
        raise AssertionError(f"a template asks for an unknown variable: {name}")


@pytest.fixture
def strict_templates() -> Iterator[None]:
    """An unknown variable in a template fails the test."""
    engine = engines["django"].engine
    before, engine.string_if_invalid = engine.string_if_invalid, Unknown("%s")
    yield
    engine.string_if_invalid = before


@pytest.fixture
def person(db: None) -> User:
    return accounts.create_invited("camille@example.fr", "Camille", "Durand", PASSWORD)


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    client.post("/compte/login/", {"login": person.email, "password": PASSWORD})
    return client

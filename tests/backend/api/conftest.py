"""A program that calls the API in Claire's name, and a door that refuses in every way."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.people import tokens
from backend.people.models import User
from tests.backend.people.cast import person


@pytest.fixture
def claire(db: None) -> User:
    return person()


@pytest.fixture
def program(doors: None, claire: User) -> APIClient:
    """Signed in by a token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {tokens.issue(claire, 'essai', 30)}")
    return client


@pytest.fixture
def refusing(doors: None, settings: Any) -> None:
    """The doors of `tests.backend.api.doors`."""
    settings.ROOT_URLCONF = "tests.backend.api.doors"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "MethodsMiddleware" not in name]  # these stand outside /api/

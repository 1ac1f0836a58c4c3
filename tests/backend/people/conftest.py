"""One lawyer, with an account."""

import pytest

from backend.people.models import User
from tests.backend.people.cast import person


@pytest.fixture
def claire(db: None) -> User:
    return person()

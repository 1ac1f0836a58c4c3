"""Who calls the API in these tests."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests.calling import client_of


@pytest.fixture
def calling(db: None) -> Callable[..., APIClient]:
    """A client for each person, by `calling(user)`."""
    return client_of

"""The cast of attacks that go through actions and the API."""

import pytest

from tests.world import World


@pytest.fixture
def world(db: None) -> World:
    """The court, the firms, the people: nobody has done anything yet."""
    return World()

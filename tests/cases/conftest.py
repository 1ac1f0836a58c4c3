"""The cast of every test of a case."""

import pytest

from tests.world import World


@pytest.fixture
def world(db: None) -> World:
    """The court, the firms, the people: nobody has done anything yet."""
    return World()

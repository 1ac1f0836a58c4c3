"""What the journeys share: a house of their own, with everybody in it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.house import House, Mail
from tests.programs import server_on, worker_on
from tests.world import World

DEMO = {"DEMO": "true", "EMAIL_BACKEND": "cases.notices.mailbox.Backend"}


@pytest.fixture
def committed(committed: Any) -> Any:
    """A database of the test's own, whose programs keep their mail where it can be read."""
    return replace(committed, environment=committed.environment | DEMO)


@pytest.fixture
def world(committed: Any) -> World:
    return World()


@pytest.fixture
def house(committed: Any, world: World, tmp_path: Path) -> Iterator[House]:
    """The house, closed: a journey opens it on the day it begins."""
    server = server_on(committed.environment, tmp_path / "server.log")
    house = House(server, worker_on(server.environment, tmp_path), Mail(committed.owner_url))
    yield house
    house.end()

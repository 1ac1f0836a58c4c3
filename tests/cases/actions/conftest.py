"""Acts are tested without their echoes: what mail and feed do with an entry has tests of its own."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def no_echo(settings: Any) -> None:
    settings.REGISTER_SUBSCRIBERS = []

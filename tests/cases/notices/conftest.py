"""What the tests of notices share: the mails sent, and a hand to go on after an act."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from tests.world import World


@pytest.fixture
def told(world: World) -> Callable[[], dict[str, Any]]:
    """Do what is owed; gives the mails sent since the last time, by the address each went to (its last one)."""

    def after() -> dict[str, Any]:
        mail.outbox.clear()
        world.work()
        return {address: message for message in mail.outbox for address in message.to}

    return after

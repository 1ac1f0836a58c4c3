"""What is live when Valkey is flushed, killed and restarted empty: open sockets miss nothing."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from channels.layers import channel_layers
from django.conf import settings

from backend.stack import processes
from backend.stack.valkey import Valkey
from cases import actions
from cases.groups import person_group
from cases.models import Case
from cases.notices.feed import tell
from tests.outside import Ear, Site, eventually

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def through(site: Site, broker: Valkey, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server of the test's own on a Valkey that can be killed, which looks for itself every second; we tell through the same Valkey."""
    layers = {
        "default": {
            **settings.CHANNEL_LAYERS["default"],
            "CONFIG": {**settings.CHANNEL_LAYERS["default"]["CONFIG"], "hosts": [broker.url()]},
        }
    }
    monkeypatch.setattr(settings, "CHANNEL_LAYERS", layers)
    channel_layers.backends.clear()
    program = site.serve(VALKEY_URL=broker.url(), LIVE_LOOK_SECONDS="1")
    yield Site(program.address, site.database, site.world, site.serve, site.tokens, site.held)
    channel_layers.backends.clear()


def add(site: Site, case: Case) -> int:
    """Something happens in the case, and is told if it can be."""
    actions.exhibit.add(site.world.lawyer, case, kind="other", side=0)
    site.world.work()
    return case.chain.seq


def hears(ear: Ear, seqs: list[int]) -> None:
    """Just these entries, in this order."""
    heard: list[int] = []
    while len(heard) < len(seqs):
        said = ear.hear()
        heard += [said["entry"]["seq"]] if said["type"] == "entry" else []
    assert heard == seqs


def test_sockets_open_while_valkey_is_flushed_killed_and_restarted_empty_miss_nothing(through: Site, broker: Valkey) -> None:
    world = through.world
    case = world.joint_petition(lawyers=2)
    path = f"/ws/cases/{case.pk}?after={case.chain.seq}"
    with through.listening(path, world.spouse_1_user) as one, through.listening(path, world.second_lawyer_user) as two:
        seqs = [add(through, case)]
        for ear in (one, two):
            hears(ear, seqs)

        flush(broker)
        seqs = [add(through, case)]
        assert broker.process
        processes.stop(broker.process, signal.SIGKILL)
        seqs += [add(through, case) for _ in range(3)]
        broker.start()
        broker.wait()
        seqs.append(add(through, case))
        for ear in (one, two):
            hears(ear, seqs)

        told_again(one, world.spouse_1_user)
        hears(two, [add(through, case)])


def flush(broker: Valkey) -> None:
    with redis.Redis.from_url(broker.url()) as client:
        client.flushall()


def told_again(ear: Ear, user: Any) -> None:
    """Signals pass again: what no look would find is heard."""

    def heard() -> bool:
        tell(person_group(user.pk), {"type": "progress", "document": "a", "state": "ready", "stage": ""})
        try:
            return ear.hear(0.2)["type"] == "progress"
        except TimeoutError:
            return False

    eventually(heard)

"""What is owed gets done though workers, beats and the broker die."""

import signal
from typing import Any

import pytest
import redis
from celery import Celery
from django.conf import settings
from django.db import transaction

from backend.people.actor import Actor
from backend.register.entries import open_chain, record
from backend.register.models import Chain
from backend.stack import processes
from backend.work import Job, owing
from backend.work.models import Owed
from backend.work.owing import owe
from tests.faults import labour
from tests.faults.conftest import until

pytestmark = pytest.mark.timeout(120)


def all_done() -> bool:
    return not Owed.objects.waiting().exists()


def test_a_worker_killed_at_work_loses_nothing_and_another_finishes(worker: Any) -> None:
    owe([Job("labour.wait", "x", lane="a"), Job("labour.note", "y", lane="a")])
    until(lambda: "begin x" in labour.lines())

    worker.kill()
    labour.gate("x").touch()
    worker.start()
    until(all_done)

    assert labour.lines() == ["begin x", "begin x", "end x", "y"]


def test_a_worker_killed_between_the_effect_and_the_stroke_shows_one_effect(worker: Any) -> None:
    owe(Job("labour.effect", name) for name in "xyz")

    until(all_done, seconds=60)

    assert sorted(labour.lines()) == ["effect x", "effect y", "effect z"]


def test_a_job_that_always_kills_its_worker_is_parked_after_three_deaths_and_the_others_go_on(worker: Any) -> None:
    owe([Job("labour.kill", "x", lane="a"), Job("labour.note", "after", lane="a"), Job("labour.note", "beside", lane="b")])

    until(all_done, seconds=60)

    assert labour.lines().count("begin x") == settings.WORK_MAX_DEATHS == 3
    assert {"after", "beside"} <= set(labour.lines())
    parked = Owed.objects.parked().get()
    assert (parked.subject, parked.last_error) == ("x", "WorkerDied")


def test_a_flushed_broker_forgets_the_bells_and_the_sweep_rings_again(worker: Any, committed: Any) -> None:
    owe(Job("labour.wait", name) for name in ("x", "y"))  # both hands of the worker are held
    until(lambda: len(labour.lines()) == 2)
    owe([Job("labour.note", "z")])

    with redis.Redis.from_url(committed.environment["VALKEY_URL"]) as client:
        client.flushdb()
    for name in ("x", "y"):
        labour.gate(name).touch()
    until(all_done)

    assert labour.lines().count("z") == 1


def test_a_broker_killed_during_a_job_stops_nothing_for_long(committed: Any, worker: Any, broker: Any) -> None:
    worker.stop()
    worker.environment = worker.environment | {"VALKEY_URL": broker.url()}
    worker.start()
    owe([Job("labour.wait", "x", lane="a")])
    until(lambda: "begin x" in labour.lines())

    processes.stop(broker.process, signal.SIGKILL)
    owe([Job("labour.note", "y", lane="a"), Job("labour.note", "z")])
    labour.gate("x").touch()
    until(lambda: "end x" in labour.lines())
    broker.start()
    broker.wait()
    if worker.process.poll() is not None or not until_or_dead(worker):
        worker.start()  # what the supervisor does
    until(all_done, seconds=60)

    assert labour.lines().count("y") == labour.lines().count("z") == 1
    assert labour.lines().index("end x") < labour.lines().index("y")


def until_or_dead(worker: Any) -> bool:
    """Wait until all is done or the worker is dead; True when all is done."""
    until(lambda: all_done() or worker.process.poll() is not None, seconds=60)
    return all_done()


def test_two_workers_and_two_beats_keep_the_order_of_each_lane_and_do_all_once(worker: Any, another: Any) -> None:
    for number in range(15):
        owe([Job("labour.note", f"{lane}{number:02}", lane=lane) for lane in "abcd"])

    until(all_done)

    for lane in "abcd":
        assert [line for line in labour.lines() if line[0] == lane] == [f"{lane}{number:02}" for number in range(15)]


def test_entries_reach_a_subscriber_in_order_while_one_worker_dies(worker: Any, another: Any, settings: Any) -> None:
    settings.REGISTER_SUBSCRIBERS = ["seen"]
    chain, entries = open_chain(), []
    for number in range(20):
        with transaction.atomic():
            entries.append(
                record(Chain.objects.locked(pk=chain.pk), "case.noted", Actor(user_id=None, name="Commun Accord"), audience=["court"]).pk
            )
        if number == 10:
            another.kill()

    until(all_done)

    told = labour.lines()
    assert list(dict.fromkeys(told)) == [str(entry) for entry in entries]  # an entry in hand at the death may come twice, never late


def test_with_the_broker_away_what_is_owed_waits_for_its_return(committed: Any, worker: Any, broker: Any, monkeypatch: Any) -> None:
    worker.stop()
    processes.stop(broker.process, signal.SIGKILL)
    monkeypatch.setattr(owing, "_quiet_until", 0.0)
    monkeypatch.setattr(owing, "current_app", Celery("away", broker=broker.url(), set_as_current=False))
    owe([Job("labour.note", "x")])
    assert Owed.objects.count() == 1

    broker.start()
    broker.wait()
    worker.environment = worker.environment | {"VALKEY_URL": broker.url()}
    worker.start()
    until(all_done)

    assert labour.lines() == ["x"]

"""What is owed gets done: in order, again when it fails, no more when it keeps failing."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from backend import clock
from backend.errors import Invalid
from backend.work import Job, Later
from backend.work.doing import run_due, sweep, work
from backend.work.models import Lease, Owed
from backend.work.owing import owe
from tests.backend.work.conftest import NOON, behaviours, done, note


class Secret(Exception):
    """A failure whose message names somebody."""


def fails() -> None:
    raise Secret("Camille Moreau, 12 rue des Lilas")


def test_a_lane_is_done_in_its_order_and_its_rows_are_struck_off(db: None) -> None:
    owe(Job("test.note", subject, lane="a") for subject in "cab")

    work("a")

    assert done == ["c", "a", "b"]
    assert not Owed.objects.exists()
    assert not Lease.objects.exists()


def test_a_failing_head_holds_its_lane_and_no_other(db: None) -> None:
    behaviours["a1"] = fails
    owe([Job("test.note", "a1", lane="a"), Job("test.note", "a2", lane="a"), Job("test.note", "b1", lane="b")])

    assert run_due(tolerant=True) == 2
    assert done == ["b1"]


def test_it_is_tried_again_after_twice_as_long_each_time_and_then_the_lane_goes_on_in_order(db: None) -> None:
    behaviours["x"] = fails
    with clock.at(NOON):
        owe([Job("test.note", "x", lane="a"), Job("test.note", "y", lane="a")])
    moment, waits = NOON, []
    for _ in range(4):
        with clock.at(moment):
            work("a")
        due = Owed.objects.get(subject="x").due_at
        waits.append((due - moment).total_seconds())
        moment = due
    assert waits == [10, 20, 40, 80]

    behaviours.clear()
    with clock.at(moment):
        work("a")

    assert done == ["x", "y"]


def test_after_too_many_tries_it_is_parked_and_the_lane_goes_on(db: None, settings: Any) -> None:
    settings.WORK_MAX_ATTEMPTS = 1
    behaviours["x"] = fails
    owe([Job("test.note", "x", lane="a"), Job("test.note", "y", lane="a")])

    work("a")

    assert done == ["y"]
    assert Owed.objects.parked().get().subject == "x"


@pytest.mark.parametrize("deadly", [False, True])
def test_whoever_owns_a_job_is_told_once_when_it_is_given_up_whatever_that_does(db: None, settings: Any, deadly: bool) -> None:
    settings.WORK_GIVEN_UP = {"test.other": f"{note.__module__}.note"}
    settings.WORK_MAX_ATTEMPTS = 2
    behaviours["x"] = fails
    owe([Job("test.other", "x", lane="a"), Job("test.note", "y", lane="a")])
    Owed.objects.filter(subject="x").update(deaths=settings.WORK_MAX_DEATHS if deadly else 0)
    moment, told = NOON + timedelta(days=3650), []
    behaviours["x"] = lambda: (told.append("x"), fails())
    for _ in range(2):
        with clock.at(moment):
            work("a")
        moment += timedelta(days=1)

    assert told == ["x"] if deadly else ["x", "x", "x"]  # two tries, and the word that there will be no third
    assert done == ["y"]
    assert Owed.objects.parked().get().subject == "x"


def test_try_again_gives_a_parked_job_a_clean_slate(db: None, settings: Any) -> None:
    settings.WORK_MAX_ATTEMPTS = 1
    behaviours["x"] = fails
    owe([Job("test.note", "x")])
    run_due(tolerant=True)
    behaviours.clear()

    Owed.objects.parked().try_again()
    run_due()

    assert done == ["x"]


def test_a_failure_is_told_without_its_message(db: None, caplog: Any) -> None:
    def too_large() -> None:
        raise Invalid("Camille's file", code="too-large")

    behaviours.update(x=fails, y=too_large)
    owe([Job("test.note", "x"), Job("test.note", "y"), Job("test.unknown", "z")])

    run_due(tolerant=True)

    told = dict(Owed.objects.values_list("subject", "last_error"))
    assert told["x"].startswith("Secret (test_doing.py:")
    assert told["y"].startswith("Invalid too-large (test_doing.py:")
    assert told["z"].startswith("LookupError")
    assert "Camille" not in caplog.text


def test_later_postpones_and_counts_nothing(db: None) -> None:
    def not_yet() -> None:
        raise Later(90)

    behaviours["x"] = not_yet
    with clock.at(NOON):
        owe([Job("test.note", "x")])
        run_due()

    owed = Owed.objects.get()
    assert (owed.attempts, owed.deaths, owed.due_at) == (0, 0, NOON + timedelta(seconds=90))


def test_a_job_is_not_done_before_it_is_due(db: None) -> None:
    with clock.at(NOON):
        owe([Job("test.note", "x", due=NOON + timedelta(days=1))])
        assert run_due() == 0
    with clock.at(NOON + timedelta(days=1)):
        assert run_due() == 1


def test_a_job_that_never_comes_to_an_end_is_parked_before_it_starts_again(db: None, settings: Any) -> None:
    owe([Job("test.note", "x", lane="a"), Job("test.note", "y", lane="a")])
    Owed.objects.filter(subject="x").update(deaths=settings.WORK_MAX_DEATHS)

    work("a")

    assert done == ["y"]
    assert Owed.objects.parked().get().last_error == "WorkerDied"


def test_owed_again_while_being_done_it_is_done_again(db: None) -> None:
    def once_more() -> None:
        behaviours.clear()
        owe([Job("test.note", "x")])

    behaviours["x"] = once_more
    owe([Job("test.note", "x")])

    run_due()

    assert done == ["x", "x"]
    assert not Owed.objects.exists()


def test_what_a_job_owes_in_turn_is_done_too_oldest_first(db: None) -> None:
    behaviours["x"] = lambda: owe([Job("test.note", "z")])
    owe([Job("test.note", "x"), Job("test.note", "y")])

    assert run_due() == 3
    assert done == ["x", "y", "z"]


def test_run_due_says_what_went_wrong(db: None) -> None:
    behaviours["x"] = fails
    owe([Job("test.note", "x")])

    with pytest.raises(Secret):
        run_due()
    assert Owed.objects.get().attempts == 1


def test_a_handler_may_open_a_durable_transaction(db: None) -> None:
    def durably() -> None:
        with transaction.atomic(durable=True):
            pass

    behaviours["x"] = durably
    owe([Job("test.note", "x")])
    run_due()

    assert done == ["x"]


def test_a_handler_runs_outside_any_transaction(committed: Any) -> None:
    inside = []
    behaviours["x"] = lambda: inside.append(connection.in_atomic_block)
    owe([Job("test.note", "x")])
    run_due()

    assert inside == [False]


def test_a_lane_somebody_works_in_is_left_to_them_until_their_lease_runs_out(db: None) -> None:
    owe([Job("test.note", "x", lane="a")])
    lease = Lease.objects.create(lane="a", holder=uuid4(), place="elsewhere", until=clock.machine() + timedelta(minutes=1))

    work("a")
    assert (done, sweep(here=True)) == ([], 0)

    Lease.objects.filter(pk=lease.pk).update(until=clock.machine() - timedelta(seconds=1))
    assert sweep(here=True) == 1
    assert done == ["x"]


def test_one_whose_lane_passed_to_another_does_not_start_the_next_job(db: None) -> None:
    behaviours["x"] = lambda: Lease.objects.update(holder=uuid4())
    owe([Job("test.note", "x", lane="a"), Job("test.note", "y", lane="a")])

    work("a")

    assert done == ["x"]
    assert Owed.objects.get().subject == "y"

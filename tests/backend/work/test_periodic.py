"""Periodic work: one at a time, once in its interval."""

from datetime import timedelta
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import connection

from backend import clock
from backend.work.periodic import once
from tests.backend.work.conftest import NOON

HOUR = timedelta(hours=1)


def test_it_runs_once_in_its_interval(db: None) -> None:
    ran: list[str] = []
    hourly = once("hourly", HOUR)(lambda: ran.append("x"))

    with clock.at(NOON):
        assert [hourly(), hourly()] == [True, False]
    with clock.at(NOON + timedelta(minutes=59, seconds=59)):  # no beat is exact to the second
        assert hourly()
    assert ran == ["x", "x"]


def test_as_a_context_it_says_whose_turn_it_is(db: None) -> None:
    with clock.at(NOON):
        with once("hourly", HOUR) as mine:
            assert mine
        with once("hourly", HOUR) as mine:
            assert not mine


def test_a_round_that_fails_comes_again(db: None) -> None:
    with clock.at(NOON):
        with pytest.raises(ZeroDivisionError), once("hourly", HOUR):
            raise ZeroDivisionError
        with once("hourly", HOUR) as mine:
            assert mine


def test_a_clock_set_back_does_not_stop_it(db: None) -> None:
    hourly = once("hourly", HOUR)(lambda: None)
    with clock.at(NOON):
        hourly()
    with clock.at(NOON - timedelta(days=300)):
        assert hourly()


def test_two_beats_at_once_run_it_once(committed: Any) -> None:
    ready, over, ran = Barrier(2), Event(), []

    @once("hourly", HOUR)
    def hourly() -> None:
        ran.append("x")
        over.wait(10)

    def beat() -> None:
        ready.wait()
        if not hourly():
            over.set()
        connection.close()

    beats = [Thread(target=beat) for _ in range(2)]
    for thread in beats:
        thread.start()
    for thread in beats:
        thread.join()

    assert ran == ["x"]

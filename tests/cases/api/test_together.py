"""Looks of many sockets at once: each question answered once, none by an answer older than itself, each fault told to its own asker."""

import asyncio
from threading import Event
from typing import Any

import pytest

from backend.errors import NotFound
from cases.api.together import Together

pytestmark = pytest.mark.django_db(transaction=True)  # a look closes the connection of its thread


async def test_the_same_question_in_one_burst_is_looked_at_once() -> None:
    together, looks = Together(), []

    found = await asyncio.gather(*(together.ask("what", lambda: looks.append(1) or len(looks)) for _ in range(50)))

    assert found == [1] * 50


async def test_who_asks_while_others_are_answered_gets_an_answer_of_their_own() -> None:
    """What was found before the question may be older than what the question is about."""
    together, begun, go_on, looks = Together(), Event(), Event(), []

    def look() -> int:
        looks.append(1)
        begun.set()
        go_on.wait(10)
        return len(looks)

    first = asyncio.create_task(together.ask("what", look))
    await asyncio.to_thread(begun.wait, 10)
    second = asyncio.create_task(together.ask("what", look))
    await asyncio.sleep(0.05)
    go_on.set()

    assert (await first, await second) == (1, 2)


async def test_a_fault_is_told_to_those_who_asked_that_and_the_others_have_their_answers() -> None:
    together = Together()

    def absent() -> Any:
        raise NotFound

    one, other = await asyncio.gather(together.ask(1, absent), together.ask(2, lambda: "here"), return_exceptions=True)

    assert isinstance(one, NotFound)
    assert other == "here"


async def test_who_leaves_takes_nobodys_answer_away() -> None:
    together = Together()
    leaving, staying = (asyncio.create_task(together.ask("what", lambda: "here")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()

    assert await staying == "here"

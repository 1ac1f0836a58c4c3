"""The same key and request: the same answer, done once, whoever comes at the same instant."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import RequestFactory

from backend import clock
from backend.api import idempotency
from backend.api.models import Remembered
from backend.errors import Busy, Conflict, Invalid
from backend.people.actor import Actor
from backend.people.models import Kind, Organisation

CLAIRE, MARC = Actor(uuid4(), "Claire"), Actor(uuid4(), "Marc")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ASKED = idempotency.digest_of({"case": 1})


def act(actor: Actor = CLAIRE, key: str | None = "key", digest: str = ASKED, *, then: Any = None) -> dict[str, Any]:
    """An action that opens a firm, once per key."""
    with transaction.atomic():
        if (made := idempotency.remembered(actor, "firm.open", key, digest)) is not None:
            return dict(made)
        firm = Organisation.objects.create(kind=Kind.FIRM, name="Cabinet")
        if then:
            then()
        made = {"id": str(firm.pk)}
        idempotency.remember(actor, "firm.open", key, made)
        return dict(made)


def at_once(times: int, one: Any) -> list[Any]:
    ready, answers = Barrier(times), []

    def come(number: int) -> None:
        ready.wait()
        try:
            answers.append(one(number))
        except (Busy, Conflict, ZeroDivisionError) as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=come, args=[number]) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_request_twice_is_done_once_and_answers_the_same(db: None) -> None:
    assert act() == act()
    assert Organisation.objects.count() == 1


def test_the_same_key_with_another_request_is_refused(db: None) -> None:
    act()
    with pytest.raises(Conflict) as refusal:
        act(digest=idempotency.digest_of({"case": 2}))
    assert refusal.value.code == "key-reused"


def test_a_key_is_one_persons_own(db: None) -> None:
    assert act(CLAIRE) != act(MARC)


def test_without_a_key_each_request_is_another(db: None) -> None:
    assert act(key=None) != act(key=None)
    assert not Remembered.objects.exists()


def test_what_failed_may_be_sent_again_under_its_key(db: None) -> None:
    with pytest.raises(ZeroDivisionError):
        act(then=lambda: 1 // 0)
    assert act() == act()
    assert Organisation.objects.count() == 1


def test_a_key_is_forgotten_after_two_days(db: None) -> None:
    with clock.at(NOON):
        first = act()
    with clock.at(NOON + timedelta(hours=47)):
        assert act() == first
    with clock.at(NOON + timedelta(days=2, seconds=1)):
        assert act(digest=idempotency.digest_of("other")) != first
    with clock.at(NOON + timedelta(days=5)):
        assert idempotency.forget() == 1


def test_fifty_twins_at_once_are_done_once_and_answer_alike(committed: Any) -> None:
    answers = at_once(50, lambda _: act())
    assert Organisation.objects.count() == 1
    assert answers == [answers[0]] * 50


def test_of_twins_with_different_requests_one_is_done(committed: Any) -> None:
    answers = at_once(4, lambda number: act(digest=idempotency.digest_of(number)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict"] * 3 + ["dict"]
    assert Organisation.objects.count() == 1


def test_where_the_first_fails_its_twin_acts_in_its_place(committed: Any) -> None:
    first = Event()

    def fail() -> None:
        first.set()
        raise ZeroDivisionError

    def one(number: int) -> Any:
        if number == 0:
            return act(then=fail)
        first.wait(10)
        return act()

    answers = at_once(2, one)
    assert sorted(type(answer).__name__ for answer in answers) == ["ZeroDivisionError", "dict"]
    assert Organisation.objects.count() == 1


def test_a_twin_does_not_wait_for_ever(committed: Any) -> None:
    claimed, over = Event(), Event()

    def hold() -> None:
        claimed.set()
        over.wait(10)

    def one(number: int) -> Any:
        if number == 0:
            return act(then=hold)
        claimed.wait(10)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            return act()
        finally:
            over.set()

    answers = at_once(2, one)
    assert sorted(type(answer).__name__ for answer in answers) == ["Busy", "dict"]


@pytest.mark.parametrize(("header", "key"), [('"abc-1"', "abc-1"), ("abc-1", "abc-1"), ("", None), ('"', '"')])
def test_a_key_is_read_with_or_without_its_quotes(rf: RequestFactory, header: str, key: str | None) -> None:
    assert idempotency.key_of(rf.post("/", headers={"idempotency-key": header})) == key


@pytest.mark.parametrize("header", ["a b", "é", "x" * 256, '"a b"'])
def test_an_unfit_key_is_refused(rf: RequestFactory, header: str) -> None:
    with pytest.raises(Invalid):
        idempotency.key_of(rf.post("/", headers={"idempotency-key": header}))


def test_the_digest_is_of_what_is_asked_not_of_how_it_is_written() -> None:
    ident = uuid4()
    assert idempotency.digest_of({"a": ident, "b": [NOON]}) == idempotency.digest_of({"b": [NOON], "a": ident})
    assert idempotency.digest_of({"a": 1.5}) != idempotency.digest_of({"a": 1.25})

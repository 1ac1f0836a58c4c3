"""Two acts at once on one case: the one that waited goes on from what the other left."""

from collections.abc import Callable, Iterator
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection, transaction

from cases import actions
from cases.models import Book, Case
from signatures import ceremony
from tests.world import World

PATIENCE = 4.0  # the application itself waits five seconds for a lock


@pytest.fixture
def world(committed: Any) -> World:
    return World()


def waits(committed: Any) -> bool:
    """Whether somebody waits for a lock in the test's database."""
    with committed.as_owner() as database:
        here = "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()"
        return database.execute(here).fetchone() is not None


def begun_meanwhile(committed: Any, act: Callable[[], Any]) -> Iterator[Any]:
    """Begin an act in another thread, give way once it waits for us, then give what it made."""
    made: list[Any] = []

    def begin() -> None:
        try:
            made.append(act())
        finally:
            connection.close()

    thread = Thread(target=begin)
    thread.start()
    end = monotonic() + PATIENCE
    while not waits(committed) and monotonic() < end:
        sleep(0.02)
    yield None
    thread.join()
    yield made[0]


@pytest.mark.parametrize("model", [Case, Book])
def test_whoever_waited_for_a_case_or_a_book_reads_what_was_written_meanwhile(world: World, committed: Any, model: Any) -> None:
    row = world.joint_petition() if model is Case else world.book
    field = {"title": "Renommé"} if model is Case else {"organisation": world.other_court}

    def read() -> Any:
        with transaction.atomic():
            return model.objects.locked(row.pk)

    with transaction.atomic():
        model.objects.locked(row.pk)
        waiting = begun_meanwhile(committed, read)
        next(waiting)
        model.objects.filter(pk=row.pk).update(**field)
    seen = next(waiting)

    assert {name: getattr(seen, name) for name in field} == field


def test_a_letter_attached_while_the_hearing_is_set_does_not_take_the_case_back(world: World, committed: Any) -> None:
    case = world.joint_petition(at="schedule")
    found = world.hearing_list()

    def write() -> Any:
        return actions.correspondence.write(world.lawyer, world.again(case), channel="registry", body="Bonjour.")

    with transaction.atomic():
        Case.objects.locked(case.pk)
        waiting = begun_meanwhile(committed, write)
        next(waiting)
        actions.hearing.schedule.__wrapped__(world.judge, locked := Case.objects.locked(case.pk), hearing_list=found.pk)
        locked.save()
    next(waiting)

    assert world.again(case).step == "hear"


def test_a_consent_given_while_another_signature_is_placed_is_taken(world: World, committed: Any) -> None:
    case = world.joint_petition(at="sign")
    instrument = case.instruments.current().get(kind="agreement")
    first, second = world.spouse_1_user, world.spouse_2_user
    for reader in (world.spouse_1, world.spouse_2):
        world.read(reader, case)
    signer = ceremony.consent(instrument.session_id, first.pk, evidence={})

    with transaction.atomic():
        ceremony.apply(signer.pk)
        waiting = begun_meanwhile(committed, lambda: ceremony.consent(instrument.session_id, second.pk, evidence={}))
        next(waiting)
    consented = next(waiting)

    assert consented.state == "consented"

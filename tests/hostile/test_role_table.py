"""Role × endpoint × case: every operation of the OpenAPI description, tried by everyone, at every stop of a case's life.

Nothing is listed by hand: an endpoint is covered the day it appears, and one whose path names something unknown here fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from cases.actions.base import ACTIONS, AT_COURT
from cases.proceedings import interpret
from tests.calling import client_of
from tests.hostile.operations import Answer, Operation, operations, undone
from tests.hostile.tried import Crossing, Stop
from tests.hostile.walk import AT_THE_COURT, IN_THE_CASE, OTHER_SIDE, OUTSIDE, ROLES, STOPS, WHOLE, Walk, absent

TO_STRANGERS = {
    "invitation.open_account": 404,  # what is asked before one has an account: whoever holds the link proves themselves by it
    "signature.check": 404,  # whoever holds a file may have it checked; its door is beside Django
}
BY_A_SPOUSE = {  # a spouse brings their own lawyer where they have none, which is at no stop: tests/cases/actions/test_invitation.py
    ("party", act) for act in ("counsel.name", "invitation.send", "invitation.resend", "invitation.cancel")
}
ELSEWHERE = {  # never done here, and where it is
    "signature.check": "tests/hostile/test_checking_door.py: its door is beside Django",
    "document.send": "tests/hostile/test_uploads.py: its door is beside Django",
    "upload.begin": "tests/cases/api/test_resumable.py: its door is beside Django",
    "upload.read": "tests/cases/api/test_resumable.py: its door is beside Django",
    "upload.go_on": "tests/cases/api/test_resumable.py: its door is beside Django",
    "upload.give_up": "tests/cases/api/test_resumable.py: its door is beside Django",
    "invitation.open_account": "tests/cases/api/test_invited.py: asks a link sent to somebody who has no account",
    "me.strength.prove": "tests/backend/api/test_oneself.py: asks the code that was mailed",
}


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walk]:
    """One walk for all these tests, taken back at the end."""
    with django_db_blocker.unblock(), undone():
        yield Walk()


def test_strangers_are_asked_who_they_are_everywhere(walk: Walk) -> None:
    anonymous, things = client_of(None), {"case_id": uuid4(), "number": 1, "page": 1}
    found = {operation.name: operation.tried(anonymous, things).status for operation in operations()}
    assert {name: status for name, status in found.items() if status != 401} == TO_STRANGERS


@pytest.mark.parametrize("name", STOPS)
def test_those_of_the_case_may_do_what_its_declaration_says_and_nothing_else(walk: Walk, name: str) -> None:
    stop = walk.stop(name)
    tried = [(who, one, answer) for (who, one), answer in stop.tried.items() if one.of_a_case]
    assert [(who, one.name, got.status, got.code) for who, one, got in tried if not as_declared(one, got, stop, ROLES[who])] == []


def as_declared(operation: Operation, answer: Answer, stop: Stop, role: str) -> bool:
    """Never: NotAllowed. Not at this step: NotNow. Else whatever the act itself finds, or done."""
    if operation.name not in ACTIONS:
        return answer.status in (200, 206, 404, 409) and operation.method == "GET"
    if operation.name not in interpret.ever(stop.proceeding, {role}):
        return (answer.status, answer.code) == (403, "not-allowed")
    if operation.name not in interpret.at_step(stop.proceeding, stop.step, {role}):
        return (answer.status, answer.code) == (409, "not-now")
    return answer.done or answer.status in (403, 404, 409, 422)


def never_done(stops: Iterable[Stop]) -> set[tuple[str, str]]:
    """(role, act) that the declaration gives, and that is refused whenever it is tried: nobody can do it."""
    known = list(stops)
    done = {(ROLES[who], one.name) for stop in known for (who, one), answer in stop.tried.items() if answer.done}
    described = {operation.name for operation in operations()}
    return {(role, name) for role in ROLES.values() for name in interpret.ever(known[0].proceeding, {role}) if name in described} - done


def test_whatever_a_role_may_do_it_has_done_at_some_stop(walk: Walk) -> None:
    stops = [walk.stop(name) for name in STOPS]
    assert never_done(stops) == BY_A_SPOUSE

    done = {one.name for stop in stops for (_who, one), answer in stop.tried.items() if answer.done}
    assert {operation.name for operation in operations()} - done == set(ELSEWHERE)


def test_an_act_that_always_refuses_is_caught(walk: Walk) -> None:
    refused = Answer(409, b"", {})
    stops = [
        replace(stop, tried={key: refused if key[1].name == "filing.submit" else answer for key, answer in stop.tried.items()})
        for stop in map(walk.stop, STOPS)
    ]
    assert never_done(stops) == {("lawyer", "filing.submit"), *BY_A_SPOUSE}


@pytest.mark.parametrize("name", WHOLE)
def test_outsiders_find_no_case_whatever_they_try(walk: Walk, name: str) -> None:
    """The same answer, to the byte, as for a case that does not exist."""
    tried = walk.stop(name).outside
    assert {who for who, _one in tried} >= set(OUTSIDE)
    faults = [
        (who, one.name, real.status, nothing.status)
        for (who, one), (real, nothing) in tried.items()
        if (real.status, real.content) != (404, nothing.content)
    ]
    assert faults == []


def test_things_of_another_case_are_not_there_under_ones_own(walk: Walk) -> None:
    """Every identifier of every operation that can be done, changed for a real one of a case that its author may not see."""
    for name in STOPS:
        walk.stop(name)
    crossed = walk.crossings
    methods = {operation.name: operation.method for operation in operations()}
    faults = {key: crossing for key, crossing in crossed.items() if not crossing.holds(methods[key[0]])}
    assert {key: (one.theirs.status, one.theirs.code, one.absent.status, one.absent.code) for key, one in faults.items()} == {}
    wanted = {
        (operation.name, identifier)
        for operation in operations()
        for identifier in operation.identifiers
        if operation.name not in ELSEWHERE and isinstance(operation.thing(walk.theirs, identifier), UUID)
    }
    assert wanted - set(crossed) == set()


def test_what_promises_to_be_done_once_under_its_key_is(walk: Walk) -> None:
    """Every operation whose description has the Idempotency-Key, asked twice under one: the same answer, and nothing more in the register."""
    for name in STOPS:
        walk.stop(name)
    promised = {operation.name for operation in operations() if operation.keyed}
    assert len(promised) > 50
    assert promised - set(walk.repeated) == set()
    faults = {name: found for name, found in walk.repeated.items() if not found.holds}
    assert {name: (one.first.status, one.second.status, one.second.code, one.entries) for name, one in faults.items()} == {}


def test_every_identifier_has_a_real_thing_of_the_other_case(walk: Walk) -> None:
    named = {(one.name, identifier) for one in operations() for identifier in one.identifiers}
    assert {name for operation, name in named if name not in walk.theirs and f"{operation}:{name}" not in walk.theirs} == set()


def test_an_answer_that_tells_of_another_case_is_caught() -> None:
    nothing, there = Answer(404, b"not found", {}), Answer(404, b"closed on Monday", {})
    assert Crossing(nothing, nothing).holds("POST")
    assert not Crossing(there, nothing).holds("GET")
    assert not Crossing(Answer(201, b"", {}), Answer(201, b"", {})).holds("POST")


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_private_to_one_side_answers_the_other_as_if_it_were_not_there(walk: Walk, name: str) -> None:
    tried = walk.stop(name).private
    assert {who for who, _one in tried} == set(OTHER_SIDE)
    faults = [
        (who, one.name, real.status, nothing.status)
        for (who, one), (real, nothing) in tried.items()
        if (real.status, real.content) != (nothing.status, nothing.content) or real.status < 400
    ]
    assert faults == []


def test_what_is_of_no_case_tells_outsiders_nothing_of_one(walk: Walk) -> None:
    """Lists, links and one's own account: nothing of the case in any answer, and what is another's answers as what does not exist."""
    walk.stop("prepare")  # from then on the link was used: it tells nothing more to who holds it
    faults, told = [], secrets(walk)
    for name in OUTSIDE:
        for operation in [each for each in operations() if not each.of_a_case and not each.of_a_court]:
            real, nothing = (walk.tried(name, operation, things) for things in (walk.things["lawyer"], absent(walk.things["lawyer"])))
            if operation.names and (real.status, real.content) != (404, nothing.content):
                faults.append((name, operation.name, real.status, nothing.status))
            faults += [(name, operation.name, secret) for secret in told if secret.encode() in real.content]
    assert faults == []


def secrets(walk: Walk) -> list[str]:
    """What tells of the case whoever reads it."""
    things = ("case_id", "exhibit", "child", "spouse", "invitation", "instrument_id", "token_id")
    keys = [str(walk.things["lawyer"][name]) for name in things]
    return [*keys, walk.user("spouse_1").email, walk.user("spouse_2").email]


def test_a_courts_lists_are_for_those_who_work_there(walk: Walk) -> None:
    faults, things = [], walk.things["lawyer"]
    for operation in [each for each in operations() if each.of_a_court and not each.of_a_case]:
        for name in (*IN_THE_CASE, *OUTSIDE):
            real, nothing = (walk.tried(name, operation, each) for each in (things, absent(things)))
            if (real.status, real.content) != (404, nothing.content):
                faults.append((name, operation.name, real.status))
        faults += [(name, operation.name, "refused") for name in AT_THE_COURT if not walk.tried(name, operation, things).done]
    assert faults == []
    assert {each.name for each in operations()} >= set(AT_COURT)

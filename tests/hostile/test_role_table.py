"""Role × endpoint × case: every operation of the OpenAPI description, tried by everyone, at several steps.

Nothing is listed by hand: an endpoint is covered the day it appears, and one whose path names something unknown here fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from backend.people.models import Token
from cases import access, actions, links
from cases.actions.base import ACTIONS, AT_COURT
from cases.models import Case
from cases.proceedings import interpret
from documents import uploads
from tests.calling import client_of
from tests.world import ARMELLE, THIBAULT, World

IN_THE_CASE = ("lawyer", "staff", "spouse_1", "second_lawyer", "spouse_2")
AT_THE_COURT = ("clerk", "second_clerk", "judge")
OUTSIDE = ("outsider", "stranger", "other_clerk", "administrator")
OTHER_SIDE = ("second_lawyer", "spouse_2")
UUID = re.compile(r"^[0-9a-f]{8}-")


@dataclass(frozen=True)
class Operation:
    """One method of one path, with a body that is taken."""

    name: str
    method: str
    path: str
    queries: tuple[str, ...]  # the identifiers that its query may give
    body: Any

    @property
    def of_a_case(self) -> bool:
        return "{case_id}" in self.path

    @property
    def of_a_court(self) -> bool:
        return bool({"court", "hearing_list"} & set(self.names))

    @property
    def names(self) -> list[str]:
        """What the path names beside the case."""
        return [name for name in re.findall(r"{(\w+)}", self.path) if name != "case_id"]

    def tried(self, client: APIClient, **named: Any) -> Answer:
        """Do it and undo it; gives what was answered."""
        body = json.dumps(_filled(self.body, named))
        address = f"{self.path.format(**named)}?{urlencode({name: named[name] for name in self.queries if name in named})}"
        with undone():
            response = client.generic(self.method, address, body, content_type="application/json", headers={"If-Match": "*"})
            content = b"" if response.streaming else response.content
            return Answer(response.status_code, content, getattr(response, "data", None) or {})


@dataclass(frozen=True)
class Answer:
    status: int
    content: bytes
    data: Any

    @property
    def code(self) -> str:
        return self.data.get("code", "") if isinstance(self.data, dict) else ""


@cache
def operations() -> list[Operation]:
    return described(SchemaGenerator().get_schema(request=None, public=True))


def described(document: Any) -> list[Operation]:
    """Every operation of an OpenAPI description."""
    return [
        Operation(operation["operationId"], method.upper(), path, _queries(operation), _example(operation))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def _queries(operation: Any) -> tuple[str, ...]:
    asked = [each for each in operation.get("parameters", []) if each["in"] == "query"]
    return tuple(each["name"] for each in asked if each["schema"].get("format") == "uuid")


def _example(operation: Any) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return next((example["value"] for example in content.get("examples", {}).values()), {})


def _filled(body: Any, named: dict[str, Any]) -> Any:
    """The example, its identifiers replaced by those of things of the same name."""
    if not isinstance(body, dict):
        return body
    return {name: _identifier(name, value, named) for name, value in body.items()}


def _identifier(name: str, value: Any, named: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_identifier(name, one, named) for one in value]
    return str(named.get(name, uuid4())) if isinstance(value, str) and UUID.match(value) else value


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside leaves no trace, as the test's own transaction does."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with suppress(Undo), block:
        yield
        raise Undo


class Undo(Exception):
    """Rolls back."""


class Table:
    """A case with things of its own, and everyone's client."""

    def __init__(self, step: str) -> None:
        self.world = World()
        self.case: Case = self.world.joint_petition(at=step, lawyers=2)
        self.clients = {name: client_of(self.world.__dict__[f"{name}_user"]) for name in (*IN_THE_CASE, *AT_THE_COURT, *OUTSIDE)}
        self.things = self._things()

    def _things(self) -> dict[str, Any]:
        """For each name of a path or body, a real thing: of this case, and private to its first side where it can be."""
        exhibit = self.case.exhibits.filter(side=1).first() or self.case.exhibits.first() or self._exhibit()
        instrument = self.case.instruments.first()
        return {
            "case_id": self.case.pk,
            "exhibit": exhibit.pk,
            "exhibit_id": exhibit.pk,
            "exhibits": exhibit.pk,
            "child": self.case.children.get().pk,
            "spouse": self.case.spouses.get(side=1).pk,
            "invitation": self.case.invitations.first().pk,
            "instrument_id": instrument.pk if instrument else uuid4(),
            "document": exhibit.document_id or uuid4(),
            "court": self.world.court.pk,
            "hearing_list": self.world.hearing_list(room="Salle du rôle").pk,
            "to": self.world.lawyer_user.pk,
            "upload": uploads.begin(self.world.lawyer_user.pk, name="acte.pdf", length=10, about={}).pk,
            "chamber": self.world.chamber.pk,
            **{name: uuid4() for name in ("question", "summons", "recourse", "bundle_id", "photograph", "hold")},
            "topic": "contact",
            "about": self.case.spouses.get(side=1).pk,
            "number": 1,
            "token": links.token(self.case.invitations.first().pk),
            "token_id": Token.objects.filter(user=self.world.lawyer_user).latest("created_at").pk,
        }

    @property
    def secrets(self) -> list[str]:
        """What tells of the case whoever reads it."""
        things = ("case_id", "exhibit", "child", "spouse", "invitation", "instrument_id", "token_id")
        return [*(str(self.things[name]) for name in things), self.world.spouse_1_user.email, self.world.spouse_2_user.email]

    def _exhibit(self) -> Any:
        return self.world.exhibit(self.case, self.world.lawyer, "other", side=1)

    def absent(self, **kept: Any) -> dict[str, Any]:
        """The same names, of things that do not exist."""
        absent = {name: uuid4() if not isinstance(value, str | int) else value for name, value in self.things.items()}
        return {**absent, "token": "no-such-link", **kept}


@pytest.fixture(params=["prepare", "check", "hear", "closed"])
def table(request: pytest.FixtureRequest, db: None) -> Table:
    return Table(request.param)


def test_strangers_are_asked_who_they_are_everywhere(db: None) -> None:
    anonymous = client_of(None)
    named = {name: uuid4() for operation in operations() for name in (*operation.names, "case_id")} | {"number": 1}
    found = {operation.path: operation.tried(anonymous, **named).status for operation in operations()}
    assert {path for path, status in found.items() if status != 401} == set()


def test_outsiders_find_no_case_whatever_they_try(table: Table) -> None:
    """The same answer, to the byte, as for a case that does not exist."""
    unseeing = OUTSIDE if table.case.filed_at else (*OUTSIDE, *AT_THE_COURT)
    faults = []
    for name in unseeing:
        for operation in [each for each in operations() if each.of_a_case]:
            real, absent = (operation.tried(table.clients[name], **things) for things in (table.things, table.absent()))
            if (real.status, real.content) != (404, absent.content):
                faults.append((name, operation.name, real.status, absent.status))
    assert faults == []


def test_those_of_the_case_may_do_what_its_declaration_says_and_nothing_else(table: Table) -> None:
    inside = (*IN_THE_CASE, *AT_THE_COURT) if table.case.filed_at else IN_THE_CASE
    faults = []
    for name in inside:
        actor = getattr(table.world, name)
        for operation in [each for each in operations() if each.of_a_case]:
            answer = operation.tried(table.clients[name], **table.things)
            if not as_declared(operation, answer, table.case, access.standing(actor, Case.objects.get(pk=table.case.pk)).roles):
                faults.append((name, operation.name, answer.status, answer.code))
    assert faults == []


def as_declared(operation: Operation, answer: Answer, case: Case, roles: frozenset[str]) -> bool:
    """Never: NotAllowed. Not at this step: NotNow. Else whatever the act itself finds, or done."""
    if operation.name not in ACTIONS:
        return answer.status in (200, 206, 404, 409) and operation.method == "GET"
    if operation.name not in interpret.ever(case.proceeding, roles):
        return (answer.status, answer.code) == (403, "not-allowed")
    if operation.name not in interpret.at_step(case.proceeding, case.step, roles):
        return (answer.status, answer.code) == (409, "not-now")
    return answer.status in (200, 201, 202, 204, 403, 404, 409, 422)


def test_what_is_private_to_one_side_answers_the_other_as_if_it_were_not_there(db: None) -> None:
    table = Table("prepare")
    faults = []
    for name in OTHER_SIDE:
        for operation in [each for each in operations() if {"exhibit", "exhibit_id"} & set(each.names) or "exhibits" in (each.body or {})]:
            real, absent = (
                operation.tried(table.clients[name], **things) for things in (table.things, table.absent(case_id=table.case.pk))
            )
            if (real.status, real.content) != (absent.status, absent.content) or real.status < 400:
                faults.append((name, operation.name, real.status, absent.status))
    assert faults == []


def test_things_of_another_case_are_not_there_under_ones_own(db: None) -> None:
    """Every identifier of a path or a body, changed for a real one of a case that one may not see."""
    table = Table("check")
    mine = actions.opening.open(table.world.outsider, kind="joint-petition", spouses=[ARMELLE, THIBAULT], acts_for=[1])
    kept = {"case_id": mine.pk, "court": table.world.court.pk}
    faults = []
    for operation in [each for each in operations() if each.of_a_case]:
        theirs, absent = (operation.tried(table.clients["outsider"], **things) for things in (table.things | kept, table.absent(**kept)))
        if (theirs.status, theirs.code) != (absent.status, absent.code):
            faults.append((operation.name, theirs.status, absent.status))
    assert faults == []


def test_what_is_of_no_case_tells_outsiders_nothing_of_one(db: None) -> None:
    """Lists, links and one's own account: nothing of the case in any answer, and what is another's answers as what does not exist."""
    table = Table("check")
    faults = []
    for name in OUTSIDE:
        for operation in [each for each in operations() if not each.of_a_case and not each.of_a_court]:
            real, absent = (operation.tried(table.clients[name], **things) for things in (table.things, table.absent()))
            if operation.names and (real.status, real.content) != (404, absent.content):
                faults.append((name, operation.name, real.status, absent.status))
            faults += [(name, operation.name, secret) for secret in table.secrets if secret.encode() in real.content]
    assert faults == []


def test_a_courts_lists_are_for_those_who_work_there(db: None) -> None:
    table = Table("prepare")
    faults = []
    for operation in [each for each in operations() if each.of_a_court]:
        for name in (*IN_THE_CASE, *OUTSIDE):
            real, absent = (operation.tried(table.clients[name], **things) for things in (table.things, table.absent()))
            if (real.status, real.content) != (404, absent.content):
                faults.append((name, operation.name, real.status))
        for name in AT_THE_COURT:
            answer = operation.tried(table.clients[name], **table.things)
            if answer.status not in (200, 201, 202):
                faults.append((name, operation.name, answer.status))
    assert faults == []
    assert {each.name for each in operations()} >= set(AT_COURT)

"""What the OpenAPI description says can be done, each operation with a body that is taken: to be tried, and undone."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

UUID = re.compile(r"^[0-9a-f]{8}-")
Things = Mapping[str, Any]  # by the name that a path, a query or a body gives them; `operation:name` for one operation only


@dataclass(frozen=True)
class Answer:
    status: int
    content: bytes
    data: Any

    @property
    def code(self) -> str:
        return self.data.get("code", "") if isinstance(self.data, dict) else ""

    @property
    def done(self) -> bool:
        return 200 <= self.status < 300

    @property
    def said(self) -> Any:
        """What it says, whatever the order of its fields."""
        return json.loads(self.content) if self.content else None


@dataclass(frozen=True, eq=False)
class Operation:
    """One method of one path."""

    name: str
    method: str
    path: str
    queries: tuple[str, ...]  # what its query must give, and the identifiers that it may
    body: Any  # the example of the description
    identified: tuple[str, ...]  # the identifiers that its body may give, in the example or not
    keyed: bool  # whether it promises to do once what is asked twice under one key

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

    @property
    def identifiers(self) -> set[str]:
        """Every identifier that it takes, beside the case: in its path, its query, its body."""
        return {*self.names, *self.queries, *self.identified}

    @property
    def left_out(self) -> set[str]:
        """The identifiers of its body that the example does not give."""
        return set(self.identified) - set(_given(self.body))

    def thing(self, things: Things, name: str) -> Any:
        return things.get(f"{self.name}:{name}", things.get(name, uuid4()))

    def with_other(self, things: Things, name: str, other: Any) -> Things:
        """The same things, but for one."""
        return {**things, f"{self.name}:{name}": other}

    def tried(self, client: APIClient, things: Things, also: Collection[str] = ()) -> Answer:
        """Do it and undo it; gives what was answered. `also`: what its body gives beside the example."""
        with undone():
            return self.done(client, things, also)

    def done(self, client: APIClient, things: Things, also: Collection[str] = (), **headers: str) -> Answer:
        """Do it; gives what was answered."""
        named = {name: self.thing(things, name) for name in [*self.names, *self.queries]}
        query = urlencode({name: named[name] for name in self.queries if f"{self.name}:{name}" in things or name in things})
        address = f"{self.path.format(**named, case_id=things.get('case_id', uuid4()))}?{query}"
        body = json.dumps(self._filled({**(self.body or {}), **{name: str(uuid4()) for name in also}}, things))
        response = client.generic(self.method, address, body, content_type="application/json", headers={"If-Match": "*", **headers})
        content = b"" if response.streaming else response.content
        return Answer(response.status_code, content, getattr(response, "data", None) or {})

    def _filled(self, body: Any, things: Things) -> Any:
        """A body in which what has a name of a thing is that thing."""
        return {name: self._said(name, value, things) for name, value in body.items()}

    def _said(self, name: str, value: Any, things: Things) -> Any:
        if isinstance(value, list):
            return [self._filled(one, things) if isinstance(one, dict) else self._said(name, one, things) for one in value]
        if f"{self.name}:{name}" in things or name in things or (isinstance(value, str) and UUID.match(value)):
            thing = self.thing(things, name)
            return thing if isinstance(thing, dict | int) else str(thing)
        return value


@cache
def operations() -> list[Operation]:
    return described(SchemaGenerator().get_schema(request=None, public=True))


def described(document: Any) -> list[Operation]:
    """Every operation of an OpenAPI description."""
    shapes = document.get("components", {}).get("schemas", {})
    return [
        Operation(
            operation["operationId"],
            method.upper(),
            path,
            _queries(operation),
            _example(operation),
            _identified(operation, shapes),
            any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", [])),
        )
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def _queries(operation: Any) -> tuple[str, ...]:
    asked = [each for each in operation.get("parameters", []) if each["in"] == "query"]
    return tuple(each["name"] for each in asked if each["schema"].get("format") == "uuid" or each.get("required"))


def _content(operation: Any) -> Any:
    return operation.get("requestBody", {}).get("content", {}).get("application/json", {})


def _example(operation: Any) -> Any:
    return next((example["value"] for example in _content(operation).get("examples", {}).values()), {})


def _identified(operation: Any, shapes: Any) -> tuple[str, ...]:
    """The properties of a body that are identifiers, whether required or not, at any depth."""

    def of(schema: Any) -> Iterator[str]:
        whole = shapes[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        for name, each in whole.get("properties", {}).items():
            inner = each.get("items", each)
            if inner.get("format") == "uuid":
                yield name
            yield from of(inner)

    return tuple(dict.fromkeys(of(_content(operation).get("schema", {}))))


def _given(body: Any) -> Iterator[str]:
    """The names that a body gives, at any depth."""
    if isinstance(body, list):
        for one in body:
            yield from _given(one)
    elif isinstance(body, dict):
        for name, value in body.items():
            yield name
            yield from _given(value)


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

"""Every address of the API is described, with a body that it takes; what is described, everyone tries (`tests/hostile/test_role_table.py`)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, include, path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from tests.hostile.operations import described

API = "/api/v1/"
UNDESCRIBED = {("GET", "/api/v1/openapi.yaml"): "it is the description itself"}


def addresses(patterns: Sequence[URLPattern | URLResolver], before: str = "/") -> Iterator[tuple[str, str]]:
    """(method, path) of all that the API answers to."""
    for each in patterns:
        here = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(each.pattern))
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, here)
        elif here.startswith(API):
            view = getattr(each.callback, "view_class", None)
            yield from ((method.upper(), here) for method in APIView.http_method_names if hasattr(view, method) and method != "options")


def document(patterns: Sequence[URLPattern | URLResolver] | None = None) -> Mapping[str, Any]:
    found: Mapping[str, Any] = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)
    return found


def tried(said: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(operation.method, operation.path) for operation in described(said)}


def without_example(said: Mapping[str, Any]) -> list[str]:
    """The operations that take a body and show none: an empty one is refused before anything is looked at."""
    operations = [operation for methods in said["paths"].values() for operation in methods.values()]
    bodies = {each["operationId"]: each["requestBody"]["content"].values() for each in operations if "requestBody" in each}
    return [name for name, contents in bodies.items() if not all(content.get("examples") for content in contents)]


def test_every_address_of_the_api_is_described_and_tried() -> None:
    found = set(addresses(get_resolver().url_patterns))

    assert found - tried(document()) == set(UNDESCRIBED)
    assert len(found) > 60


def test_every_body_has_an_example() -> None:
    assert without_example(document()) == []


class SecretIn(serializers.Serializer[Any]):
    secret = serializers.CharField()


class Secrets(APIView):
    @extend_schema(operation_id="secret.list", responses=None)
    def get(self, request: Any, case_id: str) -> Response:
        return Response()

    @extend_schema(operation_id="secret.tell", request=SecretIn, responses=None)
    def post(self, request: Any, case_id: str) -> Response:
        return Response()

    @extend_schema(exclude=True)
    def delete(self, request: Any, case_id: str) -> Response:
        return Response()


MADE_UP = [path("api/v1/", include([path("cases/<uuid:case_id>/secrets", Secrets.as_view())]))]


def test_an_endpoint_is_tried_the_day_it_appears() -> None:
    found = {operation.name: (operation.path, operation.of_a_case) for operation in described(document(MADE_UP))}

    assert found["secret.list"] == found["secret.tell"] == ("/api/v1/cases/{case_id}/secrets", True)


def test_an_address_kept_out_of_the_description_and_a_body_without_example_are_caught() -> None:
    assert set(addresses(MADE_UP)) - tried(document(MADE_UP)) == {("DELETE", "/api/v1/cases/{case_id}/secrets")}
    assert without_example(document(MADE_UP)) == ["secret.tell"]

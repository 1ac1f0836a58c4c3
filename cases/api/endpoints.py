"""The endpoint of each action, read from the API's own description, so that what a case says and OpenAPI agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from cases.actions.base import ACTIONS
from cases.models import Case

JSON = "application/json"


@dataclass(frozen=True)
class Endpoint:
    """Where an action is done: what else the address names stays in braces, to be filled in (RFC 6570)."""

    action: str
    method: str
    template: str
    schema: Mapping[str, Any] | None

    def of(self, case: Case) -> str:
        return self.template.replace("{case_id}", str(case.pk))


def endpoints() -> Mapping[str, Endpoint]:
    """Every action's endpoint, its schema in the reader's language."""
    return _endpoints(translation.get_language() or settings.LANGUAGE_CODE)


@cache
def _endpoints(language: str) -> Mapping[str, Endpoint]:
    with translation.override(language):
        document = SchemaGenerator().get_schema(request=None, public=True)
    return {endpoint.action: endpoint for endpoint in _read(document) if endpoint.action in ACTIONS}


def _read(document: Mapping[str, Any]) -> list[Endpoint]:
    return [
        Endpoint(operation["operationId"], method.upper(), path + _query(operation), _body(operation, document))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def _query(operation: Mapping[str, Any]) -> str:
    names = [parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"]
    return f"{{?{','.join(names)}}}" if names else ""


def _body(operation: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    content = operation.get("requestBody", {}).get("content", {})
    return _whole(content[JSON]["schema"], document) if JSON in content else None


def _whole(schema: Any, document: Mapping[str, Any]) -> Any:
    """A schema that stands alone: each reference replaced by what it refers to."""
    if isinstance(schema, list):
        return [_whole(part, document) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    if reference := schema.get("$ref"):
        return _whole(document["components"]["schemas"][reference.rpartition("/")[2]], document)
    return {name: _whole(part, document) for name, part in schema.items()}

"""The OpenAPI 3.1 description: what every endpoint has in common is said once, here."""

from collections.abc import Callable
from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_serializer
from rest_framework import serializers

from backend.api.problems import MEDIA_TYPE

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Same key and body: same answer, done once. Other body: 422. Still running: 409. Remembered for two days.",
)
LANGUAGE = OpenApiParameter("Accept-Language", str, OpenApiParameter.HEADER, enum=["fr", "en"], description="The language of the texts.")
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag of the version being changed. Another one since: 412."
)
READS = {"401": "Sign-in needed", "403": "Not allowed", "404": "Not found, or not yours to see", "429": "Too many requests"}
ACTS = {**READS, "409": "Not at this step, or in progress", "422": "Not valid, or incomplete"}
EDITS = {**ACTS, "412": "Changed since", "428": "Version needed"}


def example(**value: Any) -> Callable[[Any], Any]:
    """Show a body in the description, as it is really taken."""
    return extend_schema_serializer(examples=[OpenApiExample("example", value=value, request_only=True)])


class Fault(serializers.Serializer[Any]):
    """What is wrong with one field."""

    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class FindingOut(serializers.Serializer[Any]):
    """What a check found."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(["blocker", "warning"])
    about = serializers.CharField()
    reason = serializers.CharField()
    mend = serializers.CharField()
    law = serializers.CharField()
    where = serializers.CharField()
    configurable = serializers.BooleanField()
    pages = serializers.ListField(
        child=serializers.IntegerField(), default=list, help_text="Of the document it is about, counted from 1; empty: not of one page."
    )


class Problem(serializers.Serializer[Any]):
    """A refusal (RFC 9457)."""

    type = serializers.CharField(help_text="urn:commun-accord:problem:<code>")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    field = serializers.CharField(required=False)
    errors = Fault(many=True, required=False)  # type: ignore[assignment]
    law = serializers.CharField(required=False, help_text="The article it stands on.")
    mend = serializers.CharField(required=False, help_text="How to mend it.")
    findings = FindingOut(many=True, required=False)
    links = serializers.DictField(child=serializers.CharField(), required=False)


class Schema(AutoSchema):
    """Tags by path, problems on every operation, the headers of those that act or edit."""

    def get_tags(self) -> list[str]:
        parts = [part for part in self.path.removeprefix("/api/v1/").split("/") if part and not part.startswith("{")]
        return parts[:1]

    def get_override_parameters(self) -> list[Any]:
        headers = {"POST": [IDEMPOTENCY_KEY], "PUT": [IF_MATCH], "PATCH": [IF_MATCH]}
        return [LANGUAGE, *headers.get(self.method, [])]

    def faults(self) -> dict[str, str]:
        """The refusals that every such operation may answer."""
        return {"GET": READS, "POST": ACTS}.get(self.method, EDITS)

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        for status, description in self.faults().items():
            if status not in bodies:
                bodies[status] = self._get_response_for_code(Problem, status, media_types=[MEDIA_TYPE], direction=direction)
                bodies[status]["description"] = description
        return bodies


class Plain(Schema):
    """Operations with no idempotency key and no version: each time is another, or the same done twice changes nothing."""

    def get_override_parameters(self) -> list[Any]:
        return [LANGUAGE]

    def faults(self) -> dict[str, str]:
        return READS if self.method == "GET" else ACTS


class TokenScheme(OpenApiAuthenticationExtension):
    """How a program signs in."""

    target_class = "backend.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token ca_…"}


class SessionScheme(OpenApiAuthenticationExtension):
    """How a browser is known."""

    target_class = "backend.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "With the X-CSRFToken header on what acts."}

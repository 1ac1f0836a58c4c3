"""Fields whose type is a topic's own: the action reads them, the description shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.proceedings.questions import Answered, ChildIdentity, SpouseIdentity


def schema_of(model: type[Answered]) -> dict[str, Any]:
    """The JSON schema of a topic's answer, standing alone."""
    return model.model_json_schema()


@extend_schema_field(schema_of(SpouseIdentity))
class IdentityField(serializers.DictField):
    """The identity of a spouse."""


@extend_schema_field(schema_of(ChildIdentity))
class ChildField(serializers.DictField):
    """The identity of a child."""

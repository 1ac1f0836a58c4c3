"""From the body of a request to the values an action takes."""

from typing import Any

from rest_framework.request import Request
from rest_framework.serializers import Serializer


def parsed(serializer: type[Serializer[Any]], request: Request, **context: Any) -> dict[str, Any]:
    """The body as the serializer coerces it, ready to be an action's keywords. Raises ValidationError (422), fault by fault."""
    reading = serializer(data=request.data, context={"request": request, **context})
    reading.is_valid(raise_exception=True)
    return dict(reading.validated_data)


def asked(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """The same for the query of an address."""
    reading = serializer(data=request.query_params)
    reading.is_valid(raise_exception=True)
    return dict(reading.validated_data)

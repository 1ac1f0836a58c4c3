"""From the body of a request to the values an action takes."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.serializers import Serializer


class Json(JSONParser):
    """JSON, whose nesting is no deeper than can be read. Raises ParseError (400)."""

    def parse(self, *what: Any, **more: Any) -> Any:
        try:
            return super().parse(*what, **more)
        except RecursionError as deep:
            raise ParseError(_("The body is nested too deeply.")) from deep


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

"""Answers given as plain values, made into their topic's type; what does not fit is said field by field."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from pydantic import ValidationError

from backend.errors import Invalid
from cases.proceedings.questions import Answered

T = TypeVar("T", bound=Answered)


def typed(model: type[T], value: Mapping[str, Any], at: str = "") -> T:
    """The value as the topic's type. Raises Invalid with the first field that does not fit, and what to do."""
    try:
        return model.model_validate(value)
    except ValidationError as failure:
        error = failure.errors()[0]
        path = ".".join(str(part) for part in error["loc"]) or None
        raise Invalid(_words(error), field=f"{at}.{path}" if at and path else path) from failure


def _words(error: Any) -> str:
    match error["type"]:
        case "missing" | "string_too_short":
            return _("This answer is needed.")
        case "extra_forbidden":
            return _("This is not asked here.")
        case "string_too_long":
            return _("This is too long.")
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return _("Write a date, for instance 2026-09-30.")
        case "decimal_parsing" | "decimal_type" | "greater_than_equal" | "int_parsing" | "less_than_equal":
            return _("Write a number, without letters, that can be right here.")
        case "bool_parsing" | "bool_type":
            return _("Answer yes or no.")
        case "value_error":
            return str(error["ctx"]["error"])
    return _("This value cannot be taken.")

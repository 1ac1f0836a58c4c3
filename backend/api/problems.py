"""Errors as problem details (RFC 9457): every refusal in one shape, in the reader's language."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from psycopg import errors as postgres
from rest_framework import exceptions
from rest_framework.response import Response

from backend import errors

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER: dict[type[errors.DomainError], int] = {
    errors.TooMany: 15,
    errors.Busy: 2,
    errors.Unavailable: 60,
}  # seconds; the first that fits


class PreconditionRequired(exceptions.APIException):
    """An edit that does not say which version it edits."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_code = "if-match-required"
    default_detail = _("Say which version you are changing, with If-Match.")


@dataclass(frozen=True)
class Shape:
    """How a kind of refusal goes on the wire."""

    status: HTTPStatus
    title: Any


TOO_WEAK = "too-weak"
SHAPES: dict[type[errors.DomainError], Shape] = {  # the first that fits
    errors.NotFound: Shape(HTTPStatus.NOT_FOUND, _("Not found")),
    errors.NotAllowed: Shape(HTTPStatus.FORBIDDEN, _("Not allowed")),
    errors.TooWeak: Shape(HTTPStatus.FORBIDDEN, _("Confirmation needed")),
    errors.NotNow: Shape(HTTPStatus.CONFLICT, _("Not at this step")),
    errors.Outdated: Shape(HTTPStatus.PRECONDITION_FAILED, _("Changed since")),
    errors.Conflict: Shape(HTTPStatus.CONFLICT, _("Conflict")),
    errors.Incomplete: Shape(HTTPStatus.UNPROCESSABLE_ENTITY, _("Incomplete")),
    errors.Invalid: Shape(HTTPStatus.UNPROCESSABLE_ENTITY, _("Not valid")),
    errors.TooMany: Shape(HTTPStatus.TOO_MANY_REQUESTS, _("Too many requests")),
    errors.Busy: Shape(HTTPStatus.CONFLICT, _("In progress")),
    errors.Unavailable: Shape(HTTPStatus.SERVICE_UNAVAILABLE, _("Not available")),
    errors.DomainError: Shape(HTTPStatus.UNPROCESSABLE_ENTITY, _("Refused")),
}
BY_CODE = {
    "key-reused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "quota": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "throttled": HTTPStatus.TOO_MANY_REQUESTS,
}
TITLES = {
    HTTPStatus.BAD_REQUEST: _("Not understood"),
    HTTPStatus.UNAUTHORIZED: _("Sign-in needed"),
    HTTPStatus.FORBIDDEN: _("Not allowed"),
    HTTPStatus.NOT_FOUND: _("Not found"),
    HTTPStatus.METHOD_NOT_ALLOWED: _("Method not allowed"),
    HTTPStatus.NOT_ACCEPTABLE: _("Not acceptable"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("Too large"),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: _("Media type not supported"),
    HTTPStatus.UNPROCESSABLE_ENTITY: _("Not valid"),
    HTTPStatus.PRECONDITION_REQUIRED: _("Version needed"),
    HTTPStatus.TOO_MANY_REQUESTS: _("Too many requests"),
    HTTPStatus.INTERNAL_SERVER_ERROR: _("Error on our side"),
}


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: a refusal becomes a problem; anything else is a fault, left to be logged."""
    exc = _known(exc)
    if isinstance(exc, errors.DomainError):
        return _of_domain(exc)
    if isinstance(exc, exceptions.ValidationError):
        faults = list(_faults(exc.get_full_details()))
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", _("Some values cannot be taken."), errors=faults)
    if isinstance(exc, exceptions.APIException):
        return _of_framework(exc)
    return None


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """What an address of the API that leads nowhere answers: the same as for a thing one may not see."""
    return _plain(_of_domain(errors.NotFound()))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return _plain(_of_domain(errors.NotAllowed()))


def failed(request: HttpRequest) -> JsonResponse:
    """What a fault of ours answers: nothing of what went wrong."""
    detail = _("Something went wrong on our side. What you sent may be sent again.")
    return _plain(_problem(HTTPStatus.INTERNAL_SERVER_ERROR, "fault", detail))


def _known(exc: Exception) -> Exception:
    """What Django and the database raise, as the refusal it means."""
    if isinstance(exc, Http404):
        return errors.NotFound()
    if isinstance(exc, PermissionDenied):
        return errors.NotAllowed()
    if isinstance(exc, RequestDataTooBig):
        return errors.Invalid(_("This is more than can be taken at once."), code="too-large")
    if isinstance(exc, DjangoValidationError):
        return exceptions.ValidationError(exc.message_dict if hasattr(exc, "error_dict") else exc.messages)
    if isinstance(exc, OperationalError) and isinstance(exc.__cause__, postgres.LockNotAvailable | postgres.DeadlockDetected):
        return errors.Busy()
    return exc


def _of_domain(error: errors.DomainError) -> Response:
    shape = next(shape for kind, shape in SHAPES.items() if isinstance(error, kind))
    told = {"field": error.field, "law": error.law, "mend": error.mend and str(error.mend), **error.details()}
    if isinstance(error, errors.TooWeak):
        told["links"] = {"confirm": reverse("me-strength")}
    status = BY_CODE.get(error.code, shape.status)
    response = _problem(status, error.code, error.message, title=shape.title, **{name: value for name, value in told.items() if value})
    if seconds := next((seconds for kind, seconds in RETRY_AFTER.items() if isinstance(error, kind)), None):
        response["Retry-After"] = str(seconds)
    return response


def _of_framework(exc: exceptions.APIException) -> Response:
    status, code = HTTPStatus(exc.status_code), str(exc.default_code).replace("_", "-")
    response = _problem(status, code, exc.detail)
    if challenge := getattr(exc, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        response["Retry-After"] = str(int(wait) + 1)
    return response


def _problem(status: HTTPStatus, code: str, detail: Any, *, title: Any = None, **more: Any) -> Response:
    body = {
        "type": f"urn:commun-accord:problem:{code}",
        "title": str(title or TITLES.get(status, status.phrase)),
        "status": status.value,
        "detail": str(detail),
        "code": code,
        **more,
    }
    return Response(body, status=status, content_type=MEDIA_TYPE)


def _faults(details: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Each fault of a serializer, with the path of its field ("spouses.0.birth_date")."""
    if isinstance(details, dict) and set(details) == {"message", "code"} and isinstance(details["code"], str):
        yield {"field": path, "code": details["code"].replace("_", "-"), "detail": str(details["message"])}
        return
    named = details.items() if isinstance(details, dict) else [(_index(position, fault), fault) for position, fault in enumerate(details)]
    for name, fault in named:
        yield from _faults(fault, ".".join(part for part in (path, "" if name == "non_field_errors" else str(name)) if part))


def _index(position: int, fault: Any) -> str:
    """The place of a fault in a list of things; nothing where the list is of one field's faults."""
    return "" if isinstance(fault, dict) and "message" in fault else str(position)


def _plain(response: Response) -> JsonResponse:
    return JsonResponse(response.data, status=response.status_code, content_type=MEDIA_TYPE)

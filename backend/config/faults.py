"""What an address that leads nowhere, a refusal and a fault answer: a problem to programs, a page to people. Never what went wrong."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from backend.api import problems

OF_PROGRAMS = "/api/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _to_programs(request, problems.not_found) or defaults.page_not_found(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _to_programs(request, problems.forbidden) or defaults.permission_denied(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    return _to_programs(request, problems.failed) or defaults.server_error(request)


def _to_programs(request: HttpRequest, problem: Any) -> HttpResponse | None:
    return problem(request) if request.path.startswith(OF_PROGRAMS) else None

"""Refusals that no form showed, as pages: nothing here, why not and what to do, or the way to confirm who one is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from backend.errors import DomainError, NotAllowed, NotFound, TooWeak, Unavailable
from frontend.pages.confirm import ask

NOT_CARRIED = ("csrfmiddlewaretoken",)


class RefusalMiddleware:
    """Turns a refusal that no form showed into its page."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer(request, exception) if isinstance(exception, DomainError) else None


def answer(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """The page of a refusal: a case that one may not see answers exactly as one that does not exist."""
    if isinstance(refusal, NotFound):
        return render(request, "404.html", status=404)
    if isinstance(refusal, TooWeak):
        return confirm_first(request)
    status = 403 if isinstance(refusal, NotAllowed) else 503 if isinstance(refusal, Unavailable) else 409
    return render(request, "errors/refusal.html", {"refusal": refusal, "findings": getattr(refusal, "findings", ())}, status=status)


def confirm_first(request: HttpRequest) -> HttpResponse:
    """Ask who it is, then come back with the intent kept.

    What was typed travels in the person's own page, never in the session: it is written again, hidden, in the page that asks.
    """
    if request.method != "POST":
        return redirect(f"{reverse('confirm')}?{urlencode({'next': request.get_full_path()})}")
    return ask(request, back=request.get_full_path(), carried=carried(request))


def carried(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form that was sent, to be sent again."""
    return [(name, value) for name, values in request.POST.lists() if name not in NOT_CARRIED for value in values]


def strong(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for the confirmation before the page of a binding act is even filled in."""

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.actor or not request.actor.strong:  # type: ignore[attr-defined]
            return confirm_first(request)
        return view(request, *args, **kwargs)

    return confirmed

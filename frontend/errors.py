"""Refusals as pages: a message beside its field, a page that says why and what to do, or the way to confirm who one is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from backend.errors import DomainError, Incomplete, NotAllowed, NotFound, TooWeak

NOT_CARRIED = ("csrfmiddlewaretoken",)


@contextmanager
def shown_on(form: forms.Form) -> Iterator[None]:
    """Show what an action refuses on the form it came from, with everything typed kept.

    What the form cannot mend goes on to a page of its own: not found, not allowed, too weak.
    """
    try:
        yield
    except (NotFound, NotAllowed, TooWeak):
        raise
    except DomainError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        form.refusal = refusal  # type: ignore[attr-defined]
        if isinstance(refusal, Incomplete):
            form.findings = refusal.findings  # type: ignore[attr-defined]


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
    status = 403 if isinstance(refusal, NotAllowed) else 409
    return render(request, "errors/refusal.html", {"refusal": refusal, "findings": getattr(refusal, "findings", ())}, status=status)


def confirm_first(request: HttpRequest) -> HttpResponse:
    """Ask who it is, then come back with the intent kept.

    What was typed travels in the person's own page, never in the session: it is written again, hidden, in the page that asks.
    """
    if request.method != "POST":
        return redirect(f"{reverse('confirm')}?{urlencode({'next': request.get_full_path()})}")
    from frontend.pages.confirm import ask

    return ask(request, back=request.get_full_path(), carried=carried(request))


def carried(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form that was sent, to be sent again."""
    return [(name, value) for name, values in request.POST.lists() if name not in NOT_CARRIED for value in values]


def strong(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for the confirmation before the page of a binding act is even filled in."""

    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.actor or not request.actor.strong:  # type: ignore[attr-defined]
            return confirm_first(request)
        return view(request, *args, **kwargs)

    confirmed.__name__, confirmed.__doc__ = view.__name__, view.__doc__
    return confirmed

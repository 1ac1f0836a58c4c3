"""What the pages of a case share: found through `cases.access`, seen once, live, and the same way back."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from backend.people.actor import Actor
from cases import access
from cases.outlook import outlook
from frontend.navigation import rooms
from frontend.outlooks import CaseView

View = Callable[..., HttpResponseBase]


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, on a page for whoever is signed in."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def of_case(view: View) -> View:
    """Give a page the case of its address as its reader sees it. One that may not be seen is not found."""

    @wraps(view)
    @login_required
    @never_cache
    def opened(request: HttpRequest, case_id: UUID, *args: Any, **named: Any) -> HttpResponseBase:
        actor = actor_of(request)
        return view(request, CaseView(outlook(actor, access.case(actor, case_id))), *args, **named)

    return opened


def shown(request: HttpRequest, view: CaseView, template: str, title: Any, **context: Any) -> HttpResponse:
    """A page of a case, with its trail and its live address."""
    here = {"title": title, "view": view, "case": view.case, "trail": trail(view, title), "back_url": reverse("case", args=[view.case.pk])}
    return render(request, template, {**here, **live(view), **context})


def trail(view: CaseView, title: Any) -> list[tuple[Any, str]]:
    """The way back: where this person's work begins (caseload, desk), the case, this page."""
    first = next(rooms(view.seen.actor))
    home = (first.label, first.url)
    if title == view.case.title:
        return [home, (title, "")]
    return [home, (view.case.title, reverse("case", args=[view.case.pk])), (title, "")]


def live(view: CaseView) -> dict[str, Any]:
    """Where the page listens for what happens, and after what."""
    return {"live": {"address": f"/ws/cases/{view.case.pk}", "after": view.case.chain.seq}}

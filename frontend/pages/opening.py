"""Opening a case in under two minutes: who, which children, for whom one acts; the route suggested with its reason."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backend.errors import NotAllowed
from cases import actions, routes
from cases.proceedings.facts import Facts
from cases.routes import Status
from frontend.errors import shown_on
from frontend.forms.opening import OpeningForm
from frontend.pages.caseload import may_open
from frontend.pages.of_case import actor_of

TONES = {Status.OPEN: "success", Status.OPEN_IF: "info", Status.UNDECIDED: "warning", Status.CLOSED: ""}


@login_required
@require_http_methods(["GET", "POST"])
def opening(request: HttpRequest) -> HttpResponse:
    """Open a joint petition; look first at the routes that are open."""
    actor = actor_of(request)
    if not may_open(actor):
        raise NotAllowed(_("A lawyer opens this case."), law="CC 250")
    form = OpeningForm(request.POST or None)
    known = None
    if form.is_bound and "more" in request.POST:
        form.errors.clear()
    elif form.is_valid():
        known = form.facts()
        if "open" in request.POST:
            with shown_on(form):
                made = actions.opening.open(
                    actor,
                    kind="joint-petition",
                    spouses=form.spouses,
                    children=form.children,
                    acts_for=form.sides,
                    key=form.idempotency_key,
                )
                messages.success(request, _("The case is open. Invite the spouses, and answer the questions."))
                return redirect("case", made.pk)
    trail = [(_("My cases"), reverse("caseload")), (_("Open a case"), "")]
    return render(
        request,
        "case/opening.html",
        {"title": _("Open a case"), "form": form, "trail": trail, **(routes_of(known) if known else NO_ROUTES)},
    )


NO_ROUTES: dict[str, Any] = {"ours": None, "others": [], "suggested": []}


def routes_of(known: Facts) -> dict[str, Any]:
    """Which route is open and why; which to take instead, what is kept and what it still needs."""
    every = [{"route": route, "said": said(route.status), "tone": TONES[route.status]} for route in routes.routes(known)]
    ours = next(one for one in every if one["route"].kind == "joint-petition")  # type: ignore[attr-defined]
    return {"ours": ours, "others": [one for one in every if one is not ours], "suggested": routes.suggestions(known)}


def said(status: Status) -> str:
    """The state of a route in a word."""
    return {
        Status.OPEN: _("open"),
        Status.OPEN_IF: _("open on a condition"),
        Status.UNDECIDED: _("not decided yet"),
        Status.CLOSED: _("not open"),
    }[status]


urlpatterns = [path("dossiers/nouveau/", opening, name="opening")]

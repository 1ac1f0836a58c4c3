"""Photographs of paper: those just sent, in order; moved, turned, thrown away; then one document, added as an exhibit."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import actions, photographs
from cases.models import Case, Photograph
from frontend.errors import shown_on
from frontend.forms.base import ActingForm
from frontend.forms.exhibits import GatherForm, PhotographsForm
from frontend.outlooks import CaseView
from frontend.pages.of_case import of_case, shown

ACTS: Mapping[str, Callable[..., None]] = {
    "up": partial(photographs.move, steps=-1),
    "down": partial(photographs.move, steps=1),
    "left": partial(photographs.turn, degrees=photographs.LEFT),
    "right": partial(photographs.turn, degrees=photographs.RIGHT),
    "remove": photographs.remove,
}


@require_http_methods(["GET", "POST"])
@of_case
def photographed(request: HttpRequest, view: CaseView) -> HttpResponse:
    """The photographs just sent, and making one document of them."""
    if not view.may("exhibit.add"):
        return redirect("exhibits", view.case.pk)
    here = reverse("photographs", args=[view.case.pk])
    form = GatherForm(view, request.POST or None)
    if form.is_valid():
        with shown_on(form):
            gather(view, form)
            messages.success(request, _("One document was made of the photographs."))
            return redirect("exhibits", view.case.pk)
    waiting = [row_of(view.case, one) for one in photographs.of(view.seen.actor, view.case)]
    sending = PhotographsForm(initial={"case": view.case.pk, "next": here})
    context = {"form": form, "sending": sending, "waiting": waiting, "ready": all(one["state"] == "ready" for one in waiting)}
    return shown(request, view, "case/photographs.html", _("Photographs of paper"), **context)


def gather(view: CaseView, form: GatherForm) -> None:
    """Make the document, add it as an exhibit, and throw the photographs away: in this order, so that none is lost."""
    actor, said = view.seen.actor, form.values
    with photographs.gathered(actor, view.case, said["title"]) as document:
        actions.exhibit.add(actor, view.case, document=document.pk, key=form.idempotency_key, **said)


def row_of(case: Case, one: Photograph) -> dict[str, Any]:
    """A photograph as the page shows it."""
    head = one.document.head
    finding = next(iter(head.findings), None) if head else None
    return {
        "photograph": one,
        "state": head.state if head else "received",
        "pages": head.pages if head else None,
        "picture": f"/api/v1/cases/{case.pk}/photographs/{one.pk}/pages/1",
        "finding": finding,
    }


@require_POST
@of_case
def arrange(request: HttpRequest, view: CaseView, photograph_id: UUID) -> HttpResponse:
    """Move a photograph up or down, turn it, or throw it away."""
    act = ACTS.get(request.POST.get("act", ""))
    form = ActingForm(request.POST)
    if act and form.is_valid():
        act(view.seen.actor, view.case, photograph_id)
    return redirect(f"{reverse('photographs', args=[view.case.pk])}#photographs")


urlpatterns = [
    path("dossiers/<uuid:case_id>/photographies/", photographed, name="photographs"),
    path("dossiers/<uuid:case_id>/photographies/<uuid:photograph_id>/", arrange, name="photograph"),
]

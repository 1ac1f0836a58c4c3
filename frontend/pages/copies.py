"""Copies of the documents: the whole file, a filing or an exhibit as one PDF, or as several of a size; how far each is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from backend.errors import Finding, Text
from cases import access, actions, bundles
from cases.api.bundles import piece_of
from cases.models import Bundle
from frontend.errors import shown_on
from frontend.forms.base import ActingForm
from frontend.outlooks import CaseView
from frontend.pages.of_case import of_case, shown

SIZES = (
    (0, gettext_lazy("One file, whatever its size")),
    (5_000_000, gettext_lazy("Files of 5 MB at most")),
    (10_000_000, gettext_lazy("Files of 10 MB at most")),
    (25_000_000, gettext_lazy("Files of 25 MB at most")),
)
BUTTONS = {
    "case": gettext_lazy("Make one PDF of the whole file"),
    "filing": gettext_lazy("Make one PDF of what was filed"),
    "exhibit": gettext_lazy("Make a copy, cut to a size"),
}


class CopyForm(ActingForm):
    """What to copy, and how large each file may be."""

    what = forms.ChoiceField(choices=Bundle.What.choices, widget=forms.HiddenInput)
    about = forms.UUIDField(required=False, widget=forms.HiddenInput)
    limit = forms.TypedChoiceField(label=gettext_lazy("In how many files"), choices=SIZES, coerce=int, initial=0)

    @property
    def button(self) -> Text:
        return BUTTONS[str(self["what"].value())]


def asking(view: CaseView, what: str = "case", about: UUID | None = None) -> CopyForm | None:
    """The form that asks for a copy, where this person may."""
    return CopyForm(initial={"what": what, "about": about}) if view.may("bundle.ask") else None


@dataclass(frozen=True)
class Copy:
    """A copy as a page shows it."""

    bundle: Bundle
    problem: Finding | None
    pieces: list[dict[str, Any]]


def copy(bundle: Bundle) -> Copy:
    return Copy(bundle, bundles.problem(bundle), [piece_of(bundle, number) for number in range(1, len(bundle.pieces) + 1)])


@require_http_methods(["GET", "POST"])
@of_case
def copies(request: HttpRequest, view: CaseView) -> HttpResponse:
    """The copies there are, and asking for one."""
    form = CopyForm(request.POST) if request.method == "POST" else asking(view)
    if form is not None and form.is_valid():
        with shown_on(form):
            made = actions.bundle.ask(view.seen.actor, view.case, key=form.idempotency_key, **form.values)
            return redirect("copy", view.case.pk, made.pk)
    found = [copy(one) for one in access.bundles(view.seen.actor, view.case)]
    return shown(request, view, "case/copies.html", _("Copies of the documents"), form=form, copies=found)


@require_safe
@of_case
def one_copy(request: HttpRequest, view: CaseView, bundle_id: UUID) -> HttpResponse:
    """One copy: how far it is, then its files."""
    found = copy(access.bundle(view.seen.actor, view.case, bundle_id))
    return shown(request, view, "case/copy.html", found.bundle.get_what_display().capitalize(), copy=found)


urlpatterns = [
    path("dossiers/<uuid:case_id>/copies/", copies, name="copies"),
    path("dossiers/<uuid:case_id>/copies/<uuid:bundle_id>/", one_copy, name="copy"),
]

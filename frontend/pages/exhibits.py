"""The exhibits: brought, described, put in order, communicated; each says who can see it and how its check goes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.keys import uuid7
from cases import access, actions, papers
from cases.api import downloads
from cases.models import Exhibit
from frontend import asked, labels
from frontend.errors import shown_on
from frontend.forms.base import ActingForm, accepted, accepts
from frontend.forms.exhibits import AnnounceForm, DescribeForm, ExhibitFile, SendForm
from frontend.outlooks import CaseView, acts_on, exhibit_row
from frontend.pages.copies import asking
from frontend.pages.of_case import of_case, shown
from frontend.pages.readers import of_exhibit
from frontend.pages.signatures import brief


@require_safe
@of_case
def exhibits(request: HttpRequest, view: CaseView) -> HttpResponse:
    """What is wanted, what is there, and the way to add."""
    here = reverse("exhibits", args=[view.case.pk])
    chosen = {name: request.GET[name] for name in ("kind", "about", "side") if request.GET.get(name)}
    return shown(
        request,
        view,
        "case/exhibits.html",
        _("Exhibits"),
        wanted=asked.wanted(view.seen),
        groups=groups(view),
        form=SendForm(view, here, **chosen) if view.may("exhibit.add") else None,
        accepts=accepts(),
        accepted=accepted(),
        key=uuid7(),
        private=[one for one in view.seen.exhibits if "exhibit.communicate" in acts_on(view.seen, one)],
        copying=asking(view) if view.seen.exhibits else None,
    )


def groups(view: CaseView) -> list[dict[str, Any]]:
    """The exhibits by side, those of both first."""
    names = {spouse.side: spouse.short_name for spouse in view.case.spouses.all()}
    kinds = labels.exhibit_kinds(view.seen.proceeding)
    found = []
    for side, title in ((0, _("Brought together")), *((side, _("Brought by %(name)s") % {"name": name}) for side, name in names.items())):
        rows = [
            (one, replace(exhibit_row(view.seen, one, kinds), by=""), acts_on(view.seen, one))
            for one in view.seen.exhibits
            if one.side == side
        ]
        if rows:
            found.append({"title": title, "rows": rows})
    return found


@require_http_methods(["GET", "POST"])
@of_case
def exhibit(request: HttpRequest, view: CaseView, exhibit_id: UUID) -> HttpResponse:
    """One exhibit: its pages as pictures, what it is, who sees it."""
    found = access.exhibit(view.seen.actor, view.case, exhibit_id)
    row = exhibit_row(view.seen, found, labels.exhibit_kinds(view.seen.proceeding))
    initial = {"kind": found.kind, "title": row.name, "dated": found.dated, "form": found.form}
    form = DescribeForm(view, request.POST or None, initial=initial)
    if form.is_valid():
        with shown_on(form):
            actions.exhibit.describe(view.seen.actor, view.case, exhibit=found.pk, key=form.idempotency_key, **form.values)
            messages.success(request, _("Saved."))
            return redirect("exhibit", view.case.pk, found.pk)
    here = reverse("exhibit", args=[view.case.pk, found.pk])
    sending = ExhibitFile(initial={"case": view.case.pk, "next": here, "exhibit": found.pk}) if found.to_follow else None
    context = {
        "row": row,
        "exhibit": found,
        "form": form,
        "sending": sending,
        "pages": pages_of(view, found),
        "beside": view.beside(found.pk),
        "changes": "exhibit.describe" in acts_on(view.seen, found),
        "readers": of_exhibit(view, found.pk),
        "signatures": brief(papers.exhibit(view.seen.actor, view.case, found.pk)) if row.state == "ready" else None,
        "copying": asking(view, "exhibit", found.pk) if row.state == "ready" else None,
        "opens_original": found.is_identity and view.may("exhibit.open_original") and found.document and not found.document.erased,
        "key": uuid7(),
    }
    return shown(request, view, "case/exhibit.html", row.name, **context)


@require_POST
@of_case
def original(request: HttpRequest, view: CaseView, exhibit_id: UUID) -> HttpResponseBase:
    """The original of an identity paper, for the court, on purpose: it is noted in the register."""
    return downloads.original(request, view.case, exhibit_id)


def pages_of(view: CaseView, exhibit: Exhibit) -> list[str]:
    """The pictures of its pages, the first twenty."""
    file = access.file_of(view.seen.standing, exhibit)
    head = file.head if file else None
    count = head.pages or 0 if head and head.state == "ready" else 0
    return [f"/api/v1/cases/{view.case.pk}/exhibits/{exhibit.pk}/pages/{number}" for number in range(1, min(count, 20) + 1)]


@require_http_methods(["GET", "POST"])
@of_case
def announce(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Announce an exhibit as to follow."""
    chosen = {name: request.GET[name] for name in ("kind", "about") if request.GET.get(name)}
    form = AnnounceForm(view, request.POST or None, initial=chosen)
    if form.is_valid():
        with shown_on(form):
            actions.exhibit.add(view.seen.actor, view.case, key=form.idempotency_key, **form.values)
            messages.success(request, _("The exhibit is announced as to follow."))
            return redirect("exhibits", view.case.pk)
    return shown(
        request,
        view,
        "case/form.html",
        _("Announce an exhibit as to follow"),
        form=form,
        back_url=reverse("exhibits", args=[view.case.pk]),
        act=_("Announce it"),
    )


class Chosen(ActingForm):
    """The exhibits chosen, in order: their keys are checked by the action."""

    data: QueryDict

    def keys(self) -> list[UUID]:
        return [UUID(value) for value in self.data.getlist("exhibit") if _is_uuid(value)]


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


@require_POST
@of_case
def communicate(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Communicate the exhibits chosen: they are numbered, stamped, and seen by the other side."""
    form = Chosen(request.POST)
    if form.is_valid():
        with shown_on(form):
            actions.exhibit.communicate(view.seen.actor, view.case, exhibits=form.keys(), key=form.idempotency_key)
            messages.success(request, _("Communicated. The stamped copies are being made."))
    return back(request, view, form)


@require_POST
@of_case
def order(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Move one exhibit up or down among those not communicated yet."""
    form = Chosen(request.POST)
    if form.is_valid():
        with shown_on(form):
            actions.exhibit.renumber(view.seen.actor, view.case, exhibits=moved(view, request.POST.get("up", "")), key=form.idempotency_key)
    return back(request, view, form)


def moved(view: CaseView, up: str) -> list[UUID]:
    """The keys in their new order: this one a place earlier, among its own side's."""
    rows = [one for one in view.seen.exhibits if "exhibit.renumber" in acts_on(view.seen, one)]
    index = next((place for place, one in enumerate(rows) if str(one.pk) == up), 0)
    before = next((place for place in reversed(range(index)) if rows[place].side == rows[index].side), index)
    rows.insert(before, rows.pop(index))
    return [one.pk for one in rows]


@require_POST
@of_case
def remove(request: HttpRequest, view: CaseView, exhibit_id: UUID) -> HttpResponse:
    """Take back an exhibit nobody else has received."""
    form = Chosen(request.POST)
    if form.is_valid():
        with shown_on(form):
            actions.exhibit.remove(view.seen.actor, view.case, exhibit=exhibit_id, key=form.idempotency_key)
            messages.success(request, _("The exhibit is taken back."))
    return back(request, view, form)


def back(request: HttpRequest, view: CaseView, form: Chosen, to: str = "exhibits") -> HttpResponse:
    """Back to the list, with what was refused."""
    for problem in problems(form):
        messages.error(request, problem)
    return redirect(to, view.case.pk)


def problems(form: Chosen) -> Sequence[str]:
    return [str(problem) for found in form.errors.values() for problem in found]


urlpatterns = [
    path("dossiers/<uuid:case_id>/pieces/", exhibits, name="exhibits"),
    path("dossiers/<uuid:case_id>/pieces/a-suivre/", announce, name="exhibit-announce"),
    path("dossiers/<uuid:case_id>/pieces/communiquer/", communicate, name="exhibit-communicate"),
    path("dossiers/<uuid:case_id>/pieces/ordre/", order, name="exhibit-order"),
    path("dossiers/<uuid:case_id>/pieces/<uuid:exhibit_id>/", exhibit, name="exhibit"),
    path("dossiers/<uuid:case_id>/pieces/<uuid:exhibit_id>/original/", original, name="exhibit-original"),
    path("dossiers/<uuid:case_id>/pieces/<uuid:exhibit_id>/reprendre/", remove, name="exhibit-remove"),
]

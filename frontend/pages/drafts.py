"""What is drawn up before it is signed: the agreement brought and revised, the petition made from the answers; and the checks of both."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.keys import uuid7
from cases import actions, checks, papers
from cases.models import Case, Instrument
from frontend import calls, labels
from frontend.errors import shown_on
from frontend.forms.base import ActingForm
from frontend.forms.exhibits import AgreementFile
from frontend.outlooks import CaseView, exhibit_row, instrument_row
from frontend.pages.of_case import of_case, shown
from frontend.pages.signatures import brief

MANY = 60


@require_safe
@of_case
def agreement(request: HttpRequest, view: CaseView) -> HttpResponse:
    """The agreement, page by page, with its earlier versions; its lawyers bring the next."""
    here = reverse("agreement", args=[view.case.pk])
    form = AgreementFile(initial={"case": view.case.pk, "next": here}) if view.may("agreement.upload") else None
    return shown(request, view, "case/agreement.html", _("Agreement"), form=form, **draft(view, "agreement"))


@require_http_methods(["GET", "POST"])
@of_case
def petition(request: HttpRequest, view: CaseView) -> HttpResponse:
    """The petition, page by page; drawn up again when an answer has changed."""
    form = ActingForm(request.POST or None)
    if form.is_valid():
        with shown_on(form):
            actions.petition.prepare(view.seen.actor, view.case, key=form.idempotency_key)
            messages.success(request, _("The petition is being drawn up. It is here in a moment."))
            return redirect("petition", view.case.pk)
    return shown(request, view, "case/petition.html", _("Petition"), form=form, **draft(view, "petition"))


@require_POST
@of_case
def reopen(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Set the signed petition and agreement aside, to change something; they are kept."""
    form = ActingForm(request.POST)
    if form.is_valid():
        actions.agreement.reopen(view.seen.actor, view.case, key=form.idempotency_key)
        messages.success(request, _("You may change the answers, the agreement and the petition. They are signed again afterwards."))
    return redirect("case", view.case.pk)


def draft(view: CaseView, kind: str) -> dict[str, object]:
    """The one in force, its pages, and those set aside."""
    current = calls.current(view.seen, kind)
    older = [one for one in reversed(view.seen.instruments) if one.kind == kind and one != current]
    return {
        "current": current,
        "row": instrument_row(view.case, current) if current else None,
        "pages": pages_of(view.case, current) if current else [],
        "older": [instrument_row(view.case, one) for one in older],
        "signatures": brief(papers.instrument(view.seen.actor, view.case, current.pk)) if current and is_ready(current) else None,
        "key": uuid7(),
    }


def is_ready(instrument: Instrument) -> bool:
    head = instrument.document.head if instrument.document else None
    return head is not None and head.state == "ready"


def pages_of(case: Case, instrument: Instrument) -> list[str]:
    """The pictures of an instrument's pages."""
    head = instrument.document.head if instrument.document else None
    count = (head.pages or 0) if head and head.state == "ready" else 0
    return [f"/api/v1/cases/{case.pk}/instruments/{instrument.pk}/pages/{number}" for number in range(1, min(count, MANY) + 1)]


@require_safe
@of_case
def checked(request: HttpRequest, view: CaseView) -> HttpResponse:
    """What stands in the way of the filing and what is doubtful, for every person of the case; and exactly what would go."""
    return shown(request, view, "case/checks.html", _("Checks before the filing"), **what_goes(view))


def what_goes(view: CaseView) -> dict[str, object]:
    """Exactly what a filing would hand to the court now, as far as this reader may see it."""
    going = checks.going(view.seen.actor, view.case)
    kinds = labels.exhibit_kinds(view.seen.proceeding)
    return {
        "acts": [instrument_row(view.case, one) for one in going.instruments],
        "going": [exhibit_row(view.seen, one, kinds) for one in going.exhibits],
    }


urlpatterns = [
    path("dossiers/<uuid:case_id>/convention/", agreement, name="agreement"),
    path("dossiers/<uuid:case_id>/convention/reprendre/", reopen, name="reopen"),
    path("dossiers/<uuid:case_id>/requete/", petition, name="petition"),
    path("dossiers/<uuid:case_id>/verifier/", checked, name="checks"),
]

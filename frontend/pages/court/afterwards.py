"""After the decision: served, sent on, certified, mentioned, closed; who opened it and when; the recourses and their end."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import actions, timing
from cases.models import Decision, Recourse
from frontend.components import Deadline
from frontend.forms.court import OnForm, TransmissionForm
from frontend.outlooks import CaseView, instrument_row
from frontend.pages.acting import Act, Forms, asked, done
from frontend.pages.court.bench import at_bench
from frontend.pages.of_case import of_case, shown

PAPERS = ("decision", "notification", "certificate", "civil-status-extract")
ACTS: Mapping[str, Act] = {
    "served": Act(
        "decision.record_service",
        gettext_lazy("Note the service"),
        gettext_lazy("The service is noted."),
        lambda view, form: actions.decision.record_service(
            view.seen.actor, view.case, on=form.cleaned_data["on"], key=form.idempotency_key
        ),
        OnForm,
    ),
    "sent": Act(
        "decision.record_transmission",
        gettext_lazy("Note the sending"),
        gettext_lazy("The sending is noted."),
        lambda view, form: actions.decision.record_transmission(view.seen.actor, view.case, **form.values, key=form.idempotency_key),
        TransmissionForm,
    ),
    "certificate": Act(
        "certificate.issue",
        gettext_lazy("Issue the certificate"),
        gettext_lazy("The certificate and the extract are being made."),
        lambda view, form: actions.certificate.issue(view.seen.actor, view.case, key=form.idempotency_key),
    ),
    "mention": Act(
        "decision.record_mention",
        gettext_lazy("Note the mention"),
        gettext_lazy("The mention on the civil-status records is noted."),
        lambda view, form: actions.decision.record_mention(
            view.seen.actor, view.case, on=form.cleaned_data["on"], key=form.idempotency_key
        ),
        OnForm,
    ),
    "close": Act(
        "closing.close",
        gettext_lazy("Close the case"),
        gettext_lazy("The case is closed. Everything in it stays readable."),
        lambda view, form: actions.closing.close(view.seen.actor, view.case, key=form.idempotency_key),
    ),
}


@require_http_methods(["GET", "POST"])
@at_bench
@of_case
def after_decision(request: HttpRequest, view: CaseView) -> HttpResponse:
    """What the registry does once a decision is delivered (CPC 675, 1074-4, 1082, 1102, 1103)."""
    decision = view.case.decisions.filter(state=Decision.State.DELIVERED).prefetch_related("recourses__spouse").last()
    recourses = list(decision.recourses.all()) if decision else []
    acts = {**ACTS, **{f"end-{one.pk}": ended(one) for one in recourses if one.ended_on is None}}
    found = asked(request, view, acts) if decision else Forms()
    if done(request, view, acts, found):
        return redirect("after-decision", view.case.pk)
    context = {
        "decision": decision,
        "forms": found,
        "recourses": [(one, found.get(f"end-{one.pk}")) for one in recourses],
        "papers": [instrument_row(view.case, one) for one in view.seen.instruments if one.kind in PAPERS and one.superseded_at is None],
        "until": until(view, decision) if decision else [],
        "intermediation": any(due.period.name == "maintenance-data" for due in view.seen.dues),
    }
    return shown(request, view, "court/after_decision.html", _("After the decision"), **context)


def ended(recourse: Recourse) -> Act:
    """Note the end of a recourse."""
    return Act(
        "recourse.end",
        gettext_lazy("Note its end"),
        gettext_lazy("The end of the recourse is noted."),
        lambda view, form: actions.recourse.end(
            view.seen.actor, view.case, recourse=recourse.pk, on=form.cleaned_data["on"], key=form.idempotency_key
        ),
        OnForm,
    )


def until(view: CaseView, decision: Decision) -> list[Deadline]:
    """Until when each spouse may make a recourse (CPC 1102, 1103; 643, 644 for those far away)."""
    name = timing.RECOURSES[decision.kind]
    found: list[tuple[Any, Any]] = [
        (spouse, timing.recourse_for(view.case, view.seen.facts, name, spouse.living)) for spouse in view.seen.facts.spouses
    ]
    return [Deadline(spouse.name, last.end, law=last.law, zone=view.case.zone) for spouse, last in found if last]


urlpatterns = [path("dossiers/<uuid:case_id>/suites/", after_decision, name="after-decision")]

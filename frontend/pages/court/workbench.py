"""The workbench: the filing beside what the checks found; accept, ask, return. Nothing is decided by the machine, nothing is typed again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from cases import actions, refiling
from cases.models import Filing
from frontend import labels
from frontend.forms.court import ChamberForm, QuestionForm, ReleaseForm, ReturnForm, WhyForm
from frontend.outlooks import CaseView, exhibit_row, instrument_row
from frontend.pages.acting import Act, asked, done
from frontend.pages.copies import asking
from frontend.pages.court.bench import at_bench
from frontend.pages.drafts import MANY
from frontend.pages.of_case import of_case, shown

LEAVES = {"accept", "return", "release", "assign"}


def _ask(view: CaseView, form: QuestionForm) -> object:
    said = form.cleaned_data
    return actions.filing.ask(
        view.seen.actor, view.case, to=said["to"], text=said["text"], answer_by=said["answer_by"], key=form.idempotency_key
    )


ACTS: Mapping[str, Act] = {
    "claim": Act(
        "filing.claim",
        gettext_lazy("Take this filing"),
        gettext_lazy("The filing is on your desk."),
        lambda view, form: actions.filing.claim(view.seen.actor, view.case, key=form.idempotency_key),
    ),
    "release": Act(
        "filing.release",
        gettext_lazy("Put it back in the queue"),
        gettext_lazy("The filing is back in the queue."),
        lambda view, form: actions.filing.release(view.seen.actor, view.case, reason=form.cleaned_data["reason"], key=form.idempotency_key),
        ReleaseForm,
    ),
    "assign": Act(
        "filing.assign",
        gettext_lazy("Send it to another chamber"),
        gettext_lazy("The case is sent to the other chamber."),
        lambda view, form: actions.filing.assign(
            view.seen.actor, view.case, chamber=form.cleaned_data["chamber"].pk, key=form.idempotency_key
        ),
        ChamberForm,
    ),
    "accept": Act(
        "filing.accept",
        gettext_lazy("Accept, and give an RG number"),
        lambda filing: (
            _("The petition is accepted under the number RG %(number)s. The lawyers and the spouses are told.")
            % {"number": filing.case.rg_number}
        ),
        lambda view, form: actions.filing.accept(view.seen.actor, view.case, key=form.idempotency_key),
    ),
    "ask": Act(
        "filing.ask",
        gettext_lazy("Put the question"),
        gettext_lazy("The question is put. The filing stays where it is."),
        _ask,
        QuestionForm,
    ),
    "return": Act(
        "filing.return_for_correction",
        pgettext_lazy("act", "Return for correction"),
        gettext_lazy("The petition is returned with its reasons. Nothing is lost: it is filed again."),
        lambda view, form: actions.filing.return_for_correction(view.seen.actor, view.case, reasons=form.reasons, key=form.idempotency_key),
        ReturnForm,
    ),
    "undo": Act(
        "filing.undo_acceptance",
        gettext_lazy("Take the acceptance back"),
        gettext_lazy("The acceptance is taken back. The number stays with the case."),
        lambda view, form: actions.filing.undo_acceptance(
            view.seen.actor, view.case, reason=form.cleaned_data["reason"], key=form.idempotency_key
        ),
        WhyForm,
    ),
}


@require_http_methods(["GET", "POST"])
@at_bench
@of_case
def workbench(request: HttpRequest, view: CaseView) -> HttpResponse:
    """A filing on the desk of the registry."""
    forms = asked(request, view, ACTS)
    if name := done(request, view, ACTS, forms):
        return redirect("desk") if name in LEAVES else redirect("workbench", view.case.pk)
    filing = view.case.filings.select_related("claimed_by", "submitted_by").first()
    taken = filing.claimed_by if filing and filing.state == Filing.State.RECEIVED else None
    papers = documents(view, filing) if filing else []
    chosen = next((one for one in papers if one["key"] == request.GET.get("doc")), papers[0] if papers else None)
    context = {
        "filing": filing,
        "taken": taken,
        "mine": taken is not None and taken.pk == view.seen.actor.user_id,
        "forms": forms,
        "papers": papers,
        "chosen": chosen,
        "around": around(papers, chosen),
        "beside": view.beside(UUID(chosen["key"])) if chosen else None,
        "copying": asking(view, "filing", filing.pk) if filing else None,
        "changed": changed(view, filing, papers) if filing else None,
        "questions": view.case.questions.select_related("answered_by").prefetch_related("to"),
    }
    return shown(request, view, "court/workbench.html", _("Workbench"), **context)


def documents(view: CaseView, filing: Filing) -> list[dict[str, Any]]:
    """Exactly what was filed: the acts, then the exhibits by number, each with its pages."""
    kinds = labels.exhibit_kinds(view.seen.proceeding)
    acts = [_document(view, one.pk, instrument_row(view.case, one)) for one in view.seen.instruments if str(one.pk) in filing.digests]
    exhibits = sorted((one for one in view.seen.exhibits if str(one.pk) in filing.digests), key=lambda one: one.number or 0)
    return [*acts, *(_document(view, one.pk, exhibit_row(view.seen, one, kinds)) for one in exhibits)]


def changed(view: CaseView, filing: Filing, papers: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What is new since the return for correction; None where it was not filed again."""
    found = refiling.changes(view.seen.actor, view.case, filing)
    if found is None:
        return None
    titles = {topic.name: topic.title for topic in view.seen.proceeding.topics}
    names = labels.names(view.case)
    answers = [labels.of_whom(titles.get(topic, topic), names.get(about, "") if about else "") for topic, about in found.answers]
    return {"since": found.since, "papers": [one for one in papers if one["key"] in found.documents], "answers": answers}


def _document(view: CaseView, key: object, row: Any) -> dict[str, Any]:
    base = row.thumbnail_url.partition("?")[0].rpartition("/")[0]
    pages = [f"{base}/{number}" for number in range(1, min(row.pages or 0, MANY) + 1)] if base else []
    return {"key": str(key), "row": row, "pages": pages, "url": f"{reverse('workbench', args=[view.case.pk])}?doc={key}"}


def around(papers: list[dict[str, Any]], chosen: dict[str, Any] | None) -> dict[str, str]:
    """The documents before and after the one shown."""
    if chosen is None:
        return {}
    place = papers.index(chosen)
    return {
        "before": papers[place - 1]["url"] if place else "",
        "after": papers[place + 1]["url"] if place + 1 < len(papers) else "",
    }


urlpatterns = [path("bureau/<uuid:case_id>/", workbench, name="workbench")]

"""Filing: the checklist, exactly what goes, one button; then the receipt at once. And answering the registry's questions."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from backend.errors import NotFound
from cases import actions, checks
from cases.models import Decision, Filing
from frontend import labels
from frontend.errors import shown_on
from frontend.forms.base import ActingForm
from frontend.outlooks import CaseView, instrument_row
from frontend.pages.copies import asking
from frontend.pages.drafts import what_goes
from frontend.pages.of_case import of_case, shown


class FilingForm(ActingForm):
    """The petition goes as it is: nothing to fill in."""


class NewAgreementForm(ActingForm):
    """For each condition of the order, the clause that answers it."""

    def __init__(self, conditions: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, condition in enumerate(conditions, 1):
            self.fields[f"clause-{number}"] = forms.CharField(
                label=_("Clause that answers this condition: %(condition)s") % {"condition": condition}, required=False, max_length=300
            )

    @property
    def clauses(self) -> dict[str, str]:
        return {name.removeprefix("clause-"): value for name, value in self.cleaned_data.items() if name.startswith("clause-")}


@require_http_methods(["GET", "POST"])
@of_case
def filing(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Hand the petition, or the new agreement, to the court (CPC 1092, 1100)."""
    if view.case.step == "new-agreement":
        return new_agreement(request, view)
    if "filing.submit" not in view.seen.may:
        return redirect("case", view.case.pk)
    form = FilingForm(request.POST or None)
    if form.is_valid():
        with shown_on(form):
            made = actions.filing.submit(view.seen.actor, view.case, key=form.idempotency_key)
            return redirect("receipt", view.case.pk, made.pk)
    return shown(request, view, "case/filing.html", _("File with the court"), form=form, **what_goes(view))


def new_agreement(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Present the new agreement within the six months (CC 250-2)."""
    order = view.case.decisions.filter(kind=Decision.Kind.ADJOURNMENT, state=Decision.State.DELIVERED).last()
    form = NewAgreementForm(order.conditions if order else [], request.POST or None)
    if form.is_valid():
        with shown_on(form):
            made = actions.filing.submit_new_agreement(view.seen.actor, view.case, clauses=form.clauses, key=form.idempotency_key)
            return redirect("receipt", view.case.pk, made.pk)
    return shown(
        request,
        view,
        "case/filing.html",
        _("Present the new agreement"),
        form=form,
        doubts=checks.conditions(view.case, {}),
        **what_goes(view),
    )


@require_safe
@of_case
def receipt(request: HttpRequest, view: CaseView, filing_id: UUID) -> HttpResponse:
    """The receipt: at once on this page, a moment later as a sealed PDF."""
    found = view.case.filings.filter(pk=filing_id).first()
    if found is None:
        raise NotFound
    paper = next((one for one in view.seen.instruments if one.kind == "receipt" and one.about == found.pk), None)
    row = instrument_row(view.case, paper) if paper else None
    return shown(
        request,
        view,
        "case/receipt.html",
        _("Receipt of the filing"),
        filing=found,
        row=row,
        code=paper.code if paper else "",
        lines=lines(view, found),
        copying=asking(view, "filing", found.pk),
    )


def lines(view: CaseView, made: Filing) -> list[tuple[str, str]]:
    """What went, each with its digest."""
    kinds = labels.exhibit_kinds(view.seen.proceeding)
    acts = [(str(labels.instrument(one.kind)), made.digests.get(str(one.pk), "")) for one in made.instruments.all()]
    seen = {one.pk for one in view.seen.exhibits}
    return [
        *acts,
        *((str(labels.exhibit_title(one, kinds)), made.digests.get(str(one.pk), "")) for one in made.exhibits.all() if one.pk in seen),
    ]


class AnswerForm(ActingForm):
    """The answer to a question of the registry: to the one that was shown, whatever was asked since."""

    question = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": gettext_lazy("Open this page again.")})
    text = forms.CharField(label=gettext_lazy("Your answer"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}))


@require_http_methods(["GET", "POST"])
@of_case
def questions(request: HttpRequest, view: CaseView) -> HttpResponse:
    """The registry's questions; those put to this person are answered here."""
    mine = view.case.questions.filter(to=view.seen.actor.user_id)
    asked = mine.filter(answered_at=None).first()
    form = AnswerForm(request.POST or None, initial={"question": asked.pk if asked else None})
    if form.is_valid():
        with shown_on(form):
            actions.filing.answer(view.seen.actor, view.case, **form.values, key=form.idempotency_key)
            messages.success(request, _("Your answer is with the registry."))
            return redirect("registry-questions", view.case.pk)
    if form.is_bound:
        asked = mine.filter(pk=form.cleaned_data.get("question")).first() or asked
    return shown(
        request,
        view,
        "case/registry_questions.html",
        _("Questions of the registry"),
        asked=asked,
        form=form,
        every=view.case.questions.all(),
    )


urlpatterns = [
    path("dossiers/<uuid:case_id>/deposer/", filing, name="filing"),
    path("dossiers/<uuid:case_id>/deposer/<uuid:filing_id>/", receipt, name="receipt"),
    path("dossiers/<uuid:case_id>/greffe/", questions, name="registry-questions"),
]

"""Withdrawing one's consent, and contesting a decision: each on a page of its own, confirmed, easy to find."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import actions, timing
from cases.models import Decision
from frontend.components import Deadline
from frontend.errors import shown_on
from frontend.forms.base import ActingForm, ReasonForm
from frontend.outlooks import CaseView
from frontend.pages.of_case import of_case, shown


@require_http_methods(["GET", "POST"])
@of_case
def withdrawal(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Withdraw until the judgment: consent must last (CC 232)."""
    if not view.may("withdrawal.withdraw"):
        return redirect("case", view.case.pk)
    form = ReasonForm(request.POST or None, label=_("Why, if you wish to say it"), required=False)
    if form.is_valid():
        with shown_on(form):
            actions.withdrawal.withdraw(view.seen.actor, view.case, reason=form.cleaned_data["reason"], key=form.idempotency_key)
            messages.success(request, _("Your consent is withdrawn. The case ends here; everything stays readable."))
            return redirect("case", view.case.pk)
    context = {
        "lead": _(
            "The case ends for both of you, at once. Signatures and hearings are cancelled, the others are told. This cannot be undone."
        ),
        "act": _("Withdraw my consent"),
        "back": _("Back to the case"),
        "why": _(
            "Both spouses must agree until the judgment. Either of you may take your consent back until then, alone, without giving a reason."
        ),
        "law": "CC 232",
    }
    return shown(request, view, "case/form.html", _("Withdraw my consent"), form=form, **context)


class RecourseForm(ActingForm):
    """For whom a recourse is declared."""

    side = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)

    def __init__(self, view: CaseView, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [spouse for spouse in view.case.spouses.all() if spouse.side in view.seen.standing.sides]
        self.fields["side"].label = _("For whom")
        self.fields["side"].choices = [(spouse.side, spouse.short_name) for spouse in mine]  # type: ignore[attr-defined]
        if len(mine) == 1:
            self.fields["side"].initial = mine[0].side


@require_http_methods(["GET", "POST"])
@of_case
def recourse(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Declare an appeal or a petition for cassation, until the last day (CPC 1102, 1103)."""
    decision = view.case.decisions.filter(state=Decision.State.DELIVERED).last()
    if decision is None or not (view.may("recourse.appeal") or view.may("recourse.petition_for_cassation")):
        return redirect("case", view.case.pk)
    form = RecourseForm(view, request.POST or None)
    cassation = decision.kind == Decision.Kind.HOMOLOGATION
    if form.is_valid():
        act = actions.recourse.petition_for_cassation if cassation else actions.recourse.appeal
        with shown_on(form):
            act(view.seen.actor, view.case, side=form.cleaned_data["side"], key=form.idempotency_key)
            messages.success(request, _("The recourse is noted. Your lawyer takes the next steps before the higher court."))
            return redirect("case", view.case.pk)
    title = _("Declare a petition for cassation") if cassation else _("Declare an appeal")
    return shown(request, view, "case/recourse.html", title, form=form, until=until(view, decision), cassation=cassation)


def until(view: CaseView, decision: Decision) -> list[Deadline]:
    """Until when each spouse of this side may, longer for those far away (CPC 643, 644)."""
    name = timing.RECOURSES[decision.kind]
    found = [(spouse, timing.recourse_for(view.case, view.seen.facts, name, spouse.living)) for spouse in view.seen.facts.spouses]
    mine = view.seen.standing.sides
    return [Deadline(spouse.name, last.end, law=last.law, zone=view.case.zone) for spouse, last in found if last and spouse.side in mine]


urlpatterns = [
    path("dossiers/<uuid:case_id>/retrait/", withdrawal, name="withdrawal"),
    path("dossiers/<uuid:case_id>/recours/", recourse, name="recourse"),
]

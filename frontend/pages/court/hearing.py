"""A case before the judge: the children heard, the hearing set, moved or dropped, the summonses posted."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import actions, benches
from cases.models import Hearing, HearingList, Summons
from frontend import words
from frontend.components import Deadline
from frontend.forms.court import ChildForm, OnForm, WhyForm
from frontend.outlooks import CaseView, instrument_row
from frontend.pages.acting import Act, CaseForm, asked, done
from frontend.pages.court.bench import at_bench
from frontend.pages.of_case import of_case, shown


class ListChoice(forms.ModelChoiceField):
    """A hearing list, by its day, room and judge."""

    def label_from_instance(self, row: HearingList) -> str:
        judge = row.judge.full_name if row.judge else ""
        return " · ".join(
            part for part in (words.day_words(row.on), time_format(row.starts, "TIME_FORMAT"), row.room, row.chamber.name, judge) if part
        )


class SetForm(CaseForm):
    """The list, and at what time."""

    hearing_list = ListChoice(label=gettext_lazy("Hearing list"), queryset=None, empty_label=None)
    at = forms.TimeField(
        label=gettext_lazy("At"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Empty: when the list begins."),
    )

    def fit(self, view: CaseView) -> None:
        self.fields["hearing_list"].queryset = benches.open_lists(view.seen.actor, view.case)  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, Any]:
        return {"hearing_list": self.cleaned_data["hearing_list"].pk, "at": self.cleaned_data["at"], "key": self.idempotency_key}


class MoveForm(SetForm, WhyForm):
    """Another list, with the reason."""

    field_order = ["hearing_list", "at", "reason"]


SET: Mapping[str, Act] = {
    "set": Act(
        "hearing.schedule",
        gettext_lazy("Set the hearing and summon the spouses"),
        gettext_lazy("The hearing is set. The summonses are being made."),
        lambda view, form: actions.hearing.schedule(view.seen.actor, view.case, **form.asked),
        SetForm,
    ),
    "move": Act(
        "hearing.move",
        gettext_lazy("Move the hearing"),
        gettext_lazy("The hearing is moved. The spouses are summoned again."),
        lambda view, form: actions.hearing.move(view.seen.actor, view.case, reason=form.cleaned_data["reason"], **form.asked),
        MoveForm,
    ),
    "drop": Act(
        "hearing.drop",
        gettext_lazy("Take it off the list"),
        gettext_lazy("The case is off the list and waits for another date."),
        lambda view, form: actions.hearing.drop(view.seen.actor, view.case, reason=form.cleaned_data["reason"], key=form.idempotency_key),
        WhyForm,
    ),
}


@require_http_methods(["GET", "POST"])
@at_bench
@of_case
def hearing(request: HttpRequest, view: CaseView) -> HttpResponse:
    """The hearing of a case and its summonses (CPC 1092)."""
    scheduled = view.case.hearings.filter(state=Hearing.State.SCHEDULED).select_related("list__chamber", "list__judge").first()
    rows = list(scheduled.summonses.select_related("spouse", "instrument__document__head")) if scheduled else []
    acts = {**SET, **{f"posted-{one.pk}": posted(one) for one in rows if not one.by_post}}
    found = asked(request, view, acts)
    if done(request, view, acts, found):
        return redirect("hearing", view.case.pk)
    context = {
        "hearing": scheduled,
        "forms": found,
        "summonses": [
            {
                "row": one,
                "paper": instrument_row(view.case, one.instrument) if one.instrument else None,
                "form": found.get(f"posted-{one.pk}"),
            }
            for one in rows
        ],
        "before": view.case.hearings.exclude(state=Hearing.State.SCHEDULED).select_related("list"),
        "latest": latest(view),
        "lists_url": reverse("hearing-lists"),
    }
    return shown(request, view, "court/hearing.html", _("Hearing"), **context)


def posted(summons: Summons) -> Act:
    """Note the day on which one summons was posted."""
    return Act(
        "hearing.serve_summons",
        gettext_lazy("Note that it was posted"),
        gettext_lazy("The day of posting is noted."),
        lambda view, form: actions.hearing.serve_summons(
            view.seen.actor, view.case, summons=summons.pk, on=form.cleaned_data["on"], key=form.idempotency_key
        ),
        OnForm,
    )


def latest(view: CaseView) -> list[Deadline]:
    """The last day to post the summonses, and the day on which it is wise to have done so."""
    due = next((due for due in view.seen.dues if due.period.name == "summons" and due.open), None)
    if due is None:
        return []
    return [
        Deadline(_("Post the summonses, wisely"), due.proposed, zone=view.case.zone, kind="first"),
        Deadline(due.period.title, due.on, law=due.period.law, zone=view.case.zone),
    ]


@require_http_methods(["GET", "POST"])
@at_bench
@of_case
def child_hearings(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Each child who asks: heard, or refused for lack of discernment (CPC 1092, 338-1 to 338-12)."""
    children = [child for child in view.case.children.all() if child.asks_to_be_heard]
    acts = {name: act for child in children for name, act in answers(child).items()}
    found = asked(request, view, acts)
    if done(request, view, acts, found):
        return redirect("child-hearings", view.case.pk)
    settled = {row.child_id: row for row in view.case.child_hearings.all()}
    rows = [
        {"child": child, "settled": settled.get(child.pk), "hear": found.get(f"hear-{child.pk}"), "refuse": found.get(f"refuse-{child.pk}")}
        for child in children
    ]
    return shown(request, view, "court/child_hearings.html", _("Hearing of the children"), rows=rows)


def answers(child: Any) -> dict[str, Act]:
    """The two answers to a child's request."""
    return {
        f"hear-{child.pk}": Act(
            "child.hear",
            gettext_lazy("Note that the child was heard"),
            gettext_lazy("The hearing of the child is noted."),
            lambda view, form: actions.child.hear(view.seen.actor, view.case, child=child.pk, **form.values, key=form.idempotency_key),
            ChildForm,
        ),
        f"refuse-{child.pk}": Act(
            "child.refuse_hearing",
            gettext_lazy("Refuse to hear the child"),
            gettext_lazy("The refusal is noted; the child and the parents are told."),
            lambda view, form: actions.child.refuse_hearing(
                view.seen.actor, view.case, child=child.pk, reason=form.cleaned_data["reason"], key=form.idempotency_key
            ),
            WhyForm,
        ),
    }


urlpatterns = [
    path("dossiers/<uuid:case_id>/audience/", hearing, name="hearing"),
    path("dossiers/<uuid:case_id>/audition/", child_hearings, name="child-hearings"),
]

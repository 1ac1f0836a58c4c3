"""The questions: one thing per page, saved as one goes, back without losing anything; and the whole of them on one page."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from backend.errors import NotFound, Outdated
from cases import access, actions, facts
from cases.models import Child, Spouse
from cases.proceedings.questions import SPOUSE_CONTACT
from frontend import asked
from frontend.asked import Asked
from frontend.errors import shown_on
from frontend.forms.base import ActingForm
from frontend.forms.topics import People, TopicForm
from frontend.outlooks import CaseView
from frontend.pages.of_case import of_case, shown


@require_safe
@of_case
def topics(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Every question, with what is answered; the ones of the other side are theirs."""
    sections: dict[str, list[Asked]] = {}
    for one in view.questions:
        sections.setdefault(one.name or str(view.both), []).append(one)
    first = next((one for one in view.questions if one.mine and one.topic.needed and not one.answered), None)
    return shown(request, view, "case/topics.html", _("Questions"), sections=sections, first=first)


@require_http_methods(["GET", "POST"])
@of_case
def topic(request: HttpRequest, view: CaseView, name: str, about: UUID | None = None) -> HttpResponse:
    """One question."""
    one = next((one for one in view.questions if (one.topic.name, one.about) == (name, about)), None)
    if one is None or not one.mine:
        raise NotFound
    seq = view.case.chain.seq
    form = TopicForm(one.topic, people(view), request.POST or None, since=seq, value=value_of(view, one))
    if request.method == "POST" and not form.asks_for_more and form.is_valid():
        with shown_on(form):
            said = {"topic": name, "about": about, "value": form.value(), "since": form.cleaned_data["since"]}
            actions.answers.save(view.seen.actor, view.case, **said, key=form.idempotency_key)
            return redirect(onward(view, one))
        if isinstance(form.refusal, Outdated):
            form.read_again(seq)
    if form.asks_for_more:
        form.errors.clear()
    return shown(request, view, "case/topic.html", one.topic.ask, form=form, one=one, **place(view, one))


def people(view: CaseView) -> People:
    minors = {child.id for child in view.seen.facts.minors}
    return People(list(view.case.spouses.all()), [child for child in view.case.children.all() if child.pk in minors])


def value_of(view: CaseView, one: Asked) -> dict[str, Any]:
    """What was answered before: from the person's own row, or the newest answer. Nothing where it is concealed from this reader."""
    person: Spouse | Child | None = asked.people_of(view.case).get(one.about) if one.about else None
    if one.topic.row and person:
        concealed = (
            one.topic is SPOUSE_CONTACT and isinstance(person, Spouse) and not access.sees_contact(view.seen.actor, view.case, person)
        )
        return {} if concealed else {name: getattr(person, name) for name in one.topic.model.model_fields}
    answer = view.seen.facts.answer(one.topic.name, one.about)
    return answer.model_dump() if answer else {}


def place(view: CaseView, one: Asked) -> dict[str, Any]:
    """How far one is, and the question before."""
    mine = [each for each in view.questions if each.mine]
    index = mine.index(one)
    return {
        "number": index + 1,
        "count": len(mine),
        "section": one.name,
        "back_url": mine[index - 1].url if index else reverse("topics", args=[view.case.pk]),
    }


def onward(view: CaseView, one: Asked) -> str:
    """The next question; after the last, all of them."""
    mine = [each for each in view.questions if each.mine]
    rest = mine[mine.index(one) + 1 :]
    return rest[0].url if rest else reverse("topics", args=[view.case.pk])


class CourtForm(ActingForm):
    """The courts where either spouse lives."""

    court = forms.TypedChoiceField(label=gettext_lazy("The court"), coerce=UUID, widget=forms.RadioSelect)


@require_http_methods(["GET", "POST"])
@of_case
def court(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Choose the court, where either lives (CPC 1070)."""
    if not view.may("opening.choose_court"):
        return redirect("case", view.case.pk)
    form = CourtForm(request.POST or None, initial={"court": str(view.case.court_id or "")})
    choices = facts.competent_courts(access.located(view.seen.actor, view.case))
    form.fields["court"].choices = [(str(choice.pk), f"{choice.name}") for choice in choices]  # type: ignore[attr-defined]
    if form.is_valid():
        with shown_on(form):
            actions.opening.choose_court(view.seen.actor, view.case, court=form.cleaned_data["court"], key=form.idempotency_key)
            messages.success(request, _("The court is chosen."))
            return redirect("case", view.case.pk)
    return shown(request, view, "case/court.html", _("Which court?"), form=form, choices=choices)


urlpatterns = [
    path("dossiers/<uuid:case_id>/questions/", topics, name="topics"),
    path("dossiers/<uuid:case_id>/questions/<slug:name>/", topic, name="topic"),
    path("dossiers/<uuid:case_id>/questions/<slug:name>/<uuid:about>/", topic, name="topic"),
    path("dossiers/<uuid:case_id>/tribunal/", court, name="court"),
]

"""Hearings: the calendar of the chambers, and a hearing list made, filled, printed, closed."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from backend import clock
from backend.people.actor import Actor
from cases import access, actions, benches
from cases.models import Hearing
from frontend import words
from frontend.errors import shown_on
from frontend.forms.base import ActingForm, DayField
from frontend.pages.court.bench import at_bench
from frontend.pages.of_case import actor_of

STATES = {"scheduled": "info", "held": "success", "dropped": "warning"}


class ListForm(ActingForm):
    """A hearing list to make."""

    chamber = forms.ModelChoiceField(label=gettext_lazy("Chamber"), queryset=None, empty_label=None)  # type: ignore[var-annotated]
    on = DayField(label=gettext_lazy("Day"))
    starts = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial="09:30")
    room = forms.CharField(label=gettext_lazy("Room"), max_length=100)
    judge = forms.ModelChoiceField(label=gettext_lazy("Judge"), queryset=None, required=False, empty_label=pgettext_lazy("judge", "None"))  # type: ignore[var-annotated]

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chambers = benches.chambers(actor)
        self.fields["chamber"].queryset = chambers  # type: ignore[attr-defined]
        self.fields["judge"].queryset = benches.judges(chambers)  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        said = self.values
        return {**said, "chamber": said["chamber"].pk, "judge": said["judge"].pk if said["judge"] else None}


class PutForm(ActingForm):
    """A case to put on the list, and at what time."""

    case = forms.ModelChoiceField(label=gettext_lazy("Case"), queryset=None)  # type: ignore[var-annotated]
    at = forms.TimeField(
        label=gettext_lazy("At"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Empty: when the list begins."),
    )

    def __init__(self, actor: Actor, court: UUID, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = benches.waiting(actor, benches.SCHEDULE).filter(court=court).order_by("filed_at")
        self.fields["case"].queryset = waiting  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@at_bench
def calendar(request: HttpRequest) -> HttpResponse:
    """The lists to come by month, those past that still wait for an outcome first; and a new one."""
    actor = actor_of(request)
    form = ListForm(actor, request.POST or None)
    if form.is_valid():
        with shown_on(form):
            book = access.book(actor, form.cleaned_data["chamber"].parent_id)
            made = actions.hearing.make_list(actor, book, **form.asked(), key=form.idempotency_key)
            messages.success(request, _("The hearing list is made. Put cases on it."))
            return redirect("hearing-list", made.pk)
    lists: Any = benches.lists(actor)  # each with what was counted on it
    today = clock.today()
    months = [(month, list(rows)) for month, rows in groupby(lists.filter(on__gte=today), key=lambda one: date_format(one.on, "F Y"))]
    context = {
        "title": _("Hearings"),
        "months": months,
        "unfinished": lists.filter(on__lt=today, waiting__gt=0),
        "past": lists.filter(on__lt=today, waiting=0).reverse()[:20],
        "form": form,
    }
    return render(request, "court/calendar.html", context)


@require_http_methods(["GET", "POST"])
@at_bench
def hearing_list(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """One list: its cases by hour, each with its outcome; cases put on it while it is open."""
    actor = actor_of(request)
    found = access.hearing_list(actor, list_id)
    open_ = found.closed_at is None and found.on > clock.today(found.zone)
    form = PutForm(actor, found.court_id, request.POST or None) if open_ else None
    if form is not None and form.is_valid():
        with shown_on(form):
            case = form.cleaned_data["case"]
            actions.hearing.schedule(actor, case, hearing_list=found.pk, at=form.cleaned_data["at"], key=form.idempotency_key)
            messages.success(request, _("%(case)s is on the list. The summonses are being made.") % {"case": case.title})
            return redirect("hearing-list", found.pk)
    context = {
        "title": _("Hearing list of %(day)s") % {"day": words.day_words(found.on)},
        "list": found,
        "form": form,
        "close": ActingForm() if found.closed_at is None else None,
        "rows": [row(one) for one in benches.on_list(actor, found)],
        "trail": [(_("Hearings"), reverse("hearing-lists")), (words.day_words(found.on), "")],
    }
    return render(request, "court/hearing_list.html", context)


def row(hearing: Hearing) -> dict[str, Any]:
    """A case on a list: at what time, what became of it, and what is still to do."""
    summonses = hearing.summonses.all()
    decided = [one for one in hearing.decisions.all() if one.delivered_at]
    held = hearing.state == Hearing.State.SCHEDULED and hearing.at <= clock.now()
    return {
        "hearing": hearing,
        "case": hearing.case,
        "unsent": sum(one.sent_on is None for one in summonses) if hearing.state == Hearing.State.SCHEDULED else 0,
        "word": pgettext("one hearing", "Heard, without a decision") if held else hearing.get_state_display(),
        "tone": "warning" if held else STATES[hearing.state],
        "outcome": decided[-1].get_kind_display() if decided else "",
        "url": reverse("decision" if held else "hearing", args=[hearing.case_id]),
    }


@require_http_methods(["POST"])
@at_bench
def close(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Close a list: nothing is added to it any more."""
    actor = actor_of(request)
    found = access.hearing_list(actor, list_id)
    form = ActingForm(request.POST)
    if form.is_valid():
        book = access.book(actor, found.court_id)
        actions.hearing.close_list(actor, book, hearing_list=found.pk, key=form.idempotency_key)
        messages.success(request, _("The list is closed: no case is added to it any more."))
    return redirect("hearing-list", found.pk)


urlpatterns = [
    path("audiences/", calendar, name="hearing-lists"),
    path("audiences/<uuid:list_id>/", hearing_list, name="hearing-list"),
    path("audiences/<uuid:list_id>/cloturer/", close, name="hearing-list-close"),
]

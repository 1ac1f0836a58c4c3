"""The desk: what waits at the court, by urgency and age; a filing is taken by one clerk at a time, and the others see it."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from backend.errors import Conflict
from backend.people.actor import Actor
from cases import access, actions, benches, presence, queues
from cases.models import Case
from cases.proceedings.declare import CLERK
from frontend import words
from frontend.forms.base import ActingForm
from frontend.pages.court.bench import DESK_LIVE, at_bench
from frontend.pages.of_case import actor_of

AT_ONCE = 25
PAGES = {
    benches.FILINGS: "workbench",
    benches.CHILDREN: "child-hearings",
    benches.SCHEDULE: "hearing",
    benches.HEARINGS: "hearing",
    benches.UNFINISHED: "decision",
    benches.DRAFTS: "decision",
    benches.ADJOURNED: "case",
    benches.AFTER: "after-decision",
}


class Filters(forms.Form):
    """A name or a number, in the queue that is open."""

    q = forms.CharField(label=gettext_lazy("Name or RG number"), required=False, max_length=100)
    file = forms.CharField(required=False, widget=forms.HiddenInput)


@at_bench
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """One queue of the desk, with the number of cases in each."""
    actor = actor_of(request)
    names = benches.queues_of(actor)
    here = request.GET.get("file", "")
    here = here if here in names else names[0]
    filters = Filters({"q": request.GET.get("q", ""), "file": here})
    filters.is_valid()
    rows = benches.waiting(actor, here, q=filters.cleaned_data.get("q", "")).order_by(queues.DUE_ORDER)
    page = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    context = {
        "title": benches.QUEUES[here].title,
        "tabs": tabs(actor, names, here),
        "filters": filters,
        "page": page,
        "rows": rows_of(actor, here, list(page.object_list)),
        "takes": here == benches.FILINGS and CLERK in benches.roles_of(actor),
        "next": ActingForm(auto_id=False),
        "live": DESK_LIVE,
    }
    return render(request, "court/desk.html", context)


def tabs(actor: Actor, names: list[str], here: str) -> list[dict[str, Any]]:
    """Each queue with how many wait in it."""
    counted = benches.tally(actor)
    home = reverse("desk")
    return [
        {"title": benches.QUEUES[name].title, "number": counted[name], "url": f"{home}?file={name}", "here": name == here} for name in names
    ]


def rows_of(actor: Actor, queue: str, cases: list[Any]) -> list[dict[str, Any]]:
    """The cases of a queue, with who is looking at each filing."""
    looking = presence.looking(case.pk for case in cases) if queue == benches.FILINGS else {}
    return [{**row(actor, queue, case), "looking": looking.get(case.pk, "")} for case in cases]


def row(actor: Actor, queue: str, case: Any) -> dict[str, Any]:
    """A case as its queue shows it."""
    filing = case.received[0] if case.received else None
    taken = filing.claimed_by if filing else None
    return {
        "case": case,
        "url": reverse(PAGES[queue], args=[case.pk]),
        "note": NOTES[queue](case),
        "since": case.filed_at,
        "taken": taken.full_name if taken else "",
        "mine": bool(taken and taken.pk == actor.user_id),
        "take": ActingForm(auto_id=False) if filing is not None and taken is None else None,
    }


def _filing(case: Any) -> str:
    said = (
        [_("Filed again, attempt %(number)s") % {"number": case.received[0].attempt}]
        if case.received and case.received[0].attempt > 1
        else []
    )
    said += [_("Answer awaited by %(day)s") % {"day": words.day_words(question.answer_by)} for question in case.unanswered]
    return " · ".join(said)


def _hearing(case: Any) -> str:
    if not case.scheduled:
        return ""
    hearing = case.scheduled[0]
    unsent = sum(one.sent_on is None for one in hearing.summonses.all())
    left = ngettext("%(number)s summons to post", "%(number)s summonses to post", unsent) % {"number": unsent} if unsent else ""
    return " · ".join(part for part in (words.moment_words(hearing.at, case.zone), left) if part)


def _decision(case: Any) -> str:
    return " · ".join(str(one.get_kind_display()) for one in case.decided[-1:])


def _after(case: Any) -> str:
    delivered = [one for one in case.decided if one.delivered_at]
    if not delivered:
        return ""
    last = delivered[-1]
    said = [_("Decided on %(day)s") % {"day": words.day_words(last.on)}]
    said += [] if last.served_on else [_("service not noted yet")]
    said += [_("certificate issued")] if last.certified_at else []
    return " · ".join(said)


NOTES: Mapping[str, Callable[[Any], str]] = {
    benches.FILINGS: _filing,
    benches.CHILDREN: lambda case: "",
    benches.SCHEDULE: lambda case: "",
    benches.HEARINGS: _hearing,
    benches.UNFINISHED: _hearing,
    benches.DRAFTS: _decision,
    benches.ADJOURNED: _after,
    benches.AFTER: _after,
}


@at_bench
@require_POST
def take(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take a filing on one's desk, and open it."""
    return _take(request, access.case(actor_of(request), case_id))


@at_bench
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the most urgent filing that nobody has; the same button pressed twice takes one."""
    found = benches.next_filing(actor_of(request), key=key_of(request))
    if found is None:
        messages.info(request, _("No filing waits for a clerk."))
        return redirect("desk")
    return _take(request, found)


def _take(request: HttpRequest, case: Case) -> HttpResponse:
    try:
        actions.filing.claim(actor_of(request), case, key=key_of(request))
    except Conflict as refusal:
        messages.warning(request, str(refusal))
        return redirect("desk")
    return redirect("workbench", case.pk)


def key_of(request: HttpRequest) -> str:
    """The key of the button that was pressed; none for a page that was open before it had one."""
    form = ActingForm(request.POST)
    return form.idempotency_key if form.is_valid() else ""


urlpatterns = [
    path("bureau/", desk, name="desk"),
    path("bureau/suivant/", take_next, name="desk-next"),
    path("bureau/<uuid:case_id>/prendre/", take, name="desk-take"),
]

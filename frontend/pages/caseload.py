"""The caseload: what needs me today, what comes next, and any case of five hundred in two words."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backend import clock
from backend.people.actor import Actor
from cases import proceedings, queues
from cases.models import Case
from cases.proceedings.declare import LAWYER
from frontend import labels, words
from frontend.components import Cell, Table
from frontend.pages.of_case import actor_of

AT_ONCE = 25
WEEK = timedelta(days=7)
TONES = {"past": "error", "soon": "warning", "near": "info", "far": ""}


class Filters(forms.Form):
    """What narrows the list; it lives in the address."""

    q = forms.CharField(label=gettext_lazy("Name or RG number"), required=False, max_length=100)
    step = forms.ChoiceField(label=gettext_lazy("Step"), required=False)
    waits_for = forms.ChoiceField(
        label=gettext_lazy("Waits for"), required=False, choices=[("", gettext_lazy("Anybody")), *labels.WAITS.items()]
    )
    due = forms.ChoiceField(
        label=gettext_lazy("Next date"), required=False, choices=[("", gettext_lazy("Any")), ("week", gettext_lazy("Within seven days"))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = {step.name: step.title for proceeding in proceedings.all_versions().values() for step in proceeding.steps}
        self.fields["step"].choices = [("", _("All the steps")), *steps.items()]  # type: ignore[attr-defined]

    def narrowing(self) -> dict[str, Any]:
        """The filters as `queues.caseload` takes them; an unknown value narrows nothing."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if given.pop("due", ""):
            given["due_before"] = clock.today() + WEEK
        return given


@login_required
@require_safe
def caseload(request: HttpRequest) -> HttpResponse:
    """A lawyer's cases; a party with one case goes straight to it."""
    actor = actor_of(request)
    filters = Filters(request.GET)
    rows = queues.caseload(actor, **filters.narrowing()).order_by(queues.DUE_ORDER)
    page = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    if is_party(actor) and page.paginator.count == 1 and not request.GET:
        return redirect("case", page.object_list[0].pk)
    context = {
        "title": _("My cases"),
        "filters": filters,
        "page": page,
        "table": table(list(page.object_list)),
        "lawyer": not is_party(actor),
    }
    return render(
        request, "case/caseload.html", {**context, "tally": tally(actor) if not is_party(actor) else None, "may_open": may_open(actor)}
    )


def is_party(actor: Actor) -> bool:
    """Whether this person belongs to no organisation."""
    return not actor.roles


def may_open(actor: Actor) -> bool:
    """Whether this person opens cases (CC 250: a lawyer does)."""
    return any(role == LAWYER for _organisation, role in actor.roles)


def tally(actor: Actor) -> list[dict[str, Any]]:
    """What needs me today, in one query: each number leads to its list."""
    today = clock.today()
    running = Q(closed_at=None)
    found = queues.caseload(actor).aggregate(
        turn=Count("pk", filter=running & Q(waits_for=LAWYER)),
        week=Count("pk", filter=running & Q(next_due__lt=today + WEEK)),
        sign=Count("pk", filter=running & Q(step="sign")),
        running=Count("pk", filter=running),
    )
    home = reverse("caseload")
    return [
        {"number": found["turn"], "label": _("wait for the lawyers"), "url": f"{home}?waits_for={LAWYER}"},
        {"number": found["week"], "label": _("have a date within seven days"), "url": f"{home}?due=week"},
        {"number": found["sign"], "label": _("are being signed"), "url": f"{home}?step=sign"},
        {"number": found["running"], "label": _("cases are open"), "url": home},
    ]


def table(rows: list[Case]) -> Table:
    """The cases as a table: the nearest date first."""
    head = [_("Case"), _("Step"), _("Waits for"), _("Next date"), _("Court")]
    return Table(_("The cases, the nearest date first"), head, [_row(case) for case in rows], caption_hidden=True)


def _row(case: Case) -> list[Cell]:
    number = f"RG {case.rg_number} · " if case.rg_number else ""
    due = f"{words.day_words(case.next_due)} ({words.days_left(case.next_due, case.zone)})" if case.next_due else _("none")
    tone = TONES[words.urgency(case.next_due, case.zone)] if case.next_due else ""
    return [
        Cell(f"{number}{case.title}", reverse("case", args=[case.pk])),
        Cell(case.current_step.title),
        Cell(labels.WAITS.get(case.waits_for, "–")),
        Cell(due, tone=tone),
        Cell(str(case.court or _("not chosen yet"))),
    ]


urlpatterns = [path("dossiers/", caseload, name="caseload")]

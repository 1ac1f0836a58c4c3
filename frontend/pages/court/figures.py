"""The figures of the chamber: volumes, delays, returns by reason; each a plot with its table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backend.errors import Text
from cases.figures import Figures, figures
from cases.reasons import REASONS
from frontend.components import Cell, Table
from frontend.pages.court.bench import at_bench
from frontend.pages.of_case import actor_of

STRETCHES: dict[str, Text] = {
    "filing-to-acceptance": gettext_lazy("From the filing to its acceptance"),
    "acceptance-to-hearing": gettext_lazy("From the acceptance to the hearing"),
    "hearing-to-decision": gettext_lazy("From the hearing to the decision"),
}
ROW, LABEL, LONGEST = 34, 0, 320


@dataclass(frozen=True)
class Bar:
    """One bar of a plot: its label, its value in words, and where it is drawn."""

    label: str
    said: str
    y: int
    width: float


@dataclass(frozen=True)
class Plot:
    """A plot and its table."""

    title: Text
    bars: Sequence[Bar]
    table: Table

    @property
    def height(self) -> int:
        return ROW * len(self.bars)


@at_bench
@require_safe
def chamber(request: HttpRequest) -> HttpResponse:
    """The last twelve months."""
    found = figures(actor_of(request))
    context = {"title": _("Figures of the chamber"), "plots": [volumes(found), delays(found), returns(found)]}
    return render(request, "court/figures.html", context)


def bars(rows: Sequence[tuple[str, float, str]]) -> list[Bar]:
    """Horizontal bars, the longest as wide as the plot."""
    most = max((value for _label, value, _said in rows), default=0) or 1
    return [Bar(label, said, place * ROW, round(LONGEST * value / most, 1)) for place, (label, value, said) in enumerate(rows)]


def volumes(found: Figures) -> Plot:
    months = [(date_format(one.month, "N Y"), one) for one in found.volumes]
    head = [_("Month"), _("Received"), _("Accepted"), _("Returned"), _("Decisions")]
    rows = [
        [Cell(name), *(Cell(str(number), number=True) for number in (one.received, one.accepted, one.returned, one.decided))]
        for name, one in months
    ]
    return Plot(
        _("Filings received by month"),
        bars([(name, one.received, str(one.received)) for name, one in months]),
        Table(_("Volumes by month"), head, rows),
    )


def delays(found: Figures) -> Plot:
    said = [(str(STRETCHES[one.name]), one.days or 0, _days(one.days), one.cases) for one in found.stretches]
    rows = [[Cell(name), Cell(words, number=True), Cell(str(cases), number=True)] for name, _value, words, cases in said]
    head = [_("Stretch"), _("Median"), _("Cases")]
    return Plot(_("Delays, median"), bars([(name, value, words) for name, value, words, _cases in said]), Table(_("Delays"), head, rows))


def _days(days: float | None) -> str:
    return _("%(days)s d") % {"days": number_format(days, 1)} if days is not None else "–"


def returns(found: Figures) -> Plot:
    named = [(str(REASONS[code].title), number) for code, number in found.returns]
    rows = [[Cell(name), Cell(str(number), number=True)] for name, number in named]
    return Plot(
        _("Returns by reason"),
        bars([(name, number, str(number)) for name, number in named]),
        Table(_("Returns"), [_("Reason"), _("Returns")], rows),
    )


urlpatterns = [path("chambre/chiffres/", chamber, name="figures")]

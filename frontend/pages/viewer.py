"""The viewer of a document: its pages as pictures, its text to select and search; without JavaScript, a list of pictures and a plain search."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from backend.errors import NotNow, Text
from cases import papers
from cases.api import giving
from cases.papers import Paper
from frontend import labels
from frontend.components import DocumentRow
from frontend.outlooks import CaseView, exhibit_row, instrument_row
from frontend.pages.of_case import of_case, shown

AT_ONCE = 40  # pages in the page that is sent; the module makes the places of the others
WORDS = 100  # characters of what is searched


@dataclass(frozen=True)
class Opened:
    """A document in the viewer: where its pages are asked for, which of them this page lists, what was searched and found."""

    row: DocumentRow
    base: str
    first: int
    count: int
    words: str
    hits: list[tuple[papers.Hit, str]]
    wait: Text = ""

    @property
    def numbers(self) -> range:
        return range(self.first, min(self.first + AT_ONCE, self.count + 1))

    @property
    def before(self) -> int:
        """The first page of the list before this one; 0 where there is none."""
        return max(1, self.first - AT_ONCE) if self.first > 1 else 0

    @property
    def after(self) -> int:
        return self.first + AT_ONCE if self.first + AT_ONCE <= self.count else 0

    @property
    def times(self) -> int:
        return sum(hit.count for hit, _url in self.hits)


@require_safe
@of_case
def exhibit(request: HttpRequest, view: CaseView, exhibit_id: UUID) -> HttpResponse:
    """An exhibit, to read."""
    paper = papers.exhibit(view.seen.actor, view.case, exhibit_id)
    row = exhibit_row(view.seen, paper.thing, labels.exhibit_kinds(view.seen.proceeding))
    return viewed(request, view, paper, row, f"/api/v1/cases/{view.case.pk}/exhibits/{exhibit_id}", row.url)


@require_safe
@of_case
def instrument(request: HttpRequest, view: CaseView, instrument_id: UUID) -> HttpResponse:
    """An instrument, to read."""
    paper = papers.instrument(view.seen.actor, view.case, instrument_id)
    row = instrument_row(view.case, paper.thing)
    back = reverse("case", args=[view.case.pk])
    return viewed(request, view, paper, row, f"/api/v1/cases/{view.case.pk}/instruments/{instrument_id}", back)


def viewed(request: HttpRequest, view: CaseView, paper: Paper, row: DocumentRow, base: str, back: str) -> HttpResponse:
    """The viewer: opening it is noted for those who brought the document."""
    giving.opened(request, view.case, paper)
    count, words = row.pages or 0, request.GET.get("q", "").strip()[:WORDS]
    wait: Text = ""
    try:
        found = papers.find(paper, words) if words else []
    except NotNow as reading:
        found, wait = [], str(reading)
    hits = [(hit, address(request, words, hit.page)) for hit in found]
    context = Opened(row, base, first_of(request.GET.get("page", ""), count), count, words, hits, wait)
    return shown(request, view, "case/viewer.html", row.name, viewer=context, back_url=back)


def first_of(asked: str, count: int) -> int:
    """The first page of the list that holds the page asked for; the beginning for what is no page of it."""
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return (page - 1) // AT_ONCE * AT_ONCE + 1 if 1 <= page <= count else 1


def address(request: HttpRequest, words: str, page: int) -> str:
    """Where a page is, on the list that holds it, with what was searched."""
    query = request.GET.copy()
    query["q"], query["page"] = words, str(page)
    return f"?{query.urlencode()}#page-{page}"


urlpatterns = [
    path("dossiers/<uuid:case_id>/pieces/<uuid:exhibit_id>/lire/", exhibit, name="exhibit-read"),
    path("dossiers/<uuid:case_id>/actes/<uuid:instrument_id>/lire/", instrument, name="instrument-read"),
]

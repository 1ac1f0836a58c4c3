"""The viewer of a document: its pages as pictures, its text to select and search; without JavaScript, a list of pictures and a plain search."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.errors import NotNow, Text
from cases import papers, pieces
from cases.api import giving
from cases.papers import Hit, Paper
from cases.pieces import Piece
from frontend import labels
from frontend.components import DocumentRow
from frontend.outlooks import CaseView, exhibit_row, instrument_row
from frontend.pages.of_case import of_case, shown

AT_ONCE = 40  # pages in the page that is sent; the module makes the places of the others
WORDS = 100  # characters of what is searched


@dataclass(frozen=True)
class Content:
    """A document bound in the one that is read: its first page, and the way there."""

    title: Text
    page: int
    url: str


@dataclass(frozen=True)
class Opened:
    """A document in the viewer: where its pages are asked for, which of them this page lists, what was searched and found, what is bound in it."""

    row: DocumentRow
    base: str
    first: int
    count: int
    words: str
    hits: list[tuple[Hit, str]]
    wait: Text = ""
    contents: list[Content] = field(default_factory=list)

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
    return of_paper(request, view, paper, row, f"/api/v1/cases/{view.case.pk}/exhibits/{exhibit_id}", row.url)


@require_safe
@of_case
def instrument(request: HttpRequest, view: CaseView, instrument_id: UUID) -> HttpResponse:
    """An instrument, to read."""
    paper = papers.instrument(view.seen.actor, view.case, instrument_id)
    row = instrument_row(view.case, paper.thing)
    back = reverse("case", args=[view.case.pk])
    return of_paper(request, view, paper, row, f"/api/v1/cases/{view.case.pk}/instruments/{instrument_id}", back)


@require_safe
@of_case
def copy(request: HttpRequest, view: CaseView, bundle_id: UUID, number: int) -> HttpResponse:
    """One PDF of a bound copy, to read. Reading each document in it is noted with its pages, as these are given out."""
    piece = pieces.piece(view.seen.actor, view.case, bundle_id, number)
    base = f"/api/v1/cases/{view.case.pk}/bundles/{bundle_id}/pieces/{number}"
    bundle, told = piece.bundle, piece.bundle.pieces[number - 1]
    said = {"number": number, "count": len(bundle.pieces), "first": told["first"], "last": told["last"]}
    kind = _("Copy, part %(number)s of %(count)s: pages %(first)s to %(last)s") % said if len(bundle.pieces) > 1 else _("Copy")
    row = DocumentRow(name=bundle.get_what_display().capitalize(), kind=kind, pages=piece.count, size=told["size"], download_url=base)

    def find(words: str) -> list[Hit]:
        found = pieces.find(piece, words)
        giving.opened_together(request, view.case, piece.papers([hit.page for hit in found]))
        return found

    return viewed(request, view, row, base, reverse("copy", args=[view.case.pk, bundle_id]), find, contents_of(request, piece))


def contents_of(request: HttpRequest, piece: Piece) -> list[Content]:
    """What is bound in a piece, in order."""
    return [
        Content(one.part["title"] if one.part else _("Cover"), one.first, address(request, "", one.first))
        for one in piece.stretches
        if one.part or one.first == 1
    ]


def of_paper(request: HttpRequest, view: CaseView, paper: Paper, row: DocumentRow, base: str, back: str) -> HttpResponse:
    """A document of the case: opening it is noted for those who brought it."""
    giving.opened(request, view.case, paper)
    return viewed(request, view, row, base, back, lambda words: papers.find(paper, words))


def viewed(
    request: HttpRequest,
    view: CaseView,
    row: DocumentRow,
    base: str,
    back: str,
    find: Callable[[str], list[Hit]],
    contents: list[Content] | None = None,
) -> HttpResponse:
    """The viewer."""
    count, words = row.pages or 0, request.GET.get("q", "").strip()[:WORDS]
    wait: Text = ""
    try:
        found = find(words) if words else []
    except NotNow as reading:
        found, wait = [], str(reading)
    hits = [(hit, address(request, words, hit.page)) for hit in found]
    context = Opened(row, base, first_of(request.GET.get("page", ""), count), count, words, hits, wait, contents or [])
    return shown(request, view, "case/viewer.html", row.name, viewer=context, back_url=back)


def first_of(asked: str, count: int) -> int:
    """The first page of the list that holds the page asked for; the beginning for what is no page of it."""
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return (page - 1) // AT_ONCE * AT_ONCE + 1 if 1 <= page <= count else 1


def address(request: HttpRequest, words: str, page: int) -> str:
    """Where a page is, on the list that holds it, with what was searched."""
    query = request.GET.copy()
    query["page"] = str(page)
    if words:
        query["q"] = words
    else:
        query.pop("q", None)
    return f"?{query.urlencode()}#page-{page}"


urlpatterns = [
    path("dossiers/<uuid:case_id>/pieces/<uuid:exhibit_id>/lire/", exhibit, name="exhibit-read"),
    path("dossiers/<uuid:case_id>/actes/<uuid:instrument_id>/lire/", instrument, name="instrument-read"),
    path("dossiers/<uuid:case_id>/copies/<uuid:bundle_id>/<int:number>/lire/", copy, name="copy-read"),
]

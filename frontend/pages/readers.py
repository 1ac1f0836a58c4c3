"""Who opened the documents of one's side, and when: from the reading book of the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from backend import clock
from backend.errors import Text
from cases import access
from cases.told import told
from frontend import labels
from frontend.components import Cell, Table
from frontend.outlooks import CaseView, url_of_exhibit
from frontend.pages.of_case import of_case, shown
from frontend.words import moment_words

LATEST = 200
HOW: Mapping[str, Text] = {"document.opened": gettext_lazy("opened"), "document.downloaded": gettext_lazy("downloaded")}


@dataclass(frozen=True)
class Known:
    """A document as the table names it."""

    name: Text
    url: str = ""


@dataclass(frozen=True)
class Looked:
    """What one person did with one document on one day: in which ways, with how many of its versions, the last time at."""

    about: str
    who: str
    kinds: frozenset[str]
    versions: int
    at: datetime


@require_safe
@of_case
def readers(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Who opened what, the latest first; what one opened oneself apart."""
    known = names(view)
    found, me = access.openings(view.seen.actor, view.case).order_by("-seq"), view.seen.actor.user_id
    rows = [list(some[: LATEST + 1]) for some in (found.exclude(actor_id=me), found.filter(actor_id=me))]
    others, mine = ([line(view, one, known) for one in by_day(view, some[:LATEST])] for some in rows)
    head = [_("Document"), _("Who"), _("How"), _("When")]
    context = {
        "table": Table(_("Who opened your documents"), head, others, caption_hidden=True),
        "mine": Table(_("What you opened yourself"), head, mine, caption_hidden=True),
        "more": any(len(some) > LATEST for some in rows),
    }
    return shown(request, view, "case/readers.html", _("Who opened your documents"), **context)


def by_day(view: CaseView, rows: Sequence[Any]) -> list[Looked]:
    """The entries, latest first, put together by document, person and day."""
    found: dict[tuple[str, UUID | None, str, date], list[tuple[Any, datetime]]] = {}
    for row, entry in zip(rows, told(rows), strict=True):
        at = datetime.fromisoformat(entry["at"])
        key = (entry["about"]["id"], row.actor_id, who(entry), clock.day(at, view.case.zone))
        found.setdefault(key, []).append((row, at))
    return [
        Looked(
            about,
            name,
            frozenset(row.kind for row, _at in entries),
            len({digest for row, _at in entries for digest in row.digests.values()}),
            entries[0][1],
        )
        for (about, _person, name, _day), entries in found.items()
    ]


def line(view: CaseView, one: Looked, known: Mapping[str, Known]) -> list[Cell]:
    """One line of the table."""
    paper = known.get(one.about, Known(_("A document taken back since")))
    return [Cell(paper.name, paper.url), Cell(one.who), Cell(how(one)), Cell(moment_words(one.at, view.case.zone))]


def how(one: Looked) -> str:
    """In which ways, and of how many versions where there were several."""
    ways = str(HOW[next(iter(one.kinds))]) if len(one.kinds) == 1 else _("opened and downloaded")
    if one.versions == 1:
        return ways
    told = {"ways": ways, "count": one.versions}
    return ngettext("%(ways)s, in %(count)s version", "%(ways)s, in %(count)s versions", one.versions) % told


def who(entry: dict[str, Any]) -> str:
    """The person, and where they work."""
    return ", ".join(part for part in (entry["who"], entry["where"]) if part)


def names(view: CaseView) -> dict[str, Known]:
    """What this person sees, by its key."""
    kinds = labels.exhibit_kinds(view.seen.proceeding)
    exhibits = {str(one.pk): Known(labels.exhibit_title(one, kinds), url_of_exhibit(view.case, one)) for one in view.seen.exhibits}
    return exhibits | {str(one.pk): Known(labels.instrument_title(view.case, one)) for one in view.seen.instruments}


def of_exhibit(view: CaseView, key: UUID) -> list[dict[str, Any]]:
    """Who else opened one exhibit, the latest first: once each, whatever the number of days."""
    latest: dict[tuple[UUID | None, str], dict[str, Any]] = {}
    of_others = access.openings(view.seen.actor, view.case).filter(about_id=key).exclude(actor_id=view.seen.actor.user_id)
    rows = list(of_others.order_by("-seq"))
    for row, entry in zip(rows, told(rows), strict=True):
        latest.setdefault((row.actor_id, who(entry)), {"who": who(entry), "at": datetime.fromisoformat(entry["at"])})
    return list(latest.values())


urlpatterns = [path("dossiers/<uuid:case_id>/consultations/", readers, name="readers")]

"""Who opened the documents of one's side, and when: from the reading book of the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

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


@require_safe
@of_case
def readers(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Who opened what, the latest first."""
    known = names(view)
    rows = told(access.openings(view.seen.actor, view.case).order_by("-seq")[: LATEST + 1])
    table = Table(
        _("Who opened your documents"),
        [_("Document"), _("Who"), _("How"), _("When")],
        [line(view, entry, known) for entry in rows[:LATEST]],
        caption_hidden=True,
    )
    return shown(request, view, "case/readers.html", _("Who opened your documents"), table=table, more=len(rows) > LATEST)


def line(view: CaseView, entry: dict[str, Any], known: Mapping[str, Known]) -> list[Cell]:
    """One opening."""
    paper = known.get(entry["about"]["id"], Known(_("A document taken back since")))
    when = moment_words(datetime.fromisoformat(entry["at"]), view.case.zone)
    return [Cell(paper.name, paper.url), Cell(who(entry)), Cell(HOW[entry["kind"]]), Cell(when)]


def who(entry: dict[str, Any]) -> str:
    """The person, and where they work."""
    return ", ".join(part for part in (entry["who"], entry["where"]) if part)


def names(view: CaseView) -> dict[str, Known]:
    """What this person sees, by its key."""
    kinds = labels.exhibit_kinds(view.seen.proceeding)
    exhibits = {str(one.pk): Known(labels.exhibit_title(one, kinds), url_of_exhibit(view.case, one)) for one in view.seen.exhibits}
    return exhibits | {str(one.pk): Known(labels.instrument_title(view.case, one)) for one in view.seen.instruments}


def of_exhibit(view: CaseView, key: UUID) -> list[dict[str, Any]]:
    """Who opened one exhibit, the latest first: once each, whatever the number of days."""
    latest: dict[str, dict[str, Any]] = {}
    for entry in told(access.openings(view.seen.actor, view.case).filter(about_id=key).order_by("-seq")):
        latest.setdefault(who(entry), {"who": who(entry), "at": datetime.fromisoformat(entry["at"])})
    return list(latest.values())


urlpatterns = [path("dossiers/<uuid:case_id>/consultations/", readers, name="readers")]

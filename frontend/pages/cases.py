"""The page of a case: where am I, what do I have to do, by when; and everything that happened."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.models import Filing
from cases.reasons import REASONS
from frontend.outlooks import CaseView
from frontend.pages.of_case import of_case, shown

PREPARING = ("prepare", "sign", "file")
FEW = 4


@require_safe
@of_case
def case(request: HttpRequest, view: CaseView) -> HttpResponse:
    """The case as its reader sees it."""
    return shown(
        request,
        view,
        "case/case.html",
        view.case.title,
        preparing=view.case.step in PREPARING and view.seen.standing.sides,
        returned=returned(view),
        few=view.exhibits[:FEW],
    )


@require_safe
@of_case
def history(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Everything that happened in the case, from the register."""
    return shown(request, view, "case/history.html", _("Everything that happened"))


def returned(view: CaseView) -> list[dict[str, object]]:
    """Why the last filing was returned: each reason with its mend and the clerk's own words; nothing once it was filed again."""
    if view.case.step != "file":
        return []
    last = view.case.filings.first()
    if last is None or last.state != Filing.State.RETURNED:
        return []
    return [{"reason": REASONS[one["code"]], "note": one.get("note", "")} for one in last.reasons]


urlpatterns = [
    path("dossiers/<uuid:case_id>/", case, name="case"),
    path("dossiers/<uuid:case_id>/historique/", history, name="history"),
]

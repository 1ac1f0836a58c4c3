"""The proof of a case: what it is, in plain words, and the folder to keep."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import proving
from frontend.outlooks import CaseView
from frontend.pages.of_case import of_case, shown


@require_safe
@of_case
def proof(request: HttpRequest, view: CaseView) -> HttpResponse:
    """How far the register of the case is sealed, and how to check it without us."""
    return shown(request, view, "case/proof.html", _("Proof of the register"), found=proving.sealing(view.case))


@require_safe
@of_case
def folder(request: HttpRequest, view: CaseView) -> HttpResponse:
    """The proof, the program that checks it and its explanation, in one file."""
    headers = {"Content-Disposition": 'attachment; filename="preuve.zip"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(proving.folder(view.seen.actor, view.case), content_type="application/zip", headers=headers)


urlpatterns = [
    path("dossiers/<uuid:case_id>/preuve/", proof, name="proof"),
    path("dossiers/<uuid:case_id>/preuve.zip", folder, name="proof-folder"),
]

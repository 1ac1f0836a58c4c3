"""What the electronic signatures of a document are worth: for who may read it in a case, as a page and as a PDF to hand on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.errors import Invalid
from cases import papers, signed
from cases.models import Exhibit
from cases.papers import Paper
from frontend import labels
from frontend.outlooks import CaseView, bears_some
from frontend.pages.of_case import of_case, shown
from frontend.words import PARIS, moment_words


def in_words(found: dict[str, Any], zone: str = PARIS) -> dict[str, Any]:
    """A report as its page shows it."""

    def when(moment: datetime) -> str:
        return moment_words(moment, zone)

    signatures = [
        {
            "title": signed.title(one),
            "worth": signed.WORTH[one["verdict"]],
            "tone": signed.TONES[one["verdict"]],
            "problems": signed.problems(one),
            "lines": list(signed.lines(one, when)),
        }
        for one in found["signatures"]
    ]
    verdict = found["verdict"]
    said = {"meaning": signed.VERDICTS[verdict], "advice": signed.ADVICE[verdict], "tone": signed.TONES[verdict]}
    return {**said, "signatures": signatures, "sha256": found["sha256"], "checked_at": when(datetime.fromisoformat(found["checked_at"]))}


def brief(paper: Paper | None) -> dict[str, Any] | None:
    """The verdict beside a document that came signed, or was signed here; None where there is nothing to say."""
    if paper is None or not bears_some(paper.version):
        return None
    try:
        found = signed.of_paper(paper)
    except Invalid as unreadable:
        return {"worth": signed.WORTH["invalid"], "meaning": unreadable.message, "tone": "error", "names": []}
    verdict = found["verdict"]
    names = [one["signer"] for one in found["signatures"] if one["kind"] == "signature" and one["signer"]]
    return {"worth": signed.WORTH.get(verdict, ""), "meaning": signed.VERDICTS[verdict], "tone": signed.TONES[verdict], "names": names}


def pdf(content: bytes) -> HttpResponse:
    """A report to be kept."""
    headers = {"Content-Disposition": 'attachment; filename="rapport-de-validation.pdf"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def page_of(find: Callable[..., Paper]) -> Callable[..., HttpResponseBase]:
    """The page of the signatures of what `find` finds."""

    @require_safe
    @of_case
    def page(request: HttpRequest, view: CaseView, key: UUID) -> HttpResponse:
        paper = find(view.seen.actor, view.case, key)
        report = in_words(signed.of_paper(paper), view.case.zone)
        title = _("Signatures of: %(name)s") % {"name": name_of(view, paper)}
        return shown(request, view, "case/signatures.html", title, report=report, pdf_url=f"{request.path}rapport.pdf")

    return page


def pdf_of(find: Callable[..., Paper]) -> Callable[..., HttpResponseBase]:
    """The same as a PDF."""

    @require_safe
    @of_case
    def file(request: HttpRequest, view: CaseView, key: UUID) -> HttpResponse:
        paper = find(view.seen.actor, view.case, key)
        return pdf(signed.as_pdf(signed.of_paper(paper), str(name_of(view, paper)), in_a_case=True))

    return file


def name_of(view: CaseView, paper: Paper) -> Any:
    """How the document is called."""
    if isinstance(paper.thing, Exhibit):
        return labels.exhibit_title(paper.thing, labels.exhibit_kinds(view.seen.proceeding))
    return labels.instrument_title(view.case, paper.thing)


urlpatterns = [
    path("dossiers/<uuid:case_id>/pieces/<uuid:key>/signatures/", page_of(papers.exhibit), name="exhibit-signatures"),
    path("dossiers/<uuid:case_id>/pieces/<uuid:key>/signatures/rapport.pdf", pdf_of(papers.exhibit), name="exhibit-signatures-pdf"),
    path("dossiers/<uuid:case_id>/actes/<uuid:key>/signatures/", page_of(papers.instrument), name="instrument-signatures"),
    path("dossiers/<uuid:case_id>/actes/<uuid:key>/signatures/rapport.pdf", pdf_of(papers.instrument), name="instrument-signatures-pdf"),
]

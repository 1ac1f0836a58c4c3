"""Looking at the signatures of a document that somebody brought: what is doubtful about them stands beside it, wherever it is listed."""

from backend.errors import Invalid
from documents import rows, vault
from documents.models import Version
from signatures.report import report
from signatures.validation import Verdict

DOUBTS = {Verdict.INVALID: "signature-invalid", Verdict.UNCERTAIN: "signature-uncertain"}


def look(version_id: str) -> None:
    """Validate, and add a doubt to the document's verdict where there is one (job `signatures.brought`)."""
    version = Version.objects.ready().filter(pk=version_id).first()
    if version is None:
        return
    try:
        verdict = report(vault.stream(version)).verdict
    except Invalid:
        verdict = Verdict.INVALID
    if code := DOUBTS.get(verdict):  # type: ignore[call-overload]
        rows.doubt(version.pk, code)

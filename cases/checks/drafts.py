"""What is drawn up before it is signed: what must be there, and whether it still says what the answers say."""

from django.utils.translation import gettext as _

from backend.errors import Finding
from cases.models import Case
from cases.proceedings.declare import BLOCK


def before_signing(case: Case) -> list[Finding]:
    """What stands in the way of opening the signature at this step (CPC 1090, 1091)."""
    there = set(case.instruments.current().of_kind(*case.current_step.signs).values_list("kind", flat=True))
    return [_absent(kind) for kind in case.current_step.signs if kind not in there]


def _absent(kind: str) -> Finding:
    reason, mend, law = {
        "petition": (_("The petition is not drawn up."), _("Draw it up from the answers."), "CPC 1090"),
        "agreement": (_("The agreement is not there."), _("Bring it."), "CPC 1091"),
    }[kind]
    return Finding(code=kind, severity=BLOCK, about=kind, reason=reason, mend=mend, law=law)

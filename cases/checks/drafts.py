"""What is drawn up before it is signed: what must be there, and whether it still says what the answers say."""

from django.utils.translation import gettext as _

from backend.errors import Finding
from cases.models import Case, Instrument
from cases.proceedings.declare import BLOCK
from cases.writing.petition import joint_petition


def before_signing(case: Case) -> list[Finding]:
    """What stands in the way of opening the signature at this step (CPC 1090, 1091)."""
    current = {one.kind: one for one in case.instruments.current().of_kind(*case.current_step.signs)}
    absent = [_absent(kind) for kind in case.current_step.signs if kind not in current]
    return [*absent, *(_older(one) for one in current.values() if one.kind == "petition" and outdated(one))]


def outdated(petition: Instrument) -> bool:
    """Whether a petition that is drawn up would say something else today: an answer, a child, a lawyer, the court or an exhibit has changed."""
    return petition.document_id is not None and petition.data.get("said") != joint_petition(petition).said


def _older(petition: Instrument) -> Finding:
    return Finding(
        code=petition.kind,
        severity=BLOCK,
        about=petition.kind,
        reason=_("The petition does not say any more what the answers and the exhibits say."),
        mend=_("Draw it up again. Nothing else is lost."),
        law="CPC 1090",
    )


def _absent(kind: str) -> Finding:
    reason, mend, law = {
        "petition": (_("The petition is not drawn up."), _("Draw it up from the answers."), "CPC 1090"),
        "agreement": (_("The agreement is not there."), _("Bring it."), "CPC 1091"),
    }[kind]
    return Finding(code=kind, severity=BLOCK, about=kind, reason=reason, mend=mend, law=law)

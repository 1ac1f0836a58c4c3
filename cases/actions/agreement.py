"""The agreement (*convention*): uploaded, revised, and opened again once signed when something must change."""

from uuid import UUID

from django.utils.translation import gettext as _

from backend import clock
from backend.errors import NotNow
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, instruments
from cases.actions.base import action
from cases.actions.signing import TO_SIGN, end_sessions
from cases.bytes import bind, ready
from cases.models import Case, Instrument
from cases.proceedings.declare import LAWYER


@action()
def upload(actor: Actor, case: Case, *, document: UUID) -> Instrument:
    """Bring the agreement, or its next revision (CPC 1091; after an adjournment CC 250-2): a signature of the one before ends.

    Raises NotNow where a signature is under way and it is not a lawyer who brings the revision: only they end one.
    """
    kept = bind(case, ready(actor, document))
    if end_sessions(case, *TO_SIGN):
        if not access.standing(actor, case).is_any(LAWYER):
            raise NotNow(
                _("The agreement is being signed: a lawyer ends that first, or brings the other agreement."), code="under-signature"
            )
        record(case.chain, "signing.cancelled", actor, audience=access.PARTIES)
    revision = instruments.supersede(case, "agreement")
    agreement = Instrument.objects.create(
        case=case,
        kind="agreement",
        revision=revision,
        document=kept,
        audience=list(access.PARTIES),
        code=instruments.code(),
        at=clock.now(),
    )
    digests = {str(agreement.pk): kept.head.sha256} if kept.head else {}
    record(case.chain, "agreement.uploaded", actor, about=agreement, digests=digests, facts={"revision": revision}, audience=access.PARTIES)
    return agreement


@action()
def reopen(actor: Actor, case: Case) -> Case:
    """Go back to preparing: the signed petition and agreement are set aside, and kept."""
    instruments.supersede(case, "agreement", "petition")
    case.reach("reopened")
    record(case.chain, "agreement.reopened", actor, audience=access.PARTIES)
    return case

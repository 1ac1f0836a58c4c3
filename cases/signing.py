"""What a signature owes, done by jobs outside every lock of the case: its slow part, the reminder, the closing; then the register is told, once."""

from contextlib import suppress
from uuid import UUID

from backend import clock
from backend.errors import Conflict, NotNow
from backend.people.actor import Actor
from backend.work import Later
from cases.actions import ceremony as hours
from cases.actions import paper as on_paper
from cases.actions import signing
from cases.models import Case
from signatures import ceremony, gathering, paper
from signatures.models import Ceremony, Session
from signatures.turns import RESERVED

SOON_SECONDS = 60.0
READING_SECONDS = 2.0
RESERVED_SECONDS = 5.0  # while another signer of the document is at the service that has their certificate


def apply(signer: str) -> None:
    """Put a consented signature into its document (job `signatures.apply`). May be run again at any point."""
    try:
        applied = ceremony.apply(signer)
    except NotNow as refusal:
        if refusal.code == RESERVED:
            raise Later(RESERVED_SECONDS) from refusal
        if refusal.code != "no-consent":
            raise
        return  # taken back meanwhile, to be given again
    if applied is None:  # the session ended before this signature was made
        return
    case = Case.objects.filter(instruments__session=applied.session).first()
    if case is not None:
        with suppress(Conflict):
            signing.record_signature(Actor.platform(), case, signer=applied.signer.pk)


def remind(gathered: str) -> None:
    """Remind those whose signature is awaited (job `cases.remind-signers`), and owe the next reminder."""
    with suppress(Conflict, NotNow):
        hours.remind(Actor.platform(), _case_of(gathered), ceremony=UUID(gathered))


def close(gathered: str) -> None:
    """Close a signature that is not finished when its time is over (job `cases.close-signing`)."""
    found = Ceremony.objects.filter(pk=gathered, sessions__state=Session.State.OPEN).first()
    if found is None or found.paused_at:  # what goes on again owes its closing anew
        return
    if not gathering.over(found):  # given more time, or consented to by all, and being placed
        raise Later(max(SOON_SECONDS, (gathering.ends_at(found) - clock.now()).total_seconds()))
    with suppress(Conflict):
        hours.close(Actor.platform(), _case_of(gathered), ceremony=found.pk)


def _case_of(gathered: str) -> Case:
    found = Case.objects.filter(instruments__session__ceremony=UUID(gathered)).first()
    if found is None:  # ended meanwhile
        raise Conflict
    return found


def compare(session: str) -> None:
    """Hold the scan of what was signed by hand against the text that was frozen (job `cases.compare-scan`)."""
    found = Session.objects.select_related("base", "scan").filter(pk=session, state=Session.State.OPEN).first()
    case = Case.objects.filter(instruments__session=UUID(session)).first()
    if found is None or found.scan is None or case is None:
        return
    try:
        differences = paper.compare(found.base, found.scan)
    except NotNow as reading:
        raise Later(READING_SECONDS) from reading
    with suppress(Conflict):
        on_paper.compare(Actor.platform(), case, session=found.pk, scan=found.scan.pk, found=[one.told for one in differences])

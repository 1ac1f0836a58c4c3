"""The slow part of a signature, done by a job outside every lock of the case; then the register is told, once."""

from contextlib import suppress

from backend.errors import Conflict
from backend.people.actor import Actor
from cases.actions import signing
from cases.models import Case
from signatures import ceremony


def apply(signer: str) -> None:
    """Put a consented signature into its document (job `signatures.apply`). May be run again at any point."""
    applied = ceremony.apply(signer)
    if applied is None:  # the session ended before this signature was made
        return
    case = Case.objects.filter(instruments__session=applied.session).first()
    if case is not None:
        with suppress(Conflict):
            signing.record_signature(Actor.platform(), case, signer=applied.signer.pk)

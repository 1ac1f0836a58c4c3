"""The turn of a signer whose certificate is at a service: for some minutes, what is prepared for them is what the session signs next.

Rows, and the signature that came back put into the file that was prepared for it. The rest is in `own`.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography import x509

from backend import clock
from backend.errors import NotNow, Outdated
from backend.work import Later
from signatures import pades
from signatures.models import Session, Signer, Turn
from signatures.pades import Prepared
from signatures.providers import Credential, verify
from signatures.remote import Own

RESERVED = "reserved"  # the code of a refusal: it is somebody else's turn


@dataclass(frozen=True)
class Made:
    """What stands for a key that signed elsewhere: the signature it made, of what it was asked to sign."""

    signature: bytes
    certificate: x509.Certificate

    def sign(self, content: bytes) -> bytes:
        """Raises InvalidSignature where it was made of anything else."""
        verify(self.certificate, self.signature, content)
        return self.signature


def give_way(signer: Signer) -> None:
    """Raises NotNow while it is the turn of another signer of the session."""
    if Turn.objects.filter(session=signer.session_id).exclude(signer=signer).exists():
        raise NotNow(code=RESERVED)


def forget_over(session_id: UUID) -> None:
    """End the turn whose minutes are over, in a statement of its own: whoever comes back at this very moment was in time, or finds it gone."""
    Turn.objects.filter(session=session_id, signature=None, until__lte=clock.now()).delete()


def taken(session_id: UUID, person: UUID) -> Turn | None:
    """The turn of this person, held until the transaction ends; None where it is over, was not prepared, or is used already."""
    mine = Turn.objects.select_for_update(of=("self",)).filter(session=session_id, signer__person=person)
    return mine.filter(until__gt=clock.now(), added__isnull=False, signature=None).first()


def lost(session: Session, person: UUID | None = None) -> list[Signer]:
    """End the turn in a session, or this person's only: what is prepared will not be signed, and what was signed and not placed will not be.

    Gives whose it was.
    """
    turns = Turn.objects.filter(session=session).select_related("signer")
    found = list(turns if person is None else turns.filter(signer__person=person))
    Turn.objects.filter(pk__in=[turn.pk for turn in found]).delete()
    return [turn.signer for turn in found]


def by_own_certificate(signer: Signer) -> bool:
    """Whether it was consented to with a certificate of their own: no other takes its place."""
    return "certificate" in signer.evidence


def embedded(signer: Signer, content: bytes, *, last: bool) -> bytes:
    """The file with the signature that was made elsewhere. Raises Outdated where it was not made for what the session now is."""
    turn = Turn.objects.filter(signer=signer, signature__isnull=False, based_on=signer.session.newest_id).first()
    if turn is None or turn.signature is None:
        raise Outdated
    return pades.complete(prepared(turn, content), made(turn, bytes(turn.signature)), last=last)


def prepared(turn: Turn, content: bytes) -> Prepared:
    """The file that was prepared, over the version it is based on."""
    facts: dict[str, Any] = turn.facts
    return Prepared(content + bytes(turn.added or b""), facts)


def made(turn: Turn, signature: bytes) -> Credential:
    own = Own.of_json(turn.certificate)
    return own.credential(Made(signature, own.certificate))


def release(session: str) -> None:
    """Forget what nobody came back for (job `signatures.release`)."""
    turn = Turn.objects.filter(session=UUID(session), signature=None).first()
    if turn is None:
        return
    if turn.until > clock.now():  # given to somebody again
        raise Later((turn.until - clock.now()).total_seconds())
    forget_over(turn.session_id)

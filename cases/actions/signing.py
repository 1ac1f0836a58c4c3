"""Signing the petition and the agreement: opened by a lawyer, signed by each, complete when all have."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Incomplete, Invalid, NotFound
from backend.people.actor import Actor
from backend.register.entries import record
from backend.register.models import Entry
from backend.work import Job
from backend.work.owing import owe
from cases import access
from cases.actions.base import action
from cases.checks import drafts
from cases.delivery import deliver
from cases.models import Case, Instrument
from cases.signers import signers_of
from signatures import ceremony
from signatures.models import Session, Signer

TO_SIGN = ("petition", "agreement")


@action()
def open(actor: Actor, case: Case) -> Case:
    """Open the signature of what is not signed yet, to each spouse and each lawyer (CPC 1090, 1091).

    Raises Incomplete, with all that must be done first.
    """
    if found := drafts.before_signing(case):
        raise Incomplete(found, _("The signature cannot be opened yet."))
    unsigned = list(case.instruments.current().of_kind(*case.current_step.signs).filter(signed_at=None).select_related("document__head"))
    if not unsigned:
        raise Conflict(_("Everyone has signed already."))
    specs = signers_of(case)
    for instrument in unsigned:
        _open(case, instrument, specs)
    case.reach("signing-opened")
    digests = {str(instrument.pk): frozen_digest(instrument) for instrument in unsigned}
    record(case.chain, "signing.opened", actor, digests=digests, audience=access.PARTIES)
    return case


def _open(case: Case, instrument: Instrument, specs: list[ceremony.SignerSpec]) -> None:
    if instrument.document is None or instrument.document.head is None:
        raise Invalid(_("The petition is still being drawn up. Try again in a moment."), code="still-making")
    if instrument.session and instrument.session.state == "open":
        raise Conflict(_("The signature is open already."))
    instrument.session = ceremony.open_session(instrument.document.head, specs, purpose=f"{case.kind}.{instrument.kind}")
    instrument.save(update_fields=["session"])


@action(strong=True)
def sign(actor: Actor, case: Case, *, shown: Mapping[str, str]) -> Case:
    """Sign everything that waits for this person. `shown` says, by instrument, the SHA-256 of what they read: what is shown is what is signed."""
    waiting = waiting_for(actor, case)
    for instrument in waiting:
        if instrument.document is None or shown.get(str(instrument.pk)) != frozen_digest(instrument):
            raise Conflict(_("The document has changed since you read it. Read it again before you sign."), code="changed")
        consent(actor, instrument)
    digests = {str(instrument.pk): frozen_digest(instrument) for instrument in waiting}
    record(case.chain, "signing.consented", actor, digests=digests, audience=access.PARTIES)
    return case


def consent(actor: Actor, instrument: Instrument) -> None:
    """Note the consent of this signer, and owe the signature itself."""
    if instrument.session_id is None:
        raise NotFound
    evidence = {"digest": frozen_digest(instrument), "at": clock.now().isoformat(), "strength": actor.proved_by, "acr": actor.acr}
    signer = ceremony.consent(instrument.session_id, actor.person, evidence=evidence)
    owe([Job("signatures.apply", signer.pk, lane=f"signing:{instrument.session_id}")])


def frozen_digest(instrument: Instrument) -> str:
    """The SHA-256 of the version that the session froze."""
    return instrument.session.base.sha256 if instrument.session else ""


def waiting_for(actor: Actor, case: Case) -> list[Instrument]:
    """The instruments whose session waits for this person."""
    rows = case.instruments.current().filter(
        session__state="open", session__signers__person=actor.person, session__signers__state="waiting"
    )
    return list(rows.select_related("session__base", "document__head"))


@action()
def refuse(actor: Actor, case: Case, *, reason: str) -> Case:
    """Refuse to sign, with a reason: the session ends, nothing of it counts, everyone is told."""
    if not reason.strip():
        raise Invalid(_("Say why, so that it can be mended."), field="reason")
    waiting = waiting_for(actor, case)
    for instrument in waiting:
        if instrument.session_id:
            ceremony.refuse(instrument.session_id, actor.person, reason=reason.strip())
    end_sessions(case, *TO_SIGN)
    case.reach("signing-ended")
    record(case.chain, "signing.refused", actor, about=waiting[0], audience=access.PARTIES)
    return case


@action()
def cancel(actor: Actor, case: Case) -> Case:
    """End the signature before everyone has signed: to mend something, then open it again."""
    if not end_sessions(case, *TO_SIGN):
        raise Conflict(_("No signature is open."))
    case.reach("signing-ended")
    record(case.chain, "signing.cancelled", actor, audience=access.PARTIES)
    return case


def end_sessions(case: Case, *kinds: str) -> int:
    """Cancel what is open of these kinds, of every kind where none is named; a session that is not finished signs nothing."""
    current = case.instruments.current().of_kind(*kinds) if kinds else case.instruments.current()
    open_ones = current.filter(session__state__in=["open", "refused"])
    ended = [instrument.session for instrument in open_ones.select_related("session") if instrument.session]
    for session in ended:
        ceremony.cancel(session)
    current.filter(session__in=ended).update(session=None)
    return len(ended)


@action()
def record_signature(actor: Actor, case: Case, *, signer: UUID) -> Case:
    """Note in the register that a signature stands in the document; go on when it was the last. Done by the platform, once."""
    found = Signer.objects.select_related("session", "result").get(pk=signer)
    instrument = case.instruments.get(session=found.session_id)
    if Entry.objects.filter(chain=case.chain_id, kind="signing.signed", about_id=found.pk).exists():
        raise Conflict
    digests = {str(instrument.pk): found.result.sha256} if found.result else {}
    facts = {"kind": instrument.kind, "person": str(found.person)}
    record(case.chain, "signing.signed", actor, about=found, digests=digests, facts=facts, audience=instrument.audience)
    over = case.closed_at or instrument.superseded_at  # somebody withdrew while it was being signed
    if found.session.state == Session.State.COMPLETE and not instrument.signed_at and not over:
        instrument.signed_at = clock.now()
        instrument.save(update_fields=["signed_at"])
        _complete(actor, case, instrument)
    return case


def _complete(actor: Actor, case: Case, instrument: Instrument) -> None:
    if instrument.kind not in TO_SIGN:
        deliver(actor, case, instrument)
        return
    if not case.instruments.current().of_kind(*TO_SIGN).filter(signed_at=None).exists():
        case.reach("all-signed")
        record(case.chain, "signing.completed", actor, audience=access.PARTIES)

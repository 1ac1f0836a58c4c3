"""Signing the petition and the agreement: opened by a lawyer, signed by each, complete when all have."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Incomplete, Invalid, NotFound
from backend.people.actor import Actor
from backend.register.entries import record
from backend.register.models import Entry
from backend.work import Job
from backend.work.owing import owe
from cases import access, instruments, own
from cases.actions.base import action
from cases.ceremonies import between, known_by, stated, waiting_for
from cases.checks import drafts
from cases.delivery import deliver
from cases.models import Case, Instrument
from cases.signers import signers_of
from signatures import ceremony, gathering
from signatures import own as turns
from signatures.models import Ceremony, Session, Signer

TO_SIGN = ("petition", "agreement")


@action()
def open(
    actor: Actor,
    case: Case,
    *,
    way: str = Ceremony.Way.APART,
    ordered: bool = False,
    place: str = "",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Case:
    """Open the signature of what is not signed yet, to each spouse and each lawyer (CPC 1090, 1091).

    `way`: each where they are, or all together in a `place`, electronically or on paper; `ordered`: one after the other, the spouses first, then the
    lawyers, each told when their turn comes. Nobody signs before `opens_at` (now, unless given); what
    is not finished at `closes_at` signs nothing. Raises Incomplete, with all that must be done first; AllInvalid on fields.
    """
    if found := drafts.before_signing(case):
        raise Incomplete(found, _("The signature cannot be opened yet."))
    unsigned = list(case.instruments.current().of_kind(*case.current_step.signs).filter(signed_at=None).select_related("document__head"))
    if not unsigned:
        raise Conflict(_("Everyone has signed already."))
    specs = signers_of(case)
    gathered = gathering.gather(way, place=place, **between(opens_at, closes_at))
    for instrument in unsigned:
        _open(case, instrument, specs, gathered, ordered=ordered)
    case.reach("signing-opened")
    owe_its_hours(gathered)
    digests = digests_of(unsigned)
    record(case.chain, "signing.opened", actor, about=gathered, digests=digests, facts=hours(gathered), audience=access.PARTIES)
    return case


def hours(gathered: Ceremony) -> dict[str, str]:
    """What the register says of a ceremony: in which way, from when, until when."""
    return {"way": gathered.way, "opens_at": gathered.opens_at.isoformat(), "closes_at": gathered.closes_at.isoformat()}


def owe_its_hours(gathered: Ceremony) -> None:
    """Owe what comes by itself: the closing, and the next reminder to those who have not signed."""
    reminder = gathering.next_reminder(gathered, timedelta(days=settings.SIGNING_REMINDER_DAYS))
    owe([Job("cases.close-signing", gathered.pk, due=gathered.closes_at)])
    owe([Job("cases.remind-signers", gathered.pk, due=reminder)] if reminder else [])


def _open(case: Case, instrument: Instrument, specs: list[ceremony.SignerSpec], gathered: Ceremony, *, ordered: bool) -> None:
    if instrument.document is None or instrument.document.head is None:
        raise Invalid(_("The petition is still being drawn up. Try again in a moment."), code="still-making")
    if instrument.session and instrument.session.state == "open":
        raise Conflict(_("The signature is open already."))
    purpose = f"{case.kind}.{instrument.kind}"
    instrument.session = ceremony.open_session(instrument.document.head, specs, ordered=ordered, purpose=purpose, ceremony=gathered)
    instrument.save(update_fields=["session"])


@action(strong=True)
def sign(actor: Actor, case: Case, *, shown: Mapping[str, str], statement: str) -> Case:
    """Sign everything that waits for this person, once they were shown each page of it.

    `shown` says, by instrument, the SHA-256 of what they read: what is shown is what is signed. `statement` is their consent, in the words they were given.
    To sign with a certificate of one's own, where a signing service is configured, one needs a browser: its owner authorises there.
    """
    waiting = read_by(actor, case, shown)
    said = said_by(actor, waiting, statement)
    for instrument in waiting:
        consent(actor, instrument, **said)
    consented(actor, case, waiting)
    return case


@action(strong=True, right="signing.sign")
def prepare(actor: Actor, case: Case, *, shown: Mapping[str, str], statement: str, certificate: Mapping[str, Any]) -> Case:
    """State one's consent as to sign, then go and sign with a certificate of one's own at the service that has it: the documents wait for some minutes.

    `certificate` is what the service said of it (`cases.own`). Nothing is consented to before one is back (`finish`). Same errors as `sign`;
    Invalid where the certificate is not this person's, or cannot sign now; Conflict while another does the same.
    """
    if not own.offered():
        raise NotFound
    waiting, mine = read_by(actor, case, shown), own.of_json(certificate)
    said = said_by(actor, waiting, statement)
    if why := own.unusable(actor, case, mine, len(waiting)):
        raise Invalid(why, code="certificate")
    by = {"certificate": {"service": own.offered(), **mine.told}}
    for instrument in waiting:
        turns.reserve(session_of(instrument), actor.person, mine, evidence={**said, **by, **evidence(actor, instrument)})
    facts = {"service": own.offered()}
    record(case.chain, "signing.prepared", actor, digests=digests_of(waiting), facts=facts, audience=access.PARTIES)
    return case


@action(right="signing.sign")
def finish(actor: Actor, case: Case, *, signatures: Mapping[str, str]) -> Case:
    """Sign with what one's own certificate signed at its service, in base64 by session: in the words stated before one went there, and within the minutes.

    Raises NotNow where the minutes are over, or the signature ended, was paused or given meanwhile: nothing is signed then.
    """
    signed = [instrument for instrument in waiting_for(actor, case) if str(instrument.session_id) in signatures]
    if not signed or len(signed) < len(signatures):
        raise turns.over()
    for instrument in signed:
        signer = turns.agree(session_of(instrument), actor.person, b64decode(signatures[str(instrument.session_id)]))
        owe_signature(signer, lane="signing-own")  # one of its own: the others' signatures wait for it in theirs
    consented(actor, case, signed, service=own.offered())
    return case


def read_by(actor: Actor, case: Case, shown: Mapping[str, str]) -> list[Instrument]:
    """What waits for this person's signature, which is what they read. Raises Conflict where it is not."""
    waiting = waiting_for(actor, case)
    for instrument in waiting:
        if instrument.document is None or shown.get(str(instrument.pk)) != frozen_digest(instrument):
            raise Conflict(_("The document has changed since you read it. Read it again before you sign."), code="changed")
    return waiting


def consented(actor: Actor, case: Case, given: Sequence[Instrument], **facts: str) -> None:
    """Record that this person has consented to these; where all sign in order, the next is told."""
    session = given[0].session
    in_order = {"ordered": True} if session and session.ordered else {}
    about = session.ceremony if session else None
    told = {**in_order, **facts}
    record(case.chain, "signing.consented", actor, about=about, digests=digests_of(given), facts=told, audience=access.PARTIES)


def said_by(actor: Actor, waiting: Sequence[Instrument], statement: str) -> dict[str, str]:
    """What they said, and in which language. Raises Conflict where these are not the words."""
    return {"statement": statement.strip(), "language": stated(actor, waiting, statement)}


def consent(actor: Actor, instrument: Instrument, **said: str) -> None:
    """Note the consent of this signer with what they said, and owe the signature itself."""
    owe_signature(ceremony.consent(session_of(instrument), actor.person, evidence={**said, **evidence(actor, instrument)}))


def evidence(actor: Actor, instrument: Instrument) -> dict[str, Any]:
    """What is kept of a consent: to what, and how the person was known."""
    return {"digest": frozen_digest(instrument), **known_by(actor)}


def session_of(instrument: Instrument) -> UUID:
    if instrument.session_id is None:
        raise NotFound
    return instrument.session_id


def digests_of(instruments: Sequence[Instrument]) -> dict[str, str]:
    return {str(instrument.pk): frozen_digest(instrument) for instrument in instruments}


def owe_signature(signer: Signer, lane: str = "signing") -> None:
    """Owe the signature that was consented to, after those before it in its document."""
    owe([Job("signatures.apply", signer.pk, lane=f"{lane}:{signer.session_id}")])


def frozen_digest(instrument: Instrument) -> str:
    """The SHA-256 of the version that the session froze."""
    return instrument.session.base.sha256 if instrument.session else ""


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


def end_sessions(case: Case, *kinds: str, state: Session.State = Session.State.CANCELLED) -> int:
    """End what is open of these kinds, of every kind where none is named, and what all have signed already of the same ceremony.

    A ceremony that is not finished signs nothing (CC 1175).
    """
    current = case.instruments.current().of_kind(*kinds) if kinds else case.instruments.current()
    unfinished = list(current.filter(session__state__in=["open", "refused"]).select_related("session__ceremony"))
    gathered = list(
        dict.fromkeys(instrument.session.ceremony for instrument in unfinished if instrument.session and instrument.session.ceremony)
    )
    signed = case.instruments.current().filter(session__state="complete", session__ceremony__in=gathered)
    for instrument in [*unfinished, *signed.select_related("session")]:
        if instrument.session:
            ceremony.cancel(instrument.session, state)
            instrument.unsign()
    for one in gathered:
        ask_for_evidence(case, one, stopped=True)
    return len(unfinished)


def ask_for_evidence(case: Case, gathered: Ceremony, *, stopped: bool = False) -> None:
    """Owe the evidence of a ceremony that is over, however it ended: what is known of it, in one sealed file."""
    instruments.ask_for(case, "signing-evidence", access.PARTIES, about=gathered.pk, data={"stopped": True} if stopped else None)


@action()
def record_signature(actor: Actor, case: Case, *, signer: UUID) -> Case:
    """Note in the register that a signature stands in the document; go on when it was the last. Done by the platform, once."""
    found = Signer.objects.select_related("session", "result").get(pk=signer)
    instrument = case.instruments.get(session=found.session_id)
    digests = {str(instrument.pk): found.result.sha256} if found.result else {}
    if not digests or Entry.objects.filter(chain=case.chain_id, kind="signing.signed", about_id=found.pk, digests=digests).exists():
        raise Conflict
    facts = {"kind": instrument.kind, "person": str(found.person)}
    if by := found.evidence.get("certificate"):
        facts["service"] = by["service"]
    record(case.chain, "signing.signed", actor, about=found, digests=digests, facts=facts, audience=instrument.audience)
    over = case.closed_at or instrument.superseded_at  # somebody withdrew while it was being signed
    if found.session.state == Session.State.COMPLETE and not instrument.signed_at and not over:
        instrument.signed_at = clock.now()
        instrument.save(update_fields=["signed_at"])
        completed(actor, case, instrument)
    return case


def completed(actor: Actor, case: Case, instrument: Instrument) -> None:
    """Go on with the case, once an instrument bears every signature."""
    if instrument.kind not in TO_SIGN:
        deliver(actor, case, instrument)
        return
    if not case.instruments.current().of_kind(*TO_SIGN).filter(signed_at=None).exists():
        case.reach("all-signed")
        gathered = instrument.session.ceremony if instrument.session else None
        if gathered:
            ask_for_evidence(case, gathered)
        record(case.chain, "signing.completed", actor, about=gathered, audience=access.PARTIES)

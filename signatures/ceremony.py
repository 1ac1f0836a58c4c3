"""A signing session: opened over one version, consented to or refused by each signer, applied one signature at a time.

Everything but `apply` touches rows only and belongs in the caller's transaction; `apply` is slow and has its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Busy, Conflict, Invalid, NotAllowed, NotFound, NotNow, Outdated
from documents import vault
from documents.models import Document, Maker, Version
from documents.models import State as VersionState
from signatures import authority, pades, turns
from signatures.appearance import appearance, label, sheet
from signatures.fields import Field, under
from signatures.gathering import may_answer
from signatures.models import Ceremony, Session, Signer, Turn

PATIENCE = "25s"  # how long one signature waits for the others of its session
BEARS_SOME = (Maker.SIGNATURE, Maker.SEAL, Maker.TIMESTAMP)


@dataclass(frozen=True)
class SignerSpec:
    """Who is to sign, and in what capacity; `attested`: where all are gathered, once another has attested that they are there."""

    person: UUID
    name: str
    capacity: str = ""
    attested: bool = False


@dataclass(frozen=True)
class Applied:
    """A signature that stands in the document."""

    session: Session
    signer: Signer
    version: Version
    complete: bool


@transaction.atomic
def open_session(
    version: Version, signers: Sequence[SignerSpec], *, ordered: bool = False, purpose: str = "", ceremony: Ceremony | None = None
) -> Session:
    """Open a session over a document's newest version, which is frozen: another version of the document makes it void.

    Within a `ceremony`, its place and its hours hold, and each signer is shown every page first.

    Raises Invalid (not a ready PDF, nobody to sign, somebody twice), Outdated (not the newest version), Conflict (a session is open).
    """
    _signable(version, signers)
    document = Document.objects.select_for_update(of=("self",), no_key=True).get(pk=version.document_id)
    if document.head_id != version.pk:
        raise Outdated
    if document.signing_sessions.filter(state=Session.State.OPEN).exists():
        raise Conflict(_("The signature of this document is open already."))
    session = Session.objects.create(
        ceremony=ceremony,
        document=document,
        base=version,
        newest=version,
        ordered=ordered,
        sheet=_needs_sheet(version, len(signers), ceremony),
        purpose=purpose,
        opened_at=clock.now(),
    )
    Signer.objects.bulk_create(
        Signer(session=session, position=position, person=spec.person, name=spec.name, capacity=spec.capacity, attested=spec.attested)
        for position, spec in enumerate(signers, start=1)
    )
    return session


@transaction.atomic
def consent(session_id: UUID, person: UUID, *, evidence: Mapping[str, Any], capacity: str | None = None) -> Signer:
    """A person consents to sign: their next capacity in the session, or the one given. `apply` then owes them their signature.

    `evidence` (JSON) says how the person was known; where it has a `digest`, that must be the frozen version's SHA-256.
    Raises NotNow (session ended, not their turn, not open yet, closed, paused, pages not shown, presence not attested), NotAllowed (not a
    signer), Conflict (answered already), Outdated (another version).
    """
    _session, signer = answering(session_id, person, digest=evidence.get("digest"), capacity=capacity)
    Turn.objects.filter(signer=signer, signature=None).delete()  # they went to sign with a certificate of their own, and sign without it
    signer.state, signer.consented_at, signer.evidence = Signer.State.CONSENTED, clock.now(), dict(evidence)
    signer.save(update_fields=["state", "consented_at", "evidence"])
    return signer


def answering(session_id: UUID, person: UUID, *, digest: str | None = None, capacity: str | None = None) -> tuple[Session, Signer]:
    """The session, locked, and the row of a person who may consent now to what has this digest. Same errors as `consent`."""
    session, signer = _answering(session_id, person, capacity)
    may_answer(session, signer)
    if digest not in (None, session.base.sha256):
        raise Outdated
    unchanged(session)
    if session.ordered and Signer.objects.before(signer).waiting().exists():
        raise NotNow(_("Somebody else signs before you."), code="not-your-turn")
    return session, signer


@transaction.atomic
def refuse(session_id: UUID, person: UUID, *, reason: str) -> Signer:
    """A person refuses to sign, which ends the session: what was signed in it counts for nothing. Same errors as `consent`."""
    _hold_document(session_id)
    session, signer = _answering(session_id, person, None)
    signer.state, signer.reason = Signer.State.REFUSED, reason
    signer.save(update_fields=["state", "reason"])
    _abandon(session, Session.State.REFUSED)
    return signer


@transaction.atomic
def cancel(session: Session, state: Session.State = Session.State.CANCELLED) -> Session:
    """End a session before everyone has signed, cancelled or EXPIRED. Nothing happens where it has ended already.

    One that everyone has signed ends with the rest of its ceremony, which signs all or nothing; raises NotNow where nothing else of it was ended.
    """
    _hold_document(session.pk)
    held = Session.objects.locked(session.pk)
    beside = Session.objects.filter(ceremony=held.ceremony_id, ceremony__isnull=False)
    if held.state == Session.State.COMPLETE and not beside.exclude(state__in=[Session.State.OPEN, Session.State.COMPLETE]).exists():
        raise NotNow(_("Everyone has signed already."), code="signed")
    if held.state in (Session.State.OPEN, Session.State.COMPLETE):
        _abandon(held, state)
    session.state, session.closed_at = held.state, held.closed_at
    return held


@transaction.atomic
def redo(session_id: UUID, person: UUID, *, by_name: str, reason: str) -> list[Signer]:
    """Take back one person's signature in a session that goes on, so that they give it again. Gives the signers whose signatures `apply` owes again.

    Who took it back, when and why stays known beside the signer (JSON: `consented_at`, `at`, `by_name`, `reason`).
    A signature stands on those before it: the document goes back to what it was before theirs, and the signatures that came after are made again,
    in their places, on the same consents; but for those made with a certificate of their signer's own, which only that person gives again.
    Raises NotFound, NotNow (session ended), Conflict (nothing given yet).
    """
    _hold_document(session_id)
    session = Session.objects.filter(pk=session_id).select_for_update(of=("self",)).first()
    if session is None:
        raise NotFound
    if session.state != Session.State.OPEN:
        raise NotNow(_("The signature of this document has ended."), code="ended")
    given = session.signers.filter(person=person).exclude(state=Signer.State.WAITING)
    mine = list(given.select_related("result__based_on").order_by("result__number"))
    if not mine:
        raise Conflict(_("This person has not signed yet."), code="not-signed")
    first = next((signer.result for signer in mine if signer.result), None)
    undone = list(session.signers.filter(result__number__gte=first.number).exclude(person=person)) if first else []
    if first:
        Document.objects.filter(pk=session.document_id, head=session.newest_id).update(head=first.based_on)
        session.newest = first.based_on  # type: ignore[assignment]
        session.save(update_fields=["newest"])
    theirs = [signer for signer in undone if turns.by_own_certificate(signer)]
    theirs += [signer for signer in turns.lost(session, None if first else person) if signer.state == Signer.State.CONSENTED]
    again = [signer for signer in undone if signer not in theirs]
    Signer.objects.filter(pk__in=[signer.pk for signer in again]).update(state=Signer.State.CONSENTED, signed_at=None, result=None)
    for signer in dict.fromkeys([*mine, *theirs]):
        given_at = signer.consented_at.isoformat() if signer.consented_at else ""
        signer.taken_back.append({"consented_at": given_at, "at": clock.now().isoformat(), "by_name": by_name, "reason": reason})
        signer.state, signer.consented_at, signer.signed_at = Signer.State.WAITING, None, None
        signer.result, signer.evidence = None, {}
        signer.save(update_fields=["state", "consented_at", "signed_at", "result", "evidence", "taken_back"])
    return again


def apply(signer_id: UUID | str) -> Applied | None:
    """Put a consented signature into the document, after those already there. None where the session ended before.

    Slow (vault, timestamp). May run twice, at once or after a death: there is one signature. Raises NotNow (no consent, not their turn; the session
    waits for another, `turns.RESERVED`), Outdated (the document has another version than the session's), Busy (others are signing it),
    Unavailable (vault, timestamp authority).
    """
    signer = Signer.objects.filter(pk=signer_id).first()
    if signer is None:
        raise NotFound
    turns.forget_over(signer.session_id)
    with transaction.atomic(), alone(signer.session_id):
        signer.refresh_from_db(from_queryset=Signer.objects.select_related("session__document", "session__newest", "result"))
        if signer.state == Signer.State.SIGNED:
            return _applied(signer)
        if signer.session.state != Session.State.OPEN:
            return None
        _due(signer)
        try:
            return _conclude(signer, _signed(signer))
        except Outdated:
            if Session.objects.get(pk=signer.session_id).state == Session.State.OPEN:
                raise
            transaction.set_rollback(True)  # the session ended meanwhile, and its document was put back
            return None


def _signable(version: Version, signers: Sequence[SignerSpec]) -> None:
    if version.state != VersionState.READY or version.media_type != "application/pdf":
        raise Invalid(_("Only a PDF that is ready can be signed."), field="version")
    if not signers:
        raise Invalid(_("Say who is to sign."), field="signers")
    if len({(spec.person, spec.capacity) for spec in signers}) < len(signers):
        raise Invalid(_("The same person is named twice in the same capacity."), field="signers")


def _needs_sheet(version: Version, count: int, ceremony: Ceremony | None) -> bool:
    """Whether the signatures stand on one more sheet, since the last page has no room: none is added for what is signed by hand, or where others signed."""
    if (ceremony and ceremony.way == Ceremony.Way.PAPER) or version.signed or version.made_by in BEARS_SOME:
        return False
    return under(version.facts.get("free") or (), count) is None


def _answering(session_id: UUID, person: UUID, capacity: str | None) -> tuple[Session, Signer]:
    """The open session, locked, and the row of the person who answers now."""
    session = Session.objects.filter(pk=session_id).select_for_update(of=("self",)).first()  # its document is read after the wait
    if session is None:
        raise NotFound
    mine = [row for row in session.signers.filter(person=person) if capacity in (None, row.capacity)]
    if not mine:
        raise NotAllowed(_("You are not among those who sign this document."))
    if session.state != Session.State.OPEN:
        raise NotNow(_("The signature of this document has ended."), code="ended")
    waiting = next((row for row in mine if row.state == Signer.State.WAITING), None)
    if waiting is None:
        raise Conflict(_("You have answered already."), code="answered")
    return session, waiting


def unchanged(session: Session) -> None:
    """Raises Outdated where the document has another version than the session's."""
    if session.document.head_id != session.newest_id:
        raise Outdated


def _hold_document(session_id: UUID) -> None:
    """Take the document before its session, as a signature that is being placed does: neither waits for what the other holds."""
    Document.objects.select_for_update(of=("self",), no_key=True).filter(signing_sessions=session_id).first()


def _abandon(session: Session, state: Session.State) -> None:
    """End a session before everyone has signed: what all were to sign is the document's head again, without the signatures made so far."""
    turns.lost(session)
    _end(session, state)
    Document.objects.filter(pk=session.document_id, head=session.newest_id).update(head=session.base_id)


def _end(session: Session, state: Session.State) -> None:
    session.state, session.closed_at = state, clock.now()
    session.save(update_fields=["state", "closed_at"])


@contextmanager
def alone(session_id: UUID) -> Iterator[None]:
    """One signature at a time in a session, until the transaction ends. Its row stays free meanwhile: no action waits for a signature."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"signatures.session:{session_id}"])
    except OperationalError as fault:
        raise Busy from fault
    yield


def _due(signer: Signer) -> None:
    """This signature may be made now, over the version that all agreed to."""
    if signer.state != Signer.State.CONSENTED:
        raise NotNow(_("This person has not consented to sign."), code="no-consent")
    turns.give_way(signer)
    if signer.session.ordered and Signer.objects.before(signer).exclude(state=Signer.State.SIGNED).exists():
        raise NotNow(_("Somebody else signs before this person."), code="not-your-turn")
    unchanged(signer.session)


def _signed(signer: Signer) -> Version:
    """The session's newest version with this signature, kept as the document's head; the vault refuses where the head moved."""
    newest = signer.session.newest
    content = vault.content(newest)
    if sha256(content).hexdigest() != newest.sha256:
        raise Outdated
    others = signer.session.signers.exclude(pk=signer.pk)
    last = not others.exclude(state=Signer.State.SIGNED).exists()
    if turns.by_own_certificate(signer):
        signed = turns.embedded(signer, content, last=last)
    else:
        credential = authority.issue(signer.person, signer.name, signer.capacity)
        signed = pades.sign(content, credential, place_of(signer), name=signer.name, last=last)
    document = signer.session.document
    return vault.keep(signed, name=document.name, made_by=Maker.SIGNATURE, document=document, based_on=newest)


def place_of(signer: Signer) -> pades.Place:
    """Where their signature goes, with the fields of all, and how it looks."""
    look = appearance(signer.name, signer.capacity)
    return pades.Place(field_of(signer), _fields(signer.session), look, _sheet(signer.session))


def _sheet(session: Session) -> bytes:
    """The title of the sheet that the first signature adds, where there is one."""
    base = session.base
    return sheet(base.pages or 0, base.sha256) if session.sheet and session.newest_id == base.pk else b""


def _fields(session: Session) -> tuple[Field, ...]:
    return tuple(Field(name=field_of(signer), label=label(signer.name, signer.capacity)) for signer in session.signers.order_by("position"))


def field_of(signer: Signer) -> str:
    """Unique in the file, even where an earlier session signed it too."""
    return f"signature-{signer.session_id.hex[-8:]}-{signer.position}"


def _conclude(signer: Signer, version: Version) -> Applied | None:
    """Write down that the signature stands. A session that ended meanwhile wins, and a consent taken back: nothing of this signature remains."""
    session = Session.objects.locked(signer.session_id)
    consented = session.signers.filter(pk=signer.pk, state=Signer.State.CONSENTED, consented_at=signer.consented_at)
    if session.state != Session.State.OPEN or not consented.exists():
        transaction.set_rollback(True)
        return None
    signer.session = session
    signer.state, signer.signed_at, signer.result = Signer.State.SIGNED, clock.now(), version
    signer.save(update_fields=["state", "signed_at", "result"])
    Turn.objects.filter(signer=signer).delete()
    session.newest = version
    session.save(update_fields=["newest"])
    if not session.signers.exclude(state=Signer.State.SIGNED).exists():
        _end(session, Session.State.COMPLETE)
    return _applied(signer)


def _applied(signer: Signer) -> Applied:
    assert signer.result is not None  # noqa: S101 - a constraint of the table
    return Applied(signer.session, signer, signer.result, signer.session.state == Session.State.COMPLETE)

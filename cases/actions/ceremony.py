"""The hours of a signature: tried beforehand, presence attested, paused and resumed, one signature given again, closed when its time is over."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from backend.errors import Conflict, Invalid, NotAllowed, NotFound, NotNow
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, ceremonies
from cases.actions.base import action
from cases.actions.signing import TO_SIGN, end_sessions, hours, owe_its_hours, owe_signature
from cases.models import Case
from signatures import ceremony as sessions
from signatures import gathering
from signatures.models import Session, Shown, Signer


@action(strong=True)
def rehearse(actor: Actor, case: Case) -> Case:
    """Try all but the signature: a page was shown, the second factor worked, the connection held. Nothing is signed."""
    gathered = ceremonies.going_on(case)
    if not Shown.objects.filter(session__ceremony=gathered, person=actor.person).exists():
        raise NotNow(_("Open a page of what you will sign on this device first."), code="not-read")
    gathering.rehearse(gathered, actor.person, evidence=ceremonies.known_by(actor))
    record(case.chain, "ceremony.rehearsed", actor, about=gathered, audience=access.PARTIES)
    return case


@action(strong=True)
def attest(actor: Actor, case: Case, *, spouse: UUID) -> Case:
    """Attest that a spouse one represents is there, before one's eyes, where all sign together (CC 1175, 1374)."""
    gathered = ceremonies.going_on(case)
    found = next((one for one in ceremonies.spouses_to_attest(case, (1, 2)) if one.pk == spouse), None)
    if found is None or found.user_id is None:
        raise NotFound
    if found.side not in access.standing(actor, case).sides:
        raise NotAllowed(_("Each lawyer attests the presence of those they represent."))
    made = gathering.attest(gathered, found.user_id, by=actor.person, by_name=actor.name, evidence=ceremonies.known_by(actor))
    record(case.chain, "ceremony.presence_attested", actor, about=made, facts={"person": str(found.pk)}, audience=access.PARTIES)
    return case


@action()
def pause(actor: Actor, case: Case) -> Case:
    """Pause the signature: nobody signs until it goes on, and what is signed stays."""
    gathered = ceremonies.going_on(case)
    gathering.pause(gathered)
    record(case.chain, "ceremony.paused", actor, about=gathered, audience=access.PARTIES)
    return case


@action()
def resume(actor: Actor, case: Case, *, closes_at: datetime | None = None) -> Case:
    """Go on with the signature where it stopped; `closes_at` gives it more time."""
    gathered = ceremonies.going_on(case)
    gathering.resume(gathered, closes_at)
    gathered.refresh_from_db()
    owe_its_hours(gathered)
    record(case.chain, "ceremony.resumed", actor, about=gathered, facts=hours(gathered), audience=access.PARTIES)
    return case


@action(strong=True)
def redo(actor: Actor, case: Case, *, signer: UUID, reason: str) -> Case:
    """Take one person's signature back, to be given again in its place: the ceremony goes on and the others sign nothing twice.

    One takes back one's own; a lawyer, also that of those they represent. Raises Invalid on "reason", Conflict where nothing was given.
    """
    if not reason.strip():
        raise Invalid(_("Say why, so that it can be mended."), field="reason")
    gathered = ceremonies.going_on(case)
    found = Signer.objects.filter(pk=signer, session__ceremony=gathered).first()
    if found is None:
        raise NotFound
    if found.person not in ceremonies.takes_back(access.standing(actor, case), actor, case):
        raise NotAllowed(_("One takes back one's own signature, or that of those one represents."))
    given = Signer.objects.filter(session__ceremony=gathered, session__state=Session.State.OPEN).exclude(state=Signer.State.WAITING)
    rows, others = list(given.filter(person=found.person)), {row.person: row for row in given.exclude(person=found.person)}
    if not rows:
        raise Conflict(_("This person has not signed yet."), code="not-signed")
    for row in rows:
        for other in sessions.redo(row.session_id, row.person, by_name=actor.name, reason=reason.strip()):
            owe_signature(other)
    still = set(given.values_list("person", flat=True))  # who signed with their own certificate after them gives theirs again too
    for taken in (found, *(row for person, row in others.items() if person not in still)):
        facts = {"person": str(taken.person)}
        record(case.chain, "ceremony.signature_taken_back", actor, about=taken, facts=facts, audience=access.PARTIES)
    return case


@action()
def remind(actor: Actor, case: Case, *, ceremony: UUID) -> Case:
    """Remind those whose signature is awaited. Done by the platform."""
    gathered = ceremonies.going_on(case)
    if gathered.pk != ceremony or gathered.paused_at or not gathering.awaited(gathered):
        raise Conflict
    gathering.note_reminded(gathered)
    owe_its_hours(gathered)
    record(case.chain, "ceremony.reminded", actor, about=gathered, facts=hours(gathered), audience=access.PARTIES)
    return case


@action()
def close(actor: Actor, case: Case, *, ceremony: UUID) -> Case:
    """Close a signature that is not finished when its time is over: nothing is signed (CC 1175), everyone is told. Done by the platform."""
    gathered = ceremonies.going_on(case)
    if gathered.pk != ceremony or not gathering.over(gathered):
        raise Conflict
    end_sessions(case, *TO_SIGN, state=Session.State.EXPIRED)
    case.reach("signing-ended")
    record(case.chain, "ceremony.closed", actor, about=gathered, facts=hours(gathered), audience=access.PARTIES)
    return case

"""Invitations: by mail, with a single-use link and a date to answer; reminded once; corrected, cancelled, sent again."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Invalid, NotAllowed, NotFound
from backend.people.actor import Actor
from backend.people.models import Organisation, User
from backend.register.entries import record
from cases import access, links, mandates
from cases.actions.base import action
from cases.models import Case, Counsel, Invitation, Spouse
from cases.proceedings.declare import LAWYER, PARTY

OPEN = (Invitation.State.SENT, Invitation.State.CHANGES)


@action()
def send(actor: Actor, case: Case, *, spouse: UUID | None = None, counsel: UUID | None = None, email: str) -> Invitation:
    """Invite a spouse, or a lawyer named in the case, to join it. Raises NotAllowed where that is for the other side to do."""
    if spouse and counsel:
        raise Invalid(_("Invite one person at a time."), field="counsel")
    if case.invitations.filter(spouse=spouse, counsel=counsel, state=Invitation.State.SENT).exists():
        raise Conflict(_("An invitation is open already. Send it again, correct it or cancel it."))
    return _send(actor, case, _invitee(case, spouse, counsel), email)


@action()
def resend(actor: Actor, case: Case, *, invitation: UUID, email: str = "") -> Invitation:
    """Send it again, to a corrected address if one is given: the link sent before dies."""
    found = _open(case, invitation)
    return _send(actor, case, _invitee(case, found.spouse_id, found.counsel_id), email or found.email)


@action()
def cancel(actor: Actor, case: Case, *, invitation: UUID) -> Invitation:
    """Cancel it: its link dies at once."""
    found = _open(case, invitation)
    if not mandates.may_bring(actor, case, _invitee(case, found.spouse_id, found.counsel_id)):
        raise NotAllowed(_("This invitation is the other side's."))
    found.state = Invitation.State.CANCELLED
    found.save(update_fields=["state"])
    record(case.chain, "invitation.cancelled", actor, about=found, facts=_whom(found), audience=access.PARTIES)
    return found


@action(by_link=True)
def accept(actor: Actor, case: Case, *, token: str, consent: bool) -> Invitation:
    """Join the case as the person invited, consenting to electronic exchange or not (CPC 748-2)."""
    found, user = _of_link(actor, case, token)
    _join(case, found, actor)
    if consent and user.consent_electronic_at is None:
        user.consent_electronic_at = clock.now()
        user.save(update_fields=["consent_electronic_at"])
    found.state, found.answered_at = Invitation.State.ACCEPTED, clock.now()
    found.save(update_fields=["state", "answered_at"])
    joined = access.acting_as(actor, case, [PARTY if found.spouse_id else LAWYER])
    record(case.chain, "invitation.accepted", joined, about=found, facts={"consent": consent}, audience=access.PARTIES)
    return found


@action(by_link=True)
def ask_for_changes(actor: Actor, case: Case, *, token: str, comment: str) -> Invitation:
    """Answer with what should be changed first: the lawyer corrects and invites again."""
    found, _user = _of_link(actor, case, token)
    if not comment.strip():
        raise Invalid(_("Say what should be changed."), field="comment")
    found.state, found.comment, found.answered_at = Invitation.State.CHANGES, comment.strip(), clock.now()
    found.save(update_fields=["state", "comment", "answered_at"])
    record(case.chain, "invitation.changes_asked", actor, about=found, audience=access.PARTIES)
    return found


@action()
def remind(actor: Actor, case: Case, *, invitation: UUID) -> Invitation:
    """Remind the person invited, once."""
    found = _open(case, invitation)
    if found.reminded_at:
        raise Conflict(_("This person was reminded already."))
    found.reminded_at = clock.now()
    found.save(update_fields=["reminded_at"])
    record(case.chain, "invitation.reminded", actor, about=found, facts=_whom(found), audience=access.PARTIES)
    return found


def _send(actor: Actor, case: Case, person: Spouse | Counsel, email: str) -> Invitation:
    """A new invitation of somebody who has not joined; whatever was open for them is closed by it."""
    _not_here_yet(person)
    mandates.see_that_they_bring(actor, case, person, email)
    if "@" not in email:
        raise Invalid(_("Write the e-mail address of the person you invite."), field="email")
    person.invitations.filter(state__in=OPEN).update(state=Invitation.State.CANCELLED)
    invitation = Invitation(
        case=case,
        spouse=person if isinstance(person, Spouse) else None,
        counsel=person if isinstance(person, Counsel) else None,
        email=email.strip(),
        sent_by_id=actor.user_id,
        sent_at=clock.now(),
        answer_by=clock.today(case.zone) + timedelta(days=settings.INVITATION_DAYS),
    )
    invitation.token_digest = links.digest(links.token(invitation.pk))
    invitation.save(force_insert=True)
    facts = {"answer_by": str(invitation.answer_by), **_whom(invitation)}
    record(case.chain, "invitation.sent", actor, about=invitation, facts=facts, audience=access.PARTIES)
    return invitation


def _whom(invitation: Invitation) -> dict[str, str]:
    return {"person": str(invitation.invited)}


def _not_here_yet(person: Spouse | Counsel) -> None:
    """A place in a case is taken once: nobody is invited to, or joins in, the place of somebody who is there."""
    if person.user_id:
        raise Conflict(_("This person has joined the case already."))


def _join(case: Case, invitation: Invitation, actor: Actor) -> None:
    if spouse := invitation.spouse:
        _not_here_yet(spouse)
        if access.standing(actor, case).roles:
            raise Conflict(_("You are in this case already."))
        spouse.user_id = actor.user_id
        spouse.email = spouse.email or invitation.email
        spouse.save(update_fields=["user_id", "email"])
    elif counsel := invitation.counsel:
        _not_here_yet(counsel)
        mandates.see_that_they_may_act(actor, case, counsel)
        firm = next((organisation for organisation, role in sorted(actor.roles) if role == LAWYER), None)
        if firm is None:
            raise NotAllowed(_("This invitation is for a lawyer: your account belongs to no law firm yet. Ask your administrator."))
        found = Organisation.objects.get(pk=firm)
        counsel.user_id, counsel.firm, counsel.name, counsel.bar = actor.user_id, found, actor.name, found.bar or counsel.bar
        counsel.save(update_fields=["user_id", "firm", "name", "bar"])


def _invitee(case: Case, spouse: UUID | None, counsel: UUID | None) -> Spouse | Counsel:
    found = case.spouses.filter(pk=spouse).first() if spouse else case.counsels.filter(pk=counsel, until=None).first()
    if found is None:
        raise NotFound
    return found


def _open(case: Case, key: UUID) -> Invitation:
    invitation = case.invitations.filter(pk=key).first()
    if invitation is None:
        raise NotFound
    if invitation.state not in OPEN:
        raise Conflict(_("This invitation is not open any more."))
    return invitation


def _of_link(actor: Actor, case: Case, token: str) -> tuple[Invitation, User]:
    """The invitation a link opens, and whoever holds it: only the person invited may answer. Raises NotFound, NotNow past its day, NotAllowed."""
    invitation = links.invitation(token)
    if invitation is None or invitation.case_id != case.pk:
        raise NotFound
    user = User.objects.get(pk=actor.user_id)
    if user.email.lower() != invitation.email.lower():
        raise NotAllowed(_("This invitation was sent to another address. Sign in with that one, or ask for a new invitation."))
    return invitation, user

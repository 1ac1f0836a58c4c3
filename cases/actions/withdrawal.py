"""Withdrawal: consent must last until the judgment, so either spouse alone may take theirs back until then (CC 232)."""

from django.utils.translation import gettext as _

from backend import clock
from backend.errors import NotNow
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, instruments
from cases.actions.base import action
from cases.actions.signing import end_sessions
from cases.models import Case, Decision, Filing, Hearing, Invitation


@action(strong=True)
def withdraw(actor: Actor, case: Case, *, reason: str = "") -> Case:
    """Withdraw: the case ends here, open signatures and hearings with it; everything stays readable, and the others are told."""
    final = case.decisions.filter(kind__in=[Decision.Kind.HOMOLOGATION, Decision.Kind.LAPSE])
    if final.exclude(state=Decision.State.DRAFT).exists():
        raise NotNow(_("The judge has decided: the divorce can only be contested by a recourse."), law="CPC 1102, 1103")
    end_sessions(case)
    case.filings.filter(state=Filing.State.RECEIVED).update(state=Filing.State.WITHDRAWN)
    case.hearings.filter(state=Hearing.State.SCHEDULED).update(state=Hearing.State.DROPPED, reason=_("Withdrawal"))
    case.invitations.filter(state=Invitation.State.SENT).update(state=Invitation.State.CANCELLED)
    case.decisions.filter(state=Decision.State.DRAFT).delete()
    audience = access.EVERYONE if case.filed_at else access.PARTIES
    instruments.ask_for(case, "withdrawal-notice", audience, data={"reason": reason.strip(), "by": str(actor.user_id)})
    case.step, case.outcome, case.closed_at = "withdrawn", "withdrawn", clock.now()
    record(case.chain, "case.withdrawn", actor, about=case, audience=audience)
    return case

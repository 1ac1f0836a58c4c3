"""Withdrawal: consent must last until the judgment, so either spouse alone may take theirs back until then (CC 232)."""

from django.utils.translation import gettext as _

from backend import clock
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, instruments
from cases.actions.base import action
from cases.actions.signing import end_sessions
from cases.models import Case, Decision, Filing, Hearing, Invitation


@action(strong=True)
def withdraw(actor: Actor, case: Case, *, reason: str = "") -> Case:
    """Withdraw: the case ends here, open signatures and hearings with it; everything stays readable, and the others are told."""
    end_sessions(case)
    case.filings.filter(state=Filing.State.RECEIVED).update(state=Filing.State.WITHDRAWN)
    case.hearings.filter(state=Hearing.State.SCHEDULED).update(state=Hearing.State.DROPPED, reason=_("Withdrawal"))
    case.invitations.filter(state=Invitation.State.SENT).update(state=Invitation.State.CANCELLED)
    _take_back_undelivered(case)
    audience = access.EVERYONE if case.filed_at else access.PARTIES
    instruments.ask_for(case, "withdrawal-notice", audience, data={"reason": reason.strip(), "by": str(actor.user_id)})
    case.step, case.outcome, case.closed_at = "withdrawn", "withdrawn", clock.now()
    record(case.chain, "case.withdrawn", actor, about=case, audience=audience)
    return case


def _take_back_undelivered(case: Case) -> None:
    """No decision follows a withdrawal: neither a draft, nor an adjournment that the judge has signed and that is on its way."""
    for decision in case.decisions.exclude(state=Decision.State.DELIVERED).select_related("instrument"):
        instruments.set_aside(decision.instrument)
        decision.delete()

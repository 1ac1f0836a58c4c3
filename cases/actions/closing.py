"""The clerk closes a case whose decision is final."""

from django.utils.translation import gettext as _

from backend import clock
from backend.errors import NotNow
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access
from cases.actions.base import action
from cases.models import Case, Decision


@action()
def close(actor: Actor, case: Case) -> Case:
    """Close the case; everything in it stays readable."""
    decision = case.decisions.filter(state=Decision.State.DELIVERED).last()
    if decision is None or not decision.certified_at:
        raise NotNow(_("Issue the certificate that no recourse is open first."))
    case.closed_at = clock.now()
    case.reach("closed")
    record(case.chain, "case.closed", actor, about=case, facts={"outcome": case.outcome}, audience=access.EVERYONE)
    return case

"""The clerk closes a case whose decision is final."""

from backend import clock
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access
from cases.actions.base import action
from cases.models import Case


@action()
def close(actor: Actor, case: Case) -> Case:
    """Close the case; everything in it stays readable."""
    case.closed_at = clock.now()
    case.reach("closed")
    record(case.chain, "case.closed", actor, about=case, facts={"outcome": case.outcome}, audience=access.EVERYONE)
    return case

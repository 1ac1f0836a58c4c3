"""The clerk certifies that no recourse is open any more, and makes the extract for the civil-status records (CPC 1082)."""

from backend import clock
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, facts, instruments, timing
from cases.actions.base import action
from cases.models import Case, Decision


@action()
def issue(actor: Actor, case: Case) -> Decision:
    """Certify that the time for recourse has run out and that none was made, or that each has ended (CC 260 2°; CPC 1102, 1103)."""
    decision = case.decisions.filter(state=Decision.State.DELIVERED).latest("pk")
    last = timing.last_recourse(case, facts.of(case), timing.RECOURSES[decision.kind])
    decision.certified_at = clock.now()
    decision.save(update_fields=["certified_at"])
    instruments.ask_for(case, "certificate", access.EVERYONE, about=decision.pk)
    if decision.kind == Decision.Kind.HOMOLOGATION:
        instruments.ask_for(case, "civil-status-extract", access.EVERYONE, about=decision.pk)
    record(
        case.chain, "certificate.issued", actor, about=decision, facts={"last_day": str(last.end) if last else ""}, audience=access.EVERYONE
    )
    return decision

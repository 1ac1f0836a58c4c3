"""The clerk certifies that no recourse is open any more, and makes the extract for the civil-status records (CPC 1082)."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, NotNow
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, facts, instruments, timing
from cases.actions.base import action
from cases.actions.recourse import PERIODS
from cases.models import Case, Decision


@action()
def issue(actor: Actor, case: Case) -> Decision:
    """Certify that the time for recourse has run out and that none was made, or that each has ended (CC 260 2°; CPC 1102, 1103)."""
    decision = case.decisions.filter(state=Decision.State.DELIVERED).last()
    if decision is None or decision.kind == Decision.Kind.ADJOURNMENT:
        raise NotNow
    if decision.certified_at:
        raise Conflict(_("The certificate was issued already."))
    if decision.recourses.filter(ended_on=None).exists():
        raise NotNow(_("A recourse was made, and its end is not known."), law="CPC 1102, 1103")
    last = timing.last_recourse(case, facts.of(case), PERIODS[Decision.Kind(decision.kind)])
    if last is None or not last.passed(clock.now()):
        raise NotNow(
            _("The time for recourse runs until %(day)s at midnight.") % {"day": date_format(last.end, "DATE_FORMAT") if last else ""},
            law="CPC 1102, 1103, 642",
        )
    decision.certified_at = clock.now()
    decision.save(update_fields=["certified_at"])
    instruments.ask_for(case, "certificate", access.EVERYONE, about=decision.pk)
    if decision.kind == Decision.Kind.HOMOLOGATION:
        instruments.ask_for(case, "civil-status-extract", access.EVERYONE, about=decision.pk)
    record(case.chain, "certificate.issued", actor, about=decision, facts={"last_day": str(last.end)}, audience=access.EVERYONE)
    return decision

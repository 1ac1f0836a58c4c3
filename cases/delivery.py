"""What follows a decision's signature: it is delivered to all, and the case goes where the decision leads."""

from backend import clock
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, instruments
from cases.models import Case, Decision, Hearing, Instrument

LEADS_TO = {
    Decision.Kind.HOMOLOGATION: "homologated",
    Decision.Kind.ADJOURNMENT: "adjourned",
    Decision.Kind.LAPSE: "lapsed",
}


def deliver(actor: Actor, case: Case, instrument: Instrument) -> None:
    """Deliver a signed decision to the parties, their lawyers and the registry; the hearing it closes was held."""
    decision = case.decisions.select_related("hearing").get(instrument=instrument)
    decision.state, decision.delivered_at = Decision.State.DELIVERED, clock.now()
    decision.save(update_fields=["state", "delivered_at"])
    instrument.audience = list(access.EVERYONE)
    instrument.save(update_fields=["audience"])
    if decision.hearing:
        Hearing.objects.filter(pk=decision.hearing_id).update(state=Hearing.State.HELD)
    if decision.kind == Decision.Kind.ADJOURNMENT:
        instruments.supersede(case, "agreement")
    for spouse in case.spouses.all():
        instruments.ask_for(
            case, "notification", (*access.side(spouse.side), *access.COURT), about=spouse.pk, data={"decision": str(decision.pk)}
        )
    case.reach(LEADS_TO[Decision.Kind(decision.kind)])
    if decision.kind == Decision.Kind.LAPSE:
        case.outcome = "lapsed"
    if decision.kind == Decision.Kind.HOMOLOGATION:
        case.outcome = "divorced"
    digests = {str(instrument.pk): instrument.document.head.sha256} if instrument.document and instrument.document.head else {}
    facts = {"kind": decision.kind, "on": str(decision.on)}
    record(case.chain, "decision.delivered", actor, about=decision, digests=digests, facts=facts, audience=access.EVERYONE)

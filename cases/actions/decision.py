"""What the judge decides: homologation, adjournment, lapse; drafted, signed, delivered to all."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Invalid, NotNow
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, facts, instruments, timing
from cases.actions.base import action
from cases.actions.signing import consent, frozen_digest
from cases.models import Case, Decision, Hearing
from cases.writing.decisions import is_refusal
from signatures import ceremony


@action()
def draft(
    actor: Actor,
    case: Case,
    *,
    kind: str,
    body: str = "",
    on: date | None = None,
    conditions: Sequence[str] = (),
    provisional_measures: Sequence[str] = (),
) -> Decision:
    """Draft a decision, or change the draft: the platform typesets it, the judge reads and signs exactly that.

    An empty `body` stands for the text that the platform proposes from the case.
    """
    day = on or clock.today(case.zone)
    hearing = _grounds(case, kind, day)
    conditions = [condition.strip() for condition in conditions if condition.strip()]
    if kind == Decision.Kind.ADJOURNMENT and not conditions:
        raise Invalid(_("Say which conditions the new agreement must meet."), field="conditions", law="CC 250-2; CPC 1100")
    decision = case.decisions.filter(state=Decision.State.DRAFT).first() or Decision(case=case)
    decision.kind, decision.on, decision.hearing, decision.by_id = kind, day, hearing, actor.user_id
    decision.conditions, decision.provisional_measures = (
        conditions,
        [measure.strip() for measure in provisional_measures if measure.strip()],
    )
    decision.refusal = is_refusal(kind, hearing)
    decision.body = body.strip()
    instruments.set_aside(decision.instrument)
    decision.save()
    decision.instrument = instruments.ask_for(case, "decision", access.JUDGES, about=decision.pk)
    decision.save(update_fields=["instrument"])
    record(case.chain, "decision.drafted", actor, about=decision, facts={"kind": kind}, audience=access.JUDGES)
    return decision


@action()
def discard(actor: Actor, case: Case) -> Decision:
    """Set the draft aside."""
    decision = _draft(case)
    instruments.set_aside(decision.instrument)
    record(case.chain, "decision.discarded", actor, about=decision, audience=access.JUDGES)
    key = decision.pk
    decision.delete()
    decision.pk = key
    return decision


@action(strong=True)
def sign(actor: Actor, case: Case, *, shown: str) -> Decision:
    """Pronounce and sign the decision as it was shown, to the byte; it is delivered once signed (CC 250-1 to 250-3; CPC 1099 to 1101).

    `shown` is the SHA-256 of the typeset draft that the judge read.
    """
    decision = _draft(case)
    instrument = decision.instrument
    if instrument is None or instrument.document is None or instrument.document.head is None:
        raise Conflict(_("The draft is still being typeset. Try again in a moment."), code="still-making")
    _grounds(case, decision.kind, decision.on)
    if decision.on > clock.today(case.zone):
        raise NotNow(
            _("The draft says it is pronounced on %(day)s: sign it on that day, or change the day.")
            % {"day": date_format(decision.on, "DATE_FORMAT")}
        )
    if instrument.document.head.sha256 != shown:
        raise Conflict(_("The document has changed since you read it. Read it again before you sign."), code="changed")
    spec = ceremony.SignerSpec(actor.person, actor.name, "Juge aux affaires familiales")
    instrument.session = ceremony.open_session(instrument.document.head, [spec], purpose=f"{case.kind}.decision")
    instrument.save(update_fields=["session"])
    consent(actor, instrument)
    decision.state = Decision.State.SIGNING
    decision.save(update_fields=["state"])
    digests = {str(instrument.pk): frozen_digest(instrument)}
    record(case.chain, "decision.signed", actor, about=decision, digests=digests, facts={"kind": decision.kind}, audience=access.COURT)
    return decision


@action()
def record_service(actor: Actor, case: Case, *, on: date) -> Decision:
    """Note the day on which the decision was served by registered letter (CPC 675, 1074-3)."""
    return _note(actor, case, "served_on", on, "decision.served")


@action()
def record_transmission(actor: Actor, case: Case, *, on: date, title: bool = False) -> Decision:
    """Note the day on which the maintenance data, or the title, went to the family-benefits body (CPC 1074-4)."""
    return _note(
        actor,
        case,
        "title_sent_on" if title else "maintenance_sent_on",
        on,
        "decision.title_sent" if title else "decision.maintenance_sent",
    )


@action()
def record_mention(actor: Actor, case: Case, *, on: date) -> Decision:
    """Note the day of the mention on the civil-status records: from then it counts towards third parties (CC 262; CPC 1082)."""
    return _note(actor, case, "mentioned_on", on, "decision.mentioned")


def _note(actor: Actor, case: Case, field: str, on: date, kind: str) -> Decision:
    decision = case.decisions.filter(state=Decision.State.DELIVERED).last()
    if decision is None:
        raise NotNow
    if on < decision.on or on > clock.today(case.zone):
        raise Invalid(_("Choose a day from the decision to this day."), field="on")
    setattr(decision, field, on)
    decision.save(update_fields=[field])
    record(case.chain, kind, actor, about=decision, facts={"on": str(on)}, audience=access.EVERYONE)
    return decision


def _draft(case: Case) -> Decision:
    return case.decisions.select_related("instrument__document__head").get(state=Decision.State.DRAFT)


def _grounds(case: Case, kind: str, day: date) -> Hearing | None:
    """The hearing this decision follows; nothing for a lapse because no new agreement came. Raises NotNow where the law does not open it."""
    known = facts.of(case)
    if case.step == "new-agreement":
        due = timing.due(case, known, "new-agreement")
        if kind != Decision.Kind.LAPSE or due is None or not due.over or due.suspended:
            day_of_end = due.on if due else ""
            raise NotNow(
                _("The period for a new agreement runs until %(day)s at midnight.") % {"day": date_format(day_of_end, "DATE_FORMAT")},
                law="CPC 642, 1101",
            )
        return None
    hearing = case.hearings.filter(state=Hearing.State.SCHEDULED).first()
    if hearing is None or clock.day(hearing.at, case.zone) > day or clock.now() < hearing.at:
        raise NotNow(_("The hearing has not been held yet."), law="CPC 1099")
    refusals = known.counts["refusals"]
    if kind == Decision.Kind.ADJOURNMENT and refusals:
        raise NotNow(_("The agreement was refused once already: a second refusal makes the petition lapse."), law="CC 250-3; CPC 1101")
    if kind == Decision.Kind.LAPSE and not refusals:
        raise NotNow(_("A first refusal adjourns the case: the parties may present a new agreement."), law="CC 250-2; CPC 1100")
    return hearing

"""Handing the petition to the court, and what the clerk answers."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Finding, Incomplete, Invalid, NotFound, NotNow
from backend.people.actor import Actor
from backend.people.models import User
from backend.register.entries import record
from cases import access, checks, instruments, timing
from cases.actions.base import action
from cases.actions.exhibit import hand_over
from cases.models import Case, Exhibit, Filing, Instrument, Question
from cases.models.rg_number import next_rg_number
from cases.proceedings.declare import CLERK
from cases.reasons import REASONS


@action(strong=True)
def submit(actor: Actor, case: Case) -> Filing:
    """Seize the judge with the joint petition; it stands as submissions (CPC 1092).

    Raises Incomplete, with all that is missing at once: a faulty filing loses nothing.
    """
    found = checks.findings(case)
    if blocking := checks.blocking(found):
        raise Incomplete(blocking)
    case.chamber = case.chamber or (case.court.chambers.order_by("name").first() if case.court else None)
    case.filed_at = case.filed_at or clock.now()
    filing = _hand_in(actor, case, "petition", found)
    case.reach("filed")
    return filing


@action(strong=True)
def submit_new_agreement(actor: Actor, case: Case, *, clauses: Mapping[str, str] | None = None) -> Filing:
    """Present the new agreement within the six months (CC 250-2; CPC 1100, 1101). `clauses` name, for each condition of the order, what answers it."""
    known = checks.known(case)
    due = timing.due(case, known, "new-agreement")
    if due and due.over and not due.suspended:
        raise NotNow(
            _("The period ended on %(day)s at midnight. The judge records the lapse.") % {"day": date_format(due.on, "DATE_FORMAT")},
            law="CC 250-3; CPC 1101",
        )
    if "agreement" not in known.signed:
        raise Incomplete([finding for finding in checks.findings(case, known) if finding.about == "agreement"])
    filing = _hand_in(actor, case, "new-agreement", checks.conditions(case, clauses or {}))
    case.reach("new-agreement-filed")
    return filing


def _hand_in(actor: Actor, case: Case, kind: str, warnings: Sequence[Finding]) -> Filing:
    """The filing with exactly what goes with it: what is signed, and every exhibit that was communicated or is common to both."""
    hand_over(
        actor,
        case,
        [exhibit for exhibit in case.exhibits.kept().with_files().filter(side=0, document__isnull=False) if not exhibit.communicated_at],
    )
    acts = list(case.instruments.current().of_kind("petition", "agreement").exclude(signed_at=None).select_related("document__head"))
    exhibits = list(case.exhibits.kept().communicated().with_files())
    filing = Filing.objects.create(
        case=case,
        kind=kind,
        attempt=case.filings.filter(kind=kind).count() + 1,
        state=Filing.State.ACCEPTED if kind == "new-agreement" else Filing.State.RECEIVED,
        submitted_by_id=actor.user_id,
        submitted_at=clock.now(),
        findings=[finding.as_json() for finding in warnings],
        digests=_digests(acts, exhibits),
    )
    filing.instruments.set(acts)
    filing.exhibits.set(exhibits)
    for act in acts:
        act.audience = list(access.EVERYONE)
        act.save(update_fields=["audience"])
    instruments.ask_for(case, "receipt", access.EVERYONE, about=filing.pk)
    instruments.ask_for(case, "list-of-exhibits", access.EVERYONE, about=filing.pk)
    name = "filing.submitted" if kind == "petition" else "filing.new_agreement_submitted"
    record(case.chain, name, actor, about=filing, digests=filing.digests, facts={"attempt": filing.attempt}, audience=access.EVERYONE)
    return filing


def _digests(acts: Sequence[Instrument], exhibits: Sequence[Exhibit]) -> dict[str, str]:
    """Of what the court gets: of an identity paper, its marked copy."""
    going = {**{act.pk: act.document for act in acts}, **{exhibit.pk: exhibit.shared for exhibit in exhibits}}
    return {str(key): document.head.sha256 for key, document in going.items() if document and document.head}


@action()
def claim(actor: Actor, case: Case) -> Filing:
    """Take the filing on one's desk, also from a clerk who keeps this registry no more.

    Raises Conflict, naming who has it, when another clerk took it first.
    """
    filing = _received(case)
    if filing.claimed_by and filing.claimed_by_id != actor.user_id and _keeps_the_registry(filing.claimed_by, case):
        raise Conflict(_("%(name)s has taken this filing.") % {"name": filing.claimed_by.full_name}, code="claimed")
    filing.claimed_by_id, filing.claimed_at, filing.released_because = actor.user_id, clock.now(), ""
    filing.save(update_fields=["claimed_by", "claimed_at", "released_because"])
    record(case.chain, "filing.claimed", actor, about=filing, audience=access.COURT)
    return filing


@action()
def release(actor: Actor, case: Case, *, reason: str = "") -> Filing:
    """Put the filing back in the queue. Whoever does it for the clerk who took it says why, and that clerk is told."""
    filing = _received(case)
    if filing.claimed_by is None:
        raise Conflict(_("Nobody has taken this filing."), code="unclaimed")
    holder = filing.claimed_by if filing.claimed_by_id != actor.user_id else None
    if holder and not reason.strip():
        raise Invalid(_("Say why: %(name)s has taken this filing, and is told.") % {"name": holder.full_name}, field="reason")
    filing.claimed_by, filing.claimed_at, filing.released_because = None, None, reason.strip()
    filing.save(update_fields=["claimed_by", "claimed_at", "released_because"])
    told = {"taken_from": str(holder.pk)} if holder else {}
    record(case.chain, "filing.released", actor, about=filing, facts=told, audience=access.COURT)
    return filing


@action()
def assign(actor: Actor, case: Case, *, chamber: UUID) -> Case:
    """Send the case to another chamber of its court, whose clerks and judges then see it; a filing still to be answered waits there for a clerk."""
    found = case.court.chambers.filter(pk=chamber).first() if case.court else None
    if found is None:
        raise Invalid(_("Choose a chamber of this court."), field="chamber")
    if found.pk == case.chamber_id:
        raise Conflict(_("The case is before this chamber already."))
    case.chamber = found
    case.filings.filter(state=Filing.State.RECEIVED).update(claimed_by=None, claimed_at=None)
    record(case.chain, "filing.assigned", actor, about=case, facts={"chamber": str(found.pk)}, audience=access.COURT)
    return case


@action()
def ask(actor: Actor, case: Case, *, to: Sequence[UUID], text: str, answer_by: date) -> Question:
    """Put a question to named people of the case, with a date; the filing stays where it is."""
    filing = _on_my_desk(actor, case)
    if not text.strip():
        raise Invalid(_("Write your question."), field="text")
    if answer_by < clock.today(case.zone):
        raise Invalid(_("Choose a day to come."), field="answer_by")
    people = {spouse.user_id for spouse in case.spouses.all()} | {counsel.user_id for counsel in case.counsels.filter(until=None)}
    if not to or not set(to) <= people:
        raise Invalid(_("Choose people of this case."), field="to")
    question = Question.objects.create(
        case=case, filing=filing, asked_by_id=actor.user_id, asked_at=clock.now(), text=text.strip(), answer_by=answer_by
    )
    question.to.set(User.objects.filter(pk__in=to))
    instruments.ask_for(case, "question-notice", access.EVERYONE, about=question.pk)
    record(case.chain, "filing.asked", actor, about=question, facts={"answer_by": str(answer_by)}, audience=access.EVERYONE)
    return question


@action()
def answer(actor: Actor, case: Case, *, question: UUID, text: str) -> Question:
    """Answer the registry's question, as one of those it was put to."""
    asked = case.questions.filter(pk=question, to=actor.user_id).first()
    if asked is None:
        raise NotFound
    if asked.answered_at:
        raise Conflict(_("This question was answered already."))
    if not text.strip():
        raise Invalid(_("Write your answer."), field="text")
    asked.answer, asked.answered_by_id, asked.answered_at = text.strip(), actor.user_id, clock.now()
    asked.save(update_fields=["answer", "answered_by", "answered_at"])
    record(case.chain, "filing.answered", actor, about=asked, audience=access.EVERYONE)
    return asked


@action()
def return_for_correction(actor: Actor, case: Case, *, reasons: Sequence[Mapping[str, str]]) -> Filing:
    """Return the filing with typed reasons, each completed with what to do; nothing is lost, and it is filed again."""
    filing = _on_my_desk(actor, case)
    if not reasons:
        raise Invalid(_("Choose at least one reason."), field="reasons")
    for reason in reasons:
        if reason.get("code") not in REASONS:
            raise Invalid(_("Choose each reason from the list."), field="reasons")
    filing.state, filing.answered_by_id, filing.answered_at = Filing.State.RETURNED, actor.user_id, clock.now()
    filing.reasons = [{"code": reason["code"], "note": reason.get("note", "").strip()} for reason in reasons]
    filing.save(update_fields=["state", "answered_by", "answered_at", "reasons"])
    instruments.ask_for(case, "return-notice", access.EVERYONE, about=filing.pk)
    case.reach("returned")
    codes = [reason["code"] for reason in filing.reasons]
    record(case.chain, "filing.returned_for_correction", actor, about=filing, facts={"reasons": codes}, audience=access.EVERYONE)
    return filing


@action()
def accept(actor: Actor, case: Case) -> Filing:
    """Accept the filing (*enrôler*) and give the case its RG number; one it had before an undo stays its own."""
    filing = _on_my_desk(actor, case)
    filing.state, filing.answered_by_id, filing.answered_at = Filing.State.ACCEPTED, actor.user_id, clock.now()
    filing.save(update_fields=["state", "answered_by", "answered_at"])
    instruments.ask_for(case, "acceptance-notice", access.EVERYONE, about=filing.pk)
    case.reach("accepted")
    case.rg_number = case.rg_number or next_rg_number(case.court_id, clock.today(case.zone).year)
    record(case.chain, "filing.accepted", actor, about=filing, facts={"rg_number": case.rg_number}, audience=access.EVERYONE)
    return filing


@action()
def undo_acceptance(actor: Actor, case: Case, *, reason: str) -> Filing:
    """Undo an acceptance made by mistake, with a reason, as long as nothing followed; the number stays with the case."""
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    if case.child_hearings.exists():
        raise NotNow(_("A child has been heard since: the acceptance stands."))
    filing = case.filings.filter(kind="petition", state=Filing.State.ACCEPTED).latest("submitted_at")
    filing.state, filing.claimed_by_id, filing.answered_at = Filing.State.RECEIVED, actor.user_id, None
    filing.undone_because = reason.strip()
    filing.save(update_fields=["state", "claimed_by", "answered_at", "undone_because"])
    case.reach("acceptance-undone")
    record(case.chain, "filing.acceptance_undone", actor, about=filing, audience=access.EVERYONE)
    return filing


def _received(case: Case) -> Filing:
    filing = case.filings.select_related("claimed_by").filter(state=Filing.State.RECEIVED).first()
    if filing is None:
        raise NotNow
    return filing


def _keeps_the_registry(clerk: User, case: Case) -> bool:
    """Whether this person is still a clerk where the case is."""
    return clerk.is_active and access.standing(Actor.of(clerk), case).is_any(CLERK)


def _on_my_desk(actor: Actor, case: Case) -> Filing:
    filing = _received(case)
    if filing.claimed_by is None:
        raise Conflict(_("Take this filing on your desk first."), code="unclaimed")
    if filing.claimed_by_id != actor.user_id:
        raise Conflict(_("%(name)s has taken this filing.") % {"name": filing.claimed_by.full_name}, code="claimed")
    return filing

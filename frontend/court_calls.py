"""The one thing to do now at the court: for the clerk and the judge, by the step of the case."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from backend import clock
from cases.models import Decision, Filing, Hearing
from cases.outlook import Outlook
from cases.proceedings.declare import CLERK, JUDGE
from frontend import words
from frontend.call_pages import doing, waiting
from frontend.components import Call


def call(seen: Outlook) -> Call:
    """What waits for this clerk or this judge; else what the case waits for."""
    say = CALLS.get(seen.case.step)
    return say(seen) if say else waiting(seen, seen.step.title)


def _check(seen: Outlook) -> Call:
    filing = seen.case.filings.select_related("claimed_by").filter(state=Filing.State.RECEIVED).first()
    taken = filing.claimed_by if filing else None
    if taken and taken.pk != seen.actor.user_id:
        return waiting(seen, _("%(name)s has taken this filing.") % {"name": taken.full_name})
    if not seen.standing.is_any(CLERK):
        return waiting(seen, _("The registry is checking the petition"), _("The case comes to the judge once it is accepted."))
    return doing(seen, "filing.claim", _("Check the filing"), _("Accept it, ask a question, or return it for correction."))


def _hear_child(seen: Outlook) -> Call:
    title = _("Hear the child who asks, or refuse")
    return doing(seen, "child.hear", title) if seen.standing.is_any(JUDGE) else waiting(seen, _("The judge hears the child first"))


def _schedule(seen: Outlook) -> Call:
    return doing(seen, "hearing.schedule", _("Set the hearing"), _("The spouses are summoned at least fifteen days before."))


def _hear(seen: Outlook) -> Call:
    hearing = seen.case.hearings.filter(state=Hearing.State.SCHEDULED).first()
    if hearing is None:
        return waiting(seen, seen.step.title)
    when = _("Hearing on %(moment)s") % {"moment": words.moment_words(hearing.at, seen.case.zone)}
    if hearing.at <= clock.now():
        return doing(seen, "decision.draft", _("Draft and sign the decision"), when)
    if hearing.summonses.filter(sent_on=None).exists() and seen.standing.is_any(CLERK):
        due = next((due.on for due in seen.dues if due.period.name == "summons" and due.open), None)
        return doing(seen, "hearing.serve_summons", _("Post the summonses"), when, deadline=due)
    return waiting(seen, when)


def _new_agreement(seen: Outlook) -> Call:
    due = next((due for due in seen.dues if due.period.name == "new-agreement"), None)
    if due and due.over and not due.suspended and seen.standing.is_any(JUDGE):
        return doing(seen, "decision.draft", _("Find the petition lapsed"), _("No new agreement came within the six months."))
    return waiting(seen, _("The parties may present a new agreement"))


def _after(seen: Outlook) -> Call:
    decision = seen.case.decisions.filter(state=Decision.State.DELIVERED).last()
    if decision is None or not seen.standing.is_any(CLERK):
        return waiting(seen, seen.step.title)
    if decision.served_on is None:
        return doing(seen, "decision.record_service", _("Serve the decision by registered letter"))
    if decision.certified_at is None:
        act = "certificate.issue" if "certificate.issue" in seen.may else "decision.record_mention"  # the same page, where one waits
        return doing(seen, act, _("Certify that no recourse is open, once the time has run out"))
    return doing(seen, "closing.close", _("Close the case"))


CALLS: Mapping[str, Callable[[Outlook], Call]] = {
    "check": _check,
    "hear-child": _hear_child,
    "schedule": _schedule,
    "hear": _hear,
    "new-agreement": _new_agreement,
    "recourse": _after,
    "lapsed": _after,
}

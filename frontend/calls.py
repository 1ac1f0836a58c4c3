"""The one thing to do now: from what a person may do in a case, and what is missing in it, to one panel with one button."""

import itertools
from collections.abc import Callable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from backend import clock
from cases.checks import drafts
from cases.models import Filing, Hearing, Instrument, Question
from cases.outlook import Outlook
from cases.proceedings.declare import CLERK, JUDGE, LAWYER, STAFF
from frontend import asked, court_calls, words
from frontend.call_pages import doing, waiting
from frontend.components import Call


def call(seen: Outlook) -> Call:
    """The one thing to do now for this person."""
    if seen.standing.is_any(CLERK, JUDGE):
        return court_calls.call(seen)
    say = CALLS.get(seen.case.step)
    return say(seen) if say else waiting(seen, seen.step.title)


def _prepare(seen: Outlook) -> Call:
    missing = [one for one in asked.open_to(seen) if one.topic.needed and not one.answered]
    if missing:
        left = (
            _("%(number)s answers are still needed.") % {"number": len(missing)} if len(missing) > 1 else _("One answer is still needed.")
        )
        return doing(seen, "answers.save", _("Answer the questions"), left)
    if asked.wanted(seen, blocking=True):
        return doing(seen, "exhibit.add", _("Bring the documents that are missing"), _("The list says which, and why."))
    return _prepare_as_lawyer(seen) if seen.standing.is_any(LAWYER, STAFF) else _read_the_agreement(seen)


def _read_the_agreement(seen: Outlook) -> Call:
    agreement = current(seen, "agreement")
    if agreement is None:
        return waiting(seen, _("Your lawyer is preparing the agreement"), _("You will be told when there is something to read."))
    url = reverse("agreement", args=[seen.case.pk])
    return Call(
        _("Read the agreement"),
        _("Tell your lawyer what you think of it before it is signed."),
        url,
        _("Read the agreement"),
        zone=seen.case.zone,
    )


def _prepare_as_lawyer(seen: Outlook) -> Call:
    if seen.case.court_id is None:
        return doing(seen, "opening.choose_court", _("Choose the court"), _("The court where either spouse lives."))
    if any(person.spouse.user_id is None for person in seen.people) or any(counsel.user_id is None for counsel in seen.case.counsels.all()):
        return doing(seen, "invitation.send", _("Invite those who have not joined yet"), _("Everyone who signs must have joined the case."))
    if current(seen, "agreement") is None:
        return doing(seen, "agreement.upload", _("Bring the agreement"))
    petition = current(seen, "petition")
    if petition is None:
        return doing(seen, "petition.prepare", _("Draw up the petition"), _("It is made from the answers."))
    if petition.document_id is None:
        return waiting(seen, _("The petition is being drawn up"), _("It is here in a moment."))
    if drafts.outdated(petition):
        changed = _("It does not say any more what the answers and the exhibits say.")
        return doing(seen, "petition.prepare", _("Draw the petition up again"), changed)
    return doing(seen, "signing.open", _("Open the signature"), _("Each spouse and each lawyer then reads and signs."))


def _sign(seen: Outlook) -> Call:
    mine = [instrument for instrument in seen.instruments if waits_for(instrument, seen)]
    if mine:
        return not_open(seen, mine[0]) or doing(
            seen,
            "signing.sign",
            _("Read and sign the petition and the agreement"),
            _("Read each page first. You may also refuse, and say why."),
        )
    url = reverse("signature", args=[seen.case.pk])
    return Call(_("The others are signing"), _("You see here who has signed."), url, _("See who has signed"), zone=seen.case.zone)


def not_open(seen: Outlook, awaited: Instrument) -> Call | None:
    """What to do while nobody may sign: before the signature opens, and while it is paused."""
    ceremony = awaited.session.ceremony if awaited.session else None
    url = reverse("signature", args=[seen.case.pk])
    if ceremony and ceremony.way == "paper":
        opens, closes = (words.moment_words(moment, seen.case.zone) for moment in (ceremony.opens_at, ceremony.closes_at))
        title = _("You sign on paper, on %(opens)s") % {"opens": opens}
        if awaited.session and awaited.session.at_once:
            title = _("You sign on paper, before %(closes)s") % {"closes": closes}
        return Call(title, ceremony.place, url, _("Read the documents"))
    if ceremony and ceremony.paused_at:
        return Call(_("The signature is paused"), _("You are told when it goes on. You may read meanwhile."), url, _("Read the documents"))
    if ceremony and clock.now() < ceremony.opens_at:
        title = _("The signature opens on %(opens)s") % {"opens": words.moment_words(ceremony.opens_at, seen.case.zone)}
        return Call(
            title, ceremony.place or _("Read the documents, and try the signature beforehand."), url, _("Read, and try the signature")
        )
    if earlier := _before_me(seen, awaited):
        title = _("You sign after %(names)s") % {"names": " · ".join(earlier)}
        return Call(title, _("You are told when it is your turn. You may read meanwhile."), url, _("Read the documents"))
    return None


def _before_me(seen: Outlook, awaited: Instrument) -> list[str]:
    """The names of those who sign first, where one signs after the other."""
    if awaited.session is None or not awaited.session.ordered:
        return []
    waiting = [signer for signer in awaited.session.signers.all() if signer.state == "waiting"]
    return [signer.name for signer in itertools.takewhile(lambda one: one.person != seen.actor.user_id, waiting)]


def _file(seen: Outlook) -> Call:
    if not seen.standing.is_any(LAWYER):
        return waiting(seen, _("Your lawyer files the petition with the court"))
    if was_returned(seen):
        return doing(
            seen,
            "filing.submit",
            _("Correct what the registry asks, then file again"),
            _("Its reasons are below, each with the way to mend it."),
        )
    if seen.blockers:
        url = reverse("checks", args=[seen.case.pk])
        return Call(
            _("Mend what stands in the way of the filing"),
            _("Nothing is lost: see what is missing and how to mend it."),
            url,
            _("See what is missing"),
        )
    return doing(seen, "filing.submit", _("File the petition with the court"), _("You see exactly what goes before you press the button."))


def _check(seen: Outlook) -> Call:
    question = put_to(seen)
    if question:
        return doing(seen, "filing.answer", _("The registry asks you a question"), question.text, deadline=question.answer_by)
    return waiting(seen, _("The registry is checking the petition"), _("You will have a message as soon as the clerk has answered."))


def _hear(seen: Outlook) -> Call:
    found = seen.case.hearings.filter(state=Hearing.State.SCHEDULED).first()
    if found is None:
        return waiting(seen, seen.step.title)
    when = words.moment_words(found.at, seen.case.zone)
    summons = next((one for one in seen.instruments if one.kind == "summons" and one.document_id), None)
    title = _("Come to the hearing on %(moment)s") % {"moment": when}
    if summons is None:
        return waiting(seen, title)
    return Call(
        title, seen.step.plain, f"/api/v1/cases/{seen.case.pk}/instruments/{summons.pk}/file", _("Read the summons"), law=seen.step.law
    )


def _new_agreement(seen: Outlook) -> Call:
    due = next((due.on for due in seen.dues if due.period.name == "new-agreement" and due.open), None)
    if awaited := next((instrument for instrument in seen.instruments if waits_for(instrument, seen)), None):
        return not_open(seen, awaited) or doing(seen, "signing.sign", _("Read and sign the new agreement"), deadline=due)
    agreement = current(seen, "agreement")
    if not seen.standing.is_any(LAWYER, STAFF):
        return waiting(seen, _("A new agreement is being prepared"))
    if agreement is None:
        return doing(
            seen, "agreement.upload", _("Bring the new agreement"), _("It answers the conditions of the judge's order."), deadline=due
        )
    if agreement.signed_at:
        return doing(seen, "filing.submit_new_agreement", _("Present the new agreement to the court"), deadline=due)
    return doing(seen, "signing.open", _("Have the new agreement signed"), deadline=due)


def _recourse(seen: Outlook) -> Call:
    return waiting(
        seen, _("The divorce is pronounced"), _("It becomes final when no recourse is open any more. The dates say until when one is.")
    )


CALLS: Mapping[str, Callable[[Outlook], Call]] = {
    "prepare": _prepare,
    "sign": _sign,
    "file": _file,
    "check": _check,
    "hear": _hear,
    "new-agreement": _new_agreement,
    "recourse": _recourse,
}


def current(seen: Outlook, kind: str) -> Instrument | None:
    """The newest instrument of this kind that was not set aside."""
    return next((one for one in reversed(seen.instruments) if one.kind == kind and one.superseded_at is None), None)


def waits_for(instrument: Instrument, seen: Outlook) -> bool:
    """Whether its open session waits for this person's signature."""
    session = instrument.session
    if session is None or session.state != "open" or instrument.superseded_at:
        return False
    return any(signer.person == seen.actor.user_id and signer.state == "waiting" for signer in session.signers.all())


def was_returned(seen: Outlook) -> bool:
    """Whether the last filing came back for correction."""
    last = seen.case.filings.first()
    return last is not None and last.state == Filing.State.RETURNED


def put_to(seen: Outlook) -> Question | None:
    """The registry's question that waits for this person's answer."""
    return seen.case.questions.filter(to=seen.actor.user_id, answered_at=None).first()

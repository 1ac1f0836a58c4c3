"""Entries of the register as people read them: what happened in plain words, who did it, and the way to the paper that shows it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.errors import Text
from cases.models import Case, Decision, Instrument, Message
from cases.outlook import Outlook
from cases.told import told
from frontend import labels, words
from frontend.components import Happening

TITLES: Mapping[str, Text] = {
    "case.opened": gettext_lazy("Case opened"),
    "case.withdrawn": gettext_lazy("One of the spouses has withdrawn: the case ends here"),
    "case.closed": gettext_lazy("Case closed"),
    "case.held": gettext_lazy("The case is held: nothing of it is erased"),
    "case.released": gettext_lazy("The case is held no more"),
    "case.erasure_announced": gettext_lazy("The documents of the case will soon be erased"),
    "case.erased": gettext_lazy("Documents of the case erased, having been kept as long as they must"),
    "exhibit.original_erased": gettext_lazy("Original of an identity paper erased, the case being over"),
    "child.added": gettext_lazy("Child added"),
    "child.removed": gettext_lazy("Child taken out"),
    "child.heard": gettext_lazy("The judge heard the child"),
    "child.hearing_refused": gettext_lazy("The judge refused to hear the child, for lack of discernment"),
    "court.chosen": gettext_lazy("Court chosen"),
    "counsel.named": gettext_lazy("Lawyer named"),
    "answer.saved": gettext_lazy("Answer saved"),
    "invitation.sent": gettext_lazy("Invitation sent"),
    "invitation.cancelled": gettext_lazy("Invitation cancelled"),
    "invitation.accepted": gettext_lazy("Invitation accepted: one more person has joined the case"),
    "invitation.changes_asked": gettext_lazy("The person invited asks for changes first"),
    "invitation.reminded": gettext_lazy("Reminder of the invitation sent"),
    "exhibit.added": gettext_lazy("Exhibit added"),
    "exhibit.described": gettext_lazy("Exhibit described"),
    "exhibit.removed": gettext_lazy("Exhibit taken back"),
    "exhibit.ordered": gettext_lazy("Exhibits put in order"),
    "exhibit.communicated": gettext_lazy("Exhibit communicated"),
    "exhibit.stamped": gettext_lazy("Exhibit stamped with its number"),
    "exhibit.marked": gettext_lazy("Marked copy of an identity paper made, for the others to see"),
    "exhibit.infected": gettext_lazy("File of an exhibit set aside: a virus was found in it"),
    "exhibit.original_opened": gettext_lazy("Original of an identity paper opened by the court"),
    "agreement.uploaded": gettext_lazy("Agreement brought in"),
    "agreement.reopened": gettext_lazy("Petition and agreement set aside, to be changed"),
    "petition.prepared": gettext_lazy("Petition drawn up"),
    "letter.attached": gettext_lazy("Document made"),
    "signing.opened": gettext_lazy("Signature opened"),
    "signing.prepared": gettext_lazy("Gone to sign with their own certificate"),
    "signing.consented": gettext_lazy("Signature given"),
    "signing.signed": gettext_lazy("Signature placed in the document"),
    "signing.refused": gettext_lazy("Signature refused"),
    "signing.cancelled": gettext_lazy("Signature ended before everyone had signed"),
    "signing.completed": gettext_lazy("Everyone has signed"),
    "ceremony.rehearsed": gettext_lazy("Signature tried beforehand: device, code and connection work"),
    "ceremony.presence_attested": gettext_lazy("Presence attested by the lawyer"),
    "ceremony.reminded": gettext_lazy("Reminder of the signature sent"),
    "ceremony.paused": gettext_lazy("Signature paused"),
    "ceremony.resumed": gettext_lazy("Signature resumed"),
    "ceremony.signature_taken_back": gettext_lazy("Signature taken back, to be given again"),
    "paper.scan_brought": gettext_lazy("Scan of what was signed on paper brought"),
    "paper.scan_compared": gettext_lazy("Scan compared page by page with the text"),
    "paper.signed": gettext_lazy("Signed on paper: the scan is confirmed"),
    "ceremony.closed": gettext_lazy("Signature closed before everyone had signed: nothing is signed"),
    "message.written": gettext_lazy("Message written"),
    "bundle.asked": gettext_lazy("A copy of the documents was asked for"),
    "filing.submitted": gettext_lazy("Petition filed with the court"),
    "filing.new_agreement_submitted": gettext_lazy("New agreement presented to the court"),
    "filing.claimed": gettext_lazy("Filing taken on a clerk's desk"),
    "filing.released": gettext_lazy("Filing put back in the queue"),
    "filing.assigned": gettext_lazy("Case sent to another chamber"),
    "filing.asked": gettext_lazy("Question put by the registry"),
    "filing.answered": gettext_lazy("Question of the registry answered"),
    "filing.returned_for_correction": gettext_lazy("Petition returned for correction: nothing is lost"),
    "filing.accepted": gettext_lazy("Petition accepted by the registry"),
    "filing.acceptance_undone": gettext_lazy("Acceptance taken back by the registry"),
    "hearing.scheduled": gettext_lazy("Hearing scheduled"),
    "hearing.moved": gettext_lazy("Hearing moved to another date"),
    "hearing.dropped": gettext_lazy("Hearing taken off the list"),
    "hearing.summons_served": gettext_lazy("Summons sent"),
    "decision.drafted": gettext_lazy("Decision drafted"),
    "decision.discarded": gettext_lazy("Draft of a decision set aside"),
    "decision.signed": gettext_lazy("Decision signed by the judge"),
    "decision.delivered": gettext_lazy("Decision delivered"),
    "decision.served": gettext_lazy("Decision served by registered letter"),
    "decision.mentioned": gettext_lazy("Divorce mentioned on the civil-status records"),
    "decision.maintenance_sent": gettext_lazy("Maintenance data sent to the family-benefits body"),
    "decision.title_sent": gettext_lazy("Judgment sent to the family-benefits body"),
    "recourse.appealed": gettext_lazy("Appeal noted"),
    "recourse.petitioned_for_cassation": gettext_lazy("Petition for cassation noted"),
    "recourse.ended": gettext_lazy("Recourse ended"),
    "certificate.issued": gettext_lazy("Certificate issued: no recourse is open any more"),
}
WAYS: Mapping[str, Text] = {
    "apart": gettext_lazy("Each where they are"),
    "together": gettext_lazy("All together in one place"),
    "paper": gettext_lazy("All together in one place, on paper"),
}
PAPERS: Mapping[str, str] = {
    "signing.completed": "signing-evidence",
    "ceremony.closed": "signing-evidence",
    "filing.submitted": "receipt",
    "filing.new_agreement_submitted": "receipt",
    "filing.asked": "question-notice",
    "filing.returned_for_correction": "return-notice",
    "filing.accepted": "acceptance-notice",
    "certificate.issued": "certificate",
    "decision.delivered": "decision",
    "case.withdrawn": "withdrawal-notice",
    "child.hearing_refused": "child-hearing-notice",
}


def of(seen: Outlook, entries: Iterable[Any]) -> list[Happening]:
    """These entries, the way a page shows them."""
    papers = [instrument for instrument in seen.instruments if instrument.document_id]
    return [_happening(seen, entry, papers) for entry in told(entries)]


def _happening(seen: Outlook, entry: dict[str, Any], papers: list[Instrument]) -> Happening:
    about = UUID(entry["about"]["id"]) if entry["about"] else None
    paper = _paper(entry["kind"], about, papers)
    return Happening(
        title=labels.of_whom(TITLES.get(entry["kind"], entry["kind"]), _said(SUBJECTS, seen, entry, about)),
        at=datetime.fromisoformat(entry["at"]),
        who=entry["who"] or _("The platform"),
        on_behalf_of=entry["for"] or "",
        detail=_said(DETAILS, seen, entry, about),
        receipt_url=file_url(seen.case, paper) if paper else "",
        receipt_label=_paper_label(seen.case, paper, about) if paper else "",
        seq=entry["seq"],
        zone=seen.case.zone,
    )


def _paper(kind: str, about: UUID | None, papers: list[Instrument]) -> Instrument | None:
    wanted = PAPERS.get(kind)
    if wanted:
        return next((paper for paper in papers if paper.kind == wanted and paper.about in (about, None)), None)
    return next((paper for paper in papers if paper.pk == about), None)


def _paper_label(case: Case, paper: Instrument, about: UUID | None) -> str:
    return _("Open the document") if paper.pk == about else labels.instrument_title(case, paper)


def file_url(case: Case, instrument: Instrument) -> str:
    """Where the file of an instrument is fetched."""
    return f"/api/v1/cases/{case.pk}/instruments/{instrument.pk}/file"


def _said(by_kind: Mapping[str, "Say"], seen: Outlook, entry: dict[str, Any], about: UUID | None) -> Text:
    say = by_kind.get(entry["kind"])
    return say(seen, entry["facts"], about) if say else ""


def _topic(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    title = next((topic.title for topic in seen.proceeding.topics if topic.name == facts.get("topic")), "")
    return labels.of_whom(title, _person(seen, facts, None))


def _exhibit(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    kinds = labels.exhibit_kinds(seen.proceeding)
    found = next((exhibit for exhibit in seen.exhibits if exhibit.pk == about), None)
    if found is None:
        return kinds.get(facts.get("kind", ""), "")
    return labels.of_whom(labels.exhibit_title(found, kinds), labels.names(seen.case).get(found.about, "") if found.about else "")


def _instrument(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    found = next((one for one in seen.instruments if one.pk == about), None)
    return labels.instrument_title(seen.case, found) if found else labels.instrument(facts.get("kind", ""))


def _person(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    """Whom it concerns, by name; nothing for somebody who is no more of the case."""
    key = facts.get("person") or about
    return labels.names(seen.case).get(UUID(str(key)), "") if key else ""


def _signer(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    name = _person(seen, facts, None)
    return _("Signed by: %(name)s") % {"name": name} if name else ""


def _decision(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    return dict(Decision.Kind.choices).get(facts.get("kind", ""), "")


def _delivered(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    return _("To both spouses, to their lawyers and to the registry")


def _channel(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    return dict(Message.Channel.choices).get(facts.get("channel", ""), "")


def _on(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    return _("On %(day)s") % {"day": words.day_words(date.fromisoformat(facts["on"]))} if facts.get("on") else ""


def _service(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    return _("With a certificate of their own, at %(service)s") % {"service": facts["service"]} if facts.get("service") else ""


def _revision(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    return _("Version %(number)s") % {"number": facts.get("revision", 1)}


def _number(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    return _("Register number: RG %(number)s") % {"number": facts.get("rg_number", "")}


def _answer_by(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    return (
        _("To be answered %(deadline)s.") % {"deadline": words.deadline_words(date.fromisoformat(facts["answer_by"]))}
        if facts.get("answer_by")
        else ""
    )


def _moment(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    return words.moment_words(datetime.fromisoformat(facts["at"]), seen.case.zone) if facts.get("at") else ""


def _hours(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    if "opens_at" not in facts:
        return ""
    opens, closes = (words.moment_words(datetime.fromisoformat(facts[name]), seen.case.zone) for name in ("opens_at", "closes_at"))
    return _("%(way)s, from %(opens)s to %(closes)s") % {"way": WAYS[facts["way"]], "opens": opens, "closes": closes}


def _attempt(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    return (
        _("Filed for the second time or more: filing no. %(number)s") % {"number": facts["attempt"]} if facts.get("attempt", 1) > 1 else ""
    )


def _kept_until(seen: Outlook, facts: dict[str, Any], about: UUID | None) -> Text:
    return _("Kept until %(day)s") % {"day": words.day_words(date.fromisoformat(facts["until"]))} if facts.get("until") else ""


Say = Callable[[Outlook, dict[str, Any], UUID | None], Text]
SUBJECTS: Mapping[str, Say] = {
    "letter.attached": _instrument,
    "signing.signed": _instrument,
    "paper.signed": _instrument,
    "decision.drafted": _decision,
    "decision.signed": _decision,
    "decision.delivered": _decision,
    "hearing.summons_served": _person,
    "child.added": _person,
    "child.heard": _person,
    "child.hearing_refused": _person,
    "counsel.named": _person,
    "invitation.sent": _person,
    "invitation.cancelled": _person,
    "invitation.reminded": _person,
    "recourse.appealed": _person,
    "recourse.petitioned_for_cassation": _person,
    "message.written": _channel,
    "ceremony.presence_attested": _person,
    "ceremony.signature_taken_back": _person,
}
DETAILS: Mapping[str, Say] = {
    "answer.saved": _topic,
    "exhibit.added": _exhibit,
    "exhibit.described": _exhibit,
    "exhibit.removed": _exhibit,
    "exhibit.communicated": _exhibit,
    "exhibit.stamped": _exhibit,
    "exhibit.marked": _exhibit,
    "exhibit.original_opened": _exhibit,
    "exhibit.original_erased": _exhibit,
    "exhibit.infected": _exhibit,
    "case.erasure_announced": _kept_until,
    "signing.signed": _signer,
    "signing.opened": _hours,
    "signing.prepared": _service,
    "signing.consented": _service,
    "ceremony.resumed": _hours,
    "decision.delivered": _delivered,
    "decision.served": _on,
    "decision.mentioned": _on,
    "decision.maintenance_sent": _on,
    "decision.title_sent": _on,
    "recourse.ended": _on,
    "child.heard": _on,
    "hearing.summons_served": _on,
    "agreement.uploaded": _revision,
    "petition.prepared": _revision,
    "filing.accepted": _number,
    "filing.asked": _answer_by,
    "filing.submitted": _attempt,
    "invitation.sent": _answer_by,
    "hearing.scheduled": _moment,
    "hearing.moved": _moment,
}

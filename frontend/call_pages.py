"""Where an action is done: the page of each, and the panel that leads to it where this person may do it now."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from backend.errors import Text
from cases.outlook import Outlook
from frontend.components import Call


@dataclass(frozen=True)
class Page:
    """Where an action is done, and what its button says."""

    name: str
    label: Text


PAGES: Mapping[str, Page] = {
    "answers.save": Page("topics", gettext_lazy("Answer the questions")),
    "opening.choose_court": Page("court", gettext_lazy("Choose the court")),
    "opening.add_child": Page("people", gettext_lazy("Add a child")),
    "counsel.name": Page("people", gettext_lazy("Name a lawyer")),
    "invitation.send": Page("invitations", gettext_lazy("Invite")),
    "exhibit.add": Page("exhibits", gettext_lazy("Add the documents")),
    "exhibit.communicate": Page("exhibits", gettext_lazy("Communicate the exhibits")),
    "agreement.upload": Page("agreement", gettext_lazy("Bring the agreement")),
    "petition.prepare": Page("petition", gettext_lazy("Draw up the petition")),
    "signing.open": Page("signature", gettext_lazy("Open the signature")),
    "signing.sign": Page("signature", gettext_lazy("Read and sign")),
    "filing.submit": Page("filing", gettext_lazy("File with the court")),
    "filing.submit_new_agreement": Page("filing", gettext_lazy("Present the new agreement")),
    "filing.answer": Page("registry-questions", gettext_lazy("Answer the registry")),
    "recourse.appeal": Page("recourse", gettext_lazy("Declare an appeal")),
    "recourse.petition_for_cassation": Page("recourse", gettext_lazy("Declare a petition for cassation")),
    "withdrawal.withdraw": Page("withdrawal", gettext_lazy("Withdraw")),
    "correspondence.write": Page("correspondence", gettext_lazy("Write a message")),
    "filing.claim": Page("workbench", gettext_lazy("Open the workbench")),
    "hearing.schedule": Page("hearing", gettext_lazy("Set the date")),
    "decision.draft": Page("decision", gettext_lazy("Draft the decision")),
    "hearing.serve_summons": Page("hearing", gettext_lazy("Follow the summonses")),
    "certificate.issue": Page("after-decision", gettext_lazy("Follow what comes after")),
    "decision.record_service": Page("after-decision", gettext_lazy("Follow what comes after")),
    "decision.record_mention": Page("after-decision", gettext_lazy("Follow what comes after")),
    "closing.close": Page("after-decision", gettext_lazy("Follow what comes after")),
    "child.hear": Page("child-hearings", gettext_lazy("Open the hearing of the children")),
}


def address(seen: Outlook, action: str) -> str:
    """Where this person does it; empty where they may not, or where no page has it."""
    page = PAGES.get(action)
    if page is None or action not in seen.may:
        return ""
    try:
        return reverse(page.name, args=[seen.case.pk])
    except NoReverseMatch:
        return ""


def doing(seen: Outlook, action: str, title: Text, text: Text = "", **values: object) -> Call:
    """A call to do this; without its button where this person may not."""
    url = address(seen, action)
    return Call(title, text, url, PAGES[action].label if url else "", zone=seen.case.zone, law=seen.step.law, **values)  # type: ignore[arg-type]


def waiting(seen: Outlook, title: Text, text: Text = "") -> Call:
    """Nothing to do: what one waits for."""
    return Call(title, text or seen.step.plain, zone=seen.case.zone)

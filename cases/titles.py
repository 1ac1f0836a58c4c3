"""What the papers of a case are called: instruments, and exhibits by their kind."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from backend.errors import Text
from cases.models import Exhibit, Instrument
from cases.proceedings.declare import Proceeding

INSTRUMENTS: Mapping[str, Text] = {
    "petition": _("Joint petition"),
    "agreement": _("Agreement"),
    "signing-evidence": _("Evidence of the signature"),
    "receipt": _("Receipt of the filing"),
    "list-of-exhibits": _("List of exhibits"),
    "return-notice": _("Return for correction"),
    "question-notice": _("Question of the registry"),
    "acceptance-notice": _("Acceptance by the registry"),
    "withdrawal-notice": _("Notice of withdrawal"),
    "child-hearing-notice": _("Answer to the child's request to be heard"),
    "summons": _("Summons"),
    "notice-to-lawyers": _("Notice of the hearing to the lawyers"),
    "decision": _("Decision of the judge"),
    "notification": _("Notification of the decision"),
    "certificate": _("Certificate of no recourse"),
    "civil-status-extract": _("Extract for the civil-status records"),
}
STOPPED: Mapping[str, Text] = {"signing-evidence": _("Evidence of a signature that was ended")}
OTHER_EXHIBITS: Mapping[str, Text] = {
    "identity-paper": _("Identity paper"),
    "family-record-book": _("Family record book"),
    "proof-of-address": _("Proof of address"),
    "income-statement": _("Proof of income"),
    "tax-statement": _("Tax statement"),
    "translation": _("Sworn translation"),
    "other": _("Another document"),
}


def instrument(kind: str) -> Text:
    """What an instrument of this kind is called."""
    return INSTRUMENTS.get(kind, kind)


def instrument_title(one: Instrument) -> Text:
    """What this instrument is called: the evidence of a signature that was ended is not called like that of one that is complete."""
    return STOPPED.get(one.kind, instrument(one.kind)) if one.data.get("stopped") else instrument(one.kind)


def exhibit_kinds(proceeding: Proceeding) -> dict[str, Text]:
    """The kinds of exhibit one may choose from: those the proceeding asks for first."""
    return {**{asked.kind: asked.title for asked in proceeding.requires}, **OTHER_EXHIBITS}


def exhibit_title(exhibit: Exhibit, kinds: Mapping[str, Text]) -> Text:
    """What an exhibit is called: as its author says, or by its kind."""
    return kinds.get(exhibit.kind, exhibit.title) if exhibit.title in ("", exhibit.kind) else exhibit.title

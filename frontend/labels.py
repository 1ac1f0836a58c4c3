"""What things of a case are called on a page: instruments, exhibits, roles, reasons; and who sees an exhibit."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from backend.errors import Text
from cases.models import Exhibit
from cases.proceedings.declare import CLERK, JUDGE, LAWYER, PARTY, STAFF, Proceeding

INSTRUMENTS: Mapping[str, Text] = {
    "petition": _("Joint petition"),
    "agreement": _("Agreement"),
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
OTHER_EXHIBITS: Mapping[str, Text] = {
    "identity-paper": _("Identity paper"),
    "family-record-book": _("Family record book"),
    "proof-of-address": _("Proof of address"),
    "income-statement": _("Proof of income"),
    "tax-statement": _("Tax statement"),
    "translation": _("Sworn translation"),
    "other": _("Another document"),
}
ROLES: Mapping[str, Text] = {
    PARTY: _("the spouses"),
    LAWYER: _("the lawyers"),
    STAFF: _("the lawyers' staff"),
    CLERK: _("the registry"),
    JUDGE: _("the judge"),
}
WAITS: Mapping[str, Text] = {LAWYER: _("Lawyers"), PARTY: _("Spouses"), CLERK: _("Registry"), JUDGE: _("Judge")}


def instrument(kind: str) -> Text:
    return INSTRUMENTS.get(kind, kind)


def exhibit_kinds(proceeding: Proceeding) -> dict[str, Text]:
    """The kinds of exhibit one may choose from: those the proceeding asks for first."""
    return {**{asked.kind: asked.title for asked in proceeding.requires}, **OTHER_EXHIBITS}


def exhibit_title(exhibit: Exhibit, kinds: Mapping[str, Text]) -> Text:
    """What an exhibit is called: as its author says, or by its kind."""
    return kinds.get(exhibit.kind, exhibit.title) if exhibit.title in ("", exhibit.kind) else exhibit.title


def seen_by(exhibit: Exhibit, mine: frozenset[int], filed: bool) -> Text:
    """Who can see an exhibit at this moment."""
    if exhibit.communicated_at:
        return _("both spouses, their lawyers and the court") if filed else _("both spouses and their lawyers; the court once it is filed")
    if exhibit.side == 0:
        return _("both spouses and their lawyers")
    return _("you and your side only") if exhibit.side in mine else _("the other side only")


def by_role(roles: Sequence[str]) -> str:
    """Who must act, in words."""
    return ", ".join(str(ROLES[role]) for role in roles if role in ROLES)

"""What things of a case are called on a page: instruments, exhibits, roles; and who sees an exhibit."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from backend.errors import Text
from cases.models import Exhibit
from cases.proceedings.declare import CLERK, JUDGE, LAWYER, PARTY, STAFF
from cases.titles import exhibit_kinds, exhibit_title, instrument

__all__ = ["ROLES", "WAITS", "by_role", "exhibit_kinds", "exhibit_title", "instrument", "seen_by"]
ROLES: Mapping[str, Text] = {
    PARTY: _("the spouses"),
    LAWYER: _("the lawyers"),
    STAFF: _("the lawyers' staff"),
    CLERK: _("the registry"),
    JUDGE: _("the judge"),
}
WAITS: Mapping[str, Text] = {LAWYER: _("Lawyers"), PARTY: _("Spouses"), CLERK: _("Registry"), JUDGE: _("Judge")}


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

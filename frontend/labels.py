"""What things of a case are called on a page: instruments, exhibits, roles; and who sees an exhibit."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.errors import Text
from cases import titles
from cases.models import Case, Exhibit, Instrument
from cases.proceedings.declare import CLERK, JUDGE, LAWYER, PARTY, STAFF
from cases.titles import exhibit_kinds, exhibit_title, instrument

__all__ = [
    "ROLES",
    "WAITS",
    "brought_by",
    "by_role",
    "exhibit_kinds",
    "exhibit_title",
    "instrument",
    "instrument_title",
    "names",
    "of_whom",
    "seen_by",
]
ROLES: Mapping[str, Text] = {
    PARTY: _("the spouses"),
    LAWYER: _("the lawyers"),
    STAFF: _("the lawyers' staff"),
    CLERK: _("the registry"),
    JUDGE: _("the judge"),
}
WAITS: Mapping[str, Text] = {LAWYER: _("Lawyers"), PARTY: _("Spouses"), CLERK: _("Registry"), JUDGE: _("Judge")}


def names(case: Case) -> dict[UUID, str]:
    """What the people of a case are called, by the key of their row or of their account."""
    called = [(one, one.short_name) for one in case.spouses.all()] + [(one, one.name) for one in case.counsels.all()]
    adults = {key: name for one, name in called for key in (one.pk, one.user_id) if key}
    return {**adults, **{child.pk: child.short_name for child in case.children.all()}}


def of_whom(title: Text, name: Text) -> str:
    """A title with what it is of, or whom it concerns."""
    return gettext("%(title)s: %(name)s") % {"title": title, "name": name} if name else str(title)


def instrument_title(case: Case, one: Instrument) -> str:
    """What an instrument is called where several of its kind may stand side by side: to which spouse, about which child, of whose exhibits."""
    title = titles.instrument_title(one)
    for spouse in case.spouses.all():
        if spouse.pk == one.about:
            return gettext("%(title)s for %(name)s") % {"title": title, "name": spouse.short_name}
        if spouse.side == one.data.get("side"):
            return of_whom(title, spouse.short_name)
    return of_whom(title, names(case).get(one.about, "")) if one.about else str(title)


def brought_by(case: Case, exhibit: Exhibit) -> str:
    """Whose exhibit it is: the numbers of each side begin at one."""
    name = next((spouse.short_name for spouse in case.spouses.all() if spouse.side == exhibit.side), "")
    return gettext("brought by %(name)s") % {"name": name} if name else gettext("common to both")


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

"""The rooms of the site: what the menu shows to whom. A page that deserves a place in the menu adds its line here."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backend.errors import Text
from backend.people.actor import Actor

PARTY = "party"
AT_COURT = frozenset({"clerk", "judge"})


@dataclass(frozen=True)
class Room:
    """A place in the menu: its label, the name of its address, and the roles that see it (none: everyone signed in)."""

    label: Text
    name: str
    roles: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        return reverse(self.name)

    def open_to(self, actor: Actor) -> bool:
        """Whether this person sees it; somebody who belongs to no organisation is a party."""
        held = {role for _organisation, role in actor.roles} or {PARTY}
        return not self.roles or (not actor.is_administrator and bool(self.roles & held))


ROOMS: list[Room] = [
    Room(_("My cases"), "caseload", frozenset({PARTY, "lawyer", "staff"})),
    Room(_("Desk"), "desk", AT_COURT),
    Room(_("Hearings"), "hearing-lists", AT_COURT),
    Room(_("Figures"), "figures", AT_COURT),
    Room(_("My account"), "account"),
]


def rooms(actor: Actor | None) -> Iterator[Room]:
    """The rooms that this person may enter, the first being theirs on arrival."""
    return (room for room in ROOMS if actor and room.open_to(actor))

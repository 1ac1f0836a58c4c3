"""Who chooses the people of one side, and who may act for it (CC 250): a side that somebody of its own has joined is theirs to complete."""

from django.utils.translation import gettext as _

from backend.errors import Conflict, NotAllowed
from backend.people.actor import Actor
from cases import access
from cases.models import Case, Counsel, Spouse
from cases.proceedings.declare import LAWYER, STAFF


def may_name(actor: Actor, case: Case, side: int) -> bool:
    """Whether somebody may say who the lawyer of this side is: that side itself, or while nobody of it is there, the lawyers of the case."""
    mine = access.standing(actor, case)
    return side in mine.sides or (mine.is_any(LAWYER, STAFF) and not _is_there(case, side))


def may_bring(actor: Actor, case: Case, person: Spouse | Counsel) -> bool:
    """Whether somebody may invite this person at an address of their choice: a spouse brings their own lawyer only."""
    mine = access.standing(actor, case)
    sides = [person.side] if isinstance(person, Spouse) else person.sides
    of_lawyers = mine.is_any(LAWYER, STAFF)
    return all(may_name(actor, case, side) for side in sides) and (of_lawyers or isinstance(person, Counsel))


def may_invite(actor: Actor, case: Case, person: Spouse | Counsel) -> bool:
    """Whether somebody may invite this person at all: at an address of their choice, or as a lawyer of the case where they are known to be."""
    return may_bring(actor, case, person) or access.standing(actor, case).is_any(LAWYER, STAFF)


def see_that_they_bring(actor: Actor, case: Case, person: Spouse | Counsel, email: str) -> None:
    """Raises NotAllowed where it is not for this person to invite that one; a lawyer of the other side invites them where they are known to be only."""
    known = _known_at(person)
    where_known = not known or email.strip().lower() in known
    if not (may_invite if where_known else may_bring)(actor, case, person):
        raise NotAllowed(_("The other side is in the case already: it is for them to choose who joins it on their side."))


def _known_at(person: Spouse | Counsel) -> set[str]:
    """The address by which a lawyer was named; those at which a spouse was invited before, none at first."""
    found = [person.email] if isinstance(person, Counsel) else person.invitations.values_list("email", flat=True)
    return {email.lower() for email in found if email}


def see_that_they_may_act(actor: Actor, case: Case, counsel: Counsel) -> None:
    """Raises Conflict where whoever joins as a lawyer stands on the other side already, by themselves or by their firm."""
    mine = access.standing(actor, case)
    if mine.sides - set(counsel.sides):
        raise Conflict(_("You, or your firm, are on the other side of this case: the lawyer of one spouse alone comes from elsewhere."))


def _is_there(case: Case, side: int) -> bool:
    """Whether the spouse of this side, or a lawyer of theirs, has joined."""
    spouses = any(spouse.user_id for spouse in case.spouses.all() if spouse.side == side)
    return spouses or any(counsel.user_id for counsel in case.counsels.all() if counsel.until is None and side in counsel.sides)

"""Who is whose lawyer (CC 250)."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Invalid, NotAllowed
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, mandates
from cases.actions.base import action
from cases.models import Case, Counsel


@action()
def name(actor: Actor, case: Case, *, side: int, full_name: str, email: str, bar: str = "") -> Counsel:
    """Name the lawyer of a spouse who has none, or who no longer wants the common one: their invitation is sent separately.

    Raises NotAllowed where somebody of that side is in the case, and it is not their side that asks.
    """
    if side not in (1, 2):
        raise Invalid(_("Say of which spouse."), field="side")
    if not mandates.may_name(actor, case, side):
        raise NotAllowed(_("The other side is in the case already: it is for them to choose who joins it on their side."))
    holding = [counsel for counsel in case.counsels.filter(until=None) if side in counsel.sides]
    if any(counsel.sides == [side] for counsel in holding):
        raise Conflict(_("This spouse has a lawyer of their own already."), field="side")
    for counsel in holding:
        counsel.sides = _without(counsel.sides, side)
        counsel.save(update_fields=["sides"])
    named = Counsel.objects.create(case=case, name=full_name, email=email, bar=bar, sides=[side], since=clock.now())
    record(case.chain, "counsel.named", actor, about=named, facts={"side": side}, audience=access.PARTIES)
    return named


def _without(sides: Sequence[int], side: int) -> list[int]:
    return [kept for kept in sides if kept != side]

"""A lawyer opens a case: the spouses, their children, the court."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Invalid, NotAllowed, NotFound, NotNow
from backend.people.actor import Actor
from backend.people.models import Organisation
from backend.register.entries import open_chain, record
from cases import access, facts, proceedings
from cases.actions.base import action, opening
from cases.models import Case, Child, Counsel, Spouse
from cases.proceedings.declare import LAWYER
from cases.proceedings.questions import ChildIdentity, SpouseIdentity
from cases.typed import typed


@opening
def open(
    actor: Actor,
    *,
    kind: str,
    spouses: Sequence[Mapping[str, Any]],
    children: Sequence[Mapping[str, Any]] = (),
    acts_for: Sequence[int] = (1,),
) -> Case:
    """Open a case for one spouse, or for both who chose the same lawyer (CC 250).

    `spouses` are two sets of identity answers, side 1 first; `children` identity answers; `acts_for` the sides the lawyer stands on.
    """
    firm_id = _firm_of(actor)
    if len(spouses) != 2 or not set(acts_for) <= {1, 2} or not acts_for:
        raise Invalid(_("Name both spouses, and for whom you act."), field="spouses")
    proceeding = proceedings.get(kind)
    identities = [typed(SpouseIdentity, answers, f"spouses.{number}") for number, answers in enumerate(spouses)]
    case = Case.objects.create(
        chain=open_chain(),
        kind=proceeding.kind,
        version=proceeding.version,
        step=proceeding.first_step,
        waits_for=proceeding.steps[0].turn,
        title=" / ".join(identity.birth_name for identity in identities),
        opened_by_id=actor.user_id,
        opened_at=clock.now(),
    )
    Spouse.objects.bulk_create(Spouse(case=case, side=side, **identity.model_dump()) for side, identity in enumerate(identities, 1))
    for number, answers in enumerate(children):
        Child.objects.create(case=case, **typed(ChildIdentity, answers, f"children.{number}").model_dump())
    _counsel(case, actor, firm_id, sorted(set(acts_for)))
    mine = access.acting_as(actor, case, [LAWYER])
    record(case.chain, "case.opened", mine, about=case, facts={"kind": kind, "version": proceeding.version}, audience=access.PARTIES)
    return case


@action()
def add_child(actor: Actor, case: Case, **identity: Any) -> Child:
    """Add a child of the marriage."""
    child = Child.objects.create(case=case, **typed(ChildIdentity, identity).model_dump())
    record(case.chain, "child.added", actor, about=child, audience=access.PARTIES)
    return child


@action()
def remove_child(actor: Actor, case: Case, *, child: UUID) -> Child:
    """Take out a child entered by mistake; the register keeps that it was."""
    found = case.children.filter(pk=child).first()
    if found is None:
        raise NotFound
    record(case.chain, "child.removed", actor, about=found, audience=access.PARTIES)
    found.delete()
    found.pk = child
    return found


@action()
def choose_court(actor: Actor, case: Case, *, court: UUID) -> Case:
    """Choose the court: where either spouse lives, at choice (CPC 1070); the court of a concealed address is its own side's to choose.

    A court that gave the case its number keeps it: the number, the judge seised by the filing (CPC 1092) and what they did are that court's, and only
    a withdrawal or a transfer ends that. One that returned the petition without a number has not taken it in: where another is chosen, nothing is
    filed with it until the petition is filed again, and it sees nothing before.
    """
    if case.accepted and court != case.court_id:
        raise NotNow(_("This court has given the case its number: the case stays with it."), field="court", law="CPC 1070, 1092")
    choices = facts.competent_courts(access.located(actor, case))
    chosen = next((choice for choice in choices if choice.pk == court), None)
    if chosen is None:
        raise Invalid(_("Choose the court of the place where one of the spouses lives."), field="court", law="CPC 1070")
    if chosen.pk != case.court_id:
        case.court, case.chamber, case.filed_at = chosen, None, None
    record(case.chain, "court.chosen", actor, about=chosen, audience=access.PARTIES)
    return case


def _firm_of(actor: Actor) -> UUID:
    firm = next((organisation for organisation, role in sorted(actor.roles) if role == LAWYER), None)
    if firm is None:
        raise NotAllowed(_("A lawyer opens this case."), law="CC 250")
    return firm


def _counsel(case: Case, actor: Actor, firm_id: UUID, sides: list[int]) -> Counsel:
    firm = Organisation.objects.get(pk=firm_id)
    return Counsel.objects.create(
        case=case, user_id=actor.user_id, firm=firm, name=actor.name, bar=firm.bar, sides=sides, since=clock.now()
    )

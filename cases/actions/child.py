"""The child is heard by the judge, or refused for lack of discernment, before the spouses are summoned (CPC 1092, 338-1 to 338-12)."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Invalid
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, facts, instruments
from cases.actions.base import action
from cases.models import Case, Child, ChildHearing
from cases.proceedings import predicates


@action()
def hear(actor: Actor, case: Case, *, child: UUID, on: date, with_whom: str, report: str = "") -> ChildHearing:
    """Note that the child was heard, alone, with a lawyer or with a person of their choice (CPC 338-4 to 338-9)."""
    if with_whom not in ChildHearing.With.values:
        raise Invalid(_("Say with whom the child was heard."), field="with_whom")
    if on > clock.today(case.zone):
        raise Invalid(_("Choose a day that has come."), field="on")
    hearing = ChildHearing(state=ChildHearing.State.HEARD, on=on, with_whom=with_whom, report=report.strip())
    return _settle(actor, case, child, hearing, "child.heard")


@action()
def refuse_hearing(actor: Actor, case: Case, *, child: UUID, reason: str) -> ChildHearing:
    """Refuse to hear a child who lacks discernment; the case stays in this route (CPC 338-4)."""
    if not reason.strip():
        raise Invalid(_("Give the reason: the child and the parents are told."), field="reason")
    hearing = ChildHearing(state=ChildHearing.State.REFUSED, on=clock.today(case.zone), reason=reason.strip())
    return _settle(actor, case, child, hearing, "child.hearing_refused")


def _settle(actor: Actor, case: Case, key: UUID, hearing: ChildHearing, kind: str) -> ChildHearing:
    child = case.children.filter(pk=key, asks_to_be_heard=True).first()
    if child is None:
        raise Invalid(_("This child did not ask to be heard."), field="child")
    if ChildHearing.objects.filter(child=child).exists():
        raise Conflict(_("This child's request was answered already."))
    hearing.case, hearing.child, hearing.by_id = case, child, actor.user_id
    hearing.save(force_insert=True)
    _tell(case, child, hearing)
    record(case.chain, kind, actor, about=hearing, facts={"on": str(hearing.on), "person": str(child.pk)}, audience=access.EVERYONE)
    if predicates.every_child_heard_or_refused(facts.of(case)):
        case.reach("children-heard")
    return hearing


def _tell(case: Case, child: Child, hearing: ChildHearing) -> None:
    if hearing.state == ChildHearing.State.REFUSED:
        instruments.ask_for(case, "child-hearing-notice", access.EVERYONE, about=child.pk)

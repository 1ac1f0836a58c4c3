"""Recourses: appeal against the adjournment and the lapse (CPC 1102), petition for cassation against the divorce (CPC 1103)."""

from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Invalid, NotFound, NotNow
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, facts, timing
from cases.actions.base import action
from cases.models import Case, Decision, Recourse, Spouse


@action()
def appeal(actor: Actor, case: Case, *, side: int | None = None) -> Recourse:
    """Note an appeal: fifteen days from the date of the decision; none lies against the one that pronounces the divorce (CPC 1102)."""
    return _declare(actor, case, Recourse.Kind.APPEAL, side, "CPC 1102")


@action()
def petition_for_cassation(actor: Actor, case: Case, *, side: int | None = None) -> Recourse:
    """Note a petition for cassation: fifteen days from the pronouncement (CPC 1103)."""
    return _declare(actor, case, Recourse.Kind.CASSATION, side, "CPC 1103")


@action()
def end(actor: Actor, case: Case, *, recourse: UUID, on: date) -> Recourse:
    """Note the day on which a recourse ended without undoing the decision; what it suspended runs again (CPC 1086)."""
    found = Recourse.objects.filter(pk=recourse, decision__case=case).first()
    if found is None:
        raise NotFound
    if on > clock.today(case.zone) or on < clock.day(found.at, case.zone):
        raise Invalid(_("Choose a day from the recourse to this day."), field="on")
    found.ended_on = on
    found.save(update_fields=["ended_on"])
    record(case.chain, "recourse.ended", actor, about=found, facts={"on": str(on)}, audience=access.EVERYONE)
    return found


def _declare(actor: Actor, case: Case, kind: str, side: int | None, law: str) -> Recourse:
    decision, known = case.decisions.filter(state=Decision.State.DELIVERED).latest("pk"), facts.of(case)
    spouse = _for(actor, case, side)
    living = next(one.living for one in known.spouses if one.id == spouse.pk)
    deadline = timing.recourse_for(case, known, timing.RECOURSES[decision.kind], living)
    if deadline is None or deadline.passed(clock.now()):
        raise NotNow(
            _("The time for this recourse ended on %(day)s at midnight.")
            % {"day": date_format(deadline.end, "DATE_FORMAT") if deadline else ""},
            law=law,
        )
    if Recourse.objects.filter(decision=decision, kind=kind, spouse=spouse).exists():
        raise Conflict(_("This recourse was noted already."))
    recourse = Recourse.objects.create(decision=decision, kind=kind, spouse=spouse, by_id=actor.user_id, at=clock.now())
    name = "recourse.appealed" if kind == Recourse.Kind.APPEAL else "recourse.petitioned_for_cassation"
    record(case.chain, name, actor, about=recourse, facts={"person": str(spouse.pk)}, audience=access.EVERYONE)
    return recourse


def _for(actor: Actor, case: Case, side: int | None) -> Spouse:
    sides = access.standing(actor, case).sides
    chosen = side or (next(iter(sides)) if len(sides) == 1 else None)
    if chosen not in sides:
        raise Invalid(_("Say for which spouse."), field="side")
    return case.spouses.get(side=chosen)

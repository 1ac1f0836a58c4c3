"""Keeping and erasing: a case that ended gives up its documents when its time has come, unless somebody holds it."""

from uuid import UUID

from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Invalid, NotFound, NotNow
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, ceremonies, keeping
from cases import bytes as files
from cases.actions.base import action
from cases.models import Case, Hold
from cases.models.exhibit import IDENTITY


@action()
def hold(actor: Actor, case: Case, *, reason: str) -> Hold:
    """Hold the case, with a reason: nothing of it is erased until every hold is released."""
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    if case.erased_at:
        raise NotNow(_("The documents of this case were erased: there is nothing to hold."))
    made = Hold.objects.create(case=case, reason=reason.strip(), by_id=actor.user_id, at=clock.now())
    record(case.chain, "case.held", actor, about=made, audience=access.EVERYONE)
    return made


@action()
def release(actor: Actor, case: Case, *, hold: UUID) -> Hold:
    """Release a hold: where it was the last one, the case is erased when its time has come."""
    found = case.holds.standing().filter(pk=hold).first()
    if found is None:
        raise NotFound
    found.released_by_id, found.released_at = actor.user_id, clock.now()
    found.save(update_fields=["released_by", "released_at"])
    record(case.chain, "case.released", actor, about=found, audience=access.EVERYONE)
    return found


@action()
def announce(actor: Actor, case: Case) -> Case:
    """Tell that the documents will soon be erased, while there is time to fetch them."""
    kept = _free(case)
    if not kept.near or case.erasure_told_at:
        raise NotNow
    case.erasure_told_at = clock.now()
    record(case.chain, "case.erasure_announced", actor, about=case, facts={"until": str(kept.until)}, audience=access.EVERYONE)
    return case


@action()
def erase(actor: Actor, case: Case) -> Case:
    """Erase every document of a case that was kept as long as its outcome asks: the register and its digests stay."""
    kept = _free(case)
    if not kept.over or not keeping.told_long_enough(case):
        raise NotNow(_("The documents of this case are kept until %(day)s.") % {"day": kept.until})
    case.erased_at = clock.now()
    ceremonies.forget(case)
    files.end(case.bundles.kept())
    facts = {"outcome": case.outcome, "law": kept.rule.law, "documents": files.erase(files.files_of(case))}
    record(case.chain, "case.erased", actor, about=case, facts=facts, audience=access.EVERYONE)
    return case


@action()
def erase_originals(actor: Actor, case: Case) -> Case:
    """Erase the originals of the identity papers of a case that has ended; their marked copies too where nothing of them is kept."""
    kept, erased = _free(case), 0
    for exhibit in case.exhibits.with_files().select_related("stamped").filter(kind=IDENTITY, document__isnull=False):
        papers = [exhibit.document] if kept.rule.copies else [exhibit.document, exhibit.marked, exhibit.stamped]
        if files.erase(paper for paper in papers if paper):
            erased += 1
            record(case.chain, "exhibit.original_erased", actor, about=exhibit, audience=exhibit.audience)
    if not erased:
        raise NotNow
    files.end(case.bundles.kept())  # copies may hold them too; they can be asked for again
    return case


def _free(case: Case) -> keeping.Keeping:
    """How long the case is kept. Raises NotNow where it has not ended, is erased already, or is held."""
    kept = keeping.keeping(case)
    if kept is None or case.erased_at:
        raise NotNow
    if case.holds.standing().exists():
        raise NotNow(_("This case is held: nothing of it is erased."))
    return kept

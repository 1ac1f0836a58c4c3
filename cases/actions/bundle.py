"""Asking for the file of a case, a filing or an exhibit as one PDF, or cut to a size."""

from dataclasses import asdict
from uuid import UUID

from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Invalid
from backend.people.actor import Actor
from backend.register.entries import record
from backend.work import Job
from backend.work.owing import owe
from cases import access, bundles
from cases.actions.base import action
from cases.bundles import LARGEST, SMALLEST, Plan
from cases.models import Bundle, Case
from documents.models import Document


@action()
def ask(actor: Actor, case: Case, *, what: str = "case", about: UUID | None = None, limit: int = 0) -> Bundle:
    """Ask for a copy of all one may see (`case`), of a filing, or of an exhibit, as one PDF; with `limit`, as several of at most so many bytes.

    What was asked already by anybody with the same eyes, and has not changed, is not made again.
    """
    if limit and not SMALLEST <= limit <= LARGEST:
        told = {"least": SMALLEST // 1_000_000, "most": LARGEST // 1_000_000}
        raise Invalid(_("Choose a size between %(least)s and %(most)s MB.") % told, field="limit")
    mine = access.standing(actor, case)
    plan = bundles.plan(actor, case, what, about)
    whole = _bundle(actor, case, what, about, plan, 0, None)
    bundle = _bundle(actor, case, what, about, plan, limit, whole) if limit else whole
    audience = [f"side:{side}" for side in sorted(mine.sides)] or access.COURT
    record(case.chain, "bundle.asked", actor, about=bundle, facts={"what": what, "limit": limit}, audience=audience)
    return bundle


def _bundle(actor: Actor, case: Case, what: str, about: UUID | None, plan: Plan, limit: int, whole: Bundle | None) -> Bundle:
    """The standing bundle of this plan and limit for the same eyes; else a new one, owed."""
    audience = sorted(access.standing(actor, case).scopes)
    fingerprint = plan.fingerprint(case, what, about)
    same = case.bundles.standing().filter(fingerprint=fingerprint, audience=audience, limit=limit)
    if found := same.first():
        return found
    pages = sum(part.pages for part in plan.parts)
    bundle = Bundle.objects.create(
        case=case,
        what=what,
        about=about,
        limit=limit,
        whole=whole,
        audience=audience,
        fingerprint=fingerprint,
        seq=case.chain.seq,
        plan=[asdict(part) for part in plan.parts],
        absent=[] if whole else [asdict(absent) for absent in plan.absent],
        document=Document.objects.create(name=f"{bundles.NAMES[Bundle.What(what)]}.pdf"),
        total=pages if whole else 2 * pages,
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
    )
    owe([Job("cases.bind", bundle.pk, lane=f"bundle:{bundle.pk}")])
    return bundle

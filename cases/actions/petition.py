"""The joint petition, drawn up from the answers (CPC 57, 1090)."""

from django.utils.translation import gettext as _

from backend.errors import Incomplete
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, facts, instruments
from cases.actions.base import action
from cases.models import Case, Instrument
from cases.proceedings import interpret


@action()
def prepare(actor: Actor, case: Case) -> Instrument:
    """Draw up the petition from the answers as they stand. Raises Incomplete with the answers it still needs."""
    known = facts.of(case)
    missing = list(interpret.unanswered(case.proceeding, known))
    if missing:
        raise Incomplete(missing, _("The petition cannot be drawn up yet: some answers are missing."))
    revision = instruments.supersede(case, "petition")
    petition = instruments.ask_for(case, "petition", access.PARTIES)
    petition.revision = revision
    petition.save(update_fields=["revision"])
    record(case.chain, "petition.prepared", actor, about=petition, facts={"revision": revision}, audience=access.PARTIES)
    return petition

"""Giving out what is in a document: what is to be noted of it first, then its version. Every door that shows a page or a file goes through here (`cases.api.giving`)."""

from collections.abc import Sequence

from backend.people.actor import Actor
from cases import actions, papers
from cases.actions.reading import DOWNLOADED, OPENED
from cases.models import Case, Instrument
from cases.papers import Paper
from documents.models import Version
from signatures import gathering
from signatures.gathering import WHOLE as WHOLE


def opened(actor: Actor, case: Case, paper: Paper) -> Version:
    """The version of a paper that this person reads here."""
    _note(actor, case, [paper], OPENED)
    return paper.version


def downloaded(actor: Actor, case: Case, paper: Paper) -> Version:
    """The version of a paper that this person takes with them."""
    _note(actor, case, [paper], DOWNLOADED)
    return paper.version


def page_shown(actor: Actor, paper: Paper, number: int) -> bool:
    """Note that a page was given to somebody whose signature it awaits: they sign once they were given each. Whether it awaits them."""
    session = paper.thing.session if isinstance(paper.thing, Instrument) else None
    if session is None or actor.user_id is None or gathering.frozen_for(session, actor.user_id) is None:
        return False
    gathering.note_shown(session, actor.user_id, number)
    return True


def opened_together(actor: Actor, case: Case, bound: Sequence[Paper]) -> None:
    """The same of all that is read here in one file."""
    _note(actor, case, bound, OPENED)


def downloaded_together(actor: Actor, case: Case, bound: Sequence[Paper]) -> None:
    """The same of all that is taken away in one file."""
    _note(actor, case, bound, DOWNLOADED)


def _note(actor: Actor, case: Case, opened: Sequence[Paper], kind: str) -> None:
    """What was noted already takes one query and no lock."""
    if fresh := papers.unnoted(actor, case, opened, kind):
        actions.reading.note(actor, case, opened=fresh, kind=kind)

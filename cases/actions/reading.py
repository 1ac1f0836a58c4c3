"""Who saw what: each document of a party that somebody else opens or downloads, noted for that party to see."""

from collections.abc import Sequence

from backend.people.actor import Actor
from backend.register.entries import record
from cases import access, papers
from cases.actions.base import noting
from cases.models import ReadingBook
from cases.papers import Paper

OPENED, DOWNLOADED = "document.opened", "document.downloaded"


@noting
def note(actor: Actor, book: ReadingBook, *, opened: Sequence[Paper], kind: str) -> ReadingBook:
    """Note what this person opens (`kind`: OPENED or DOWNLOADED): once a day for each version, however often they look."""
    for paper in papers.unnoted(actor, book.case, opened, kind):
        audience = access.concerned(paper.thing)
        record(book.chain, kind, actor, about=paper.thing, digests=paper.digests, audience=audience)
    return book

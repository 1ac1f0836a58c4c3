"""Giving out what is in a document, at a door: noted before it goes (`cases.looking`); asking for headers only (HEAD) gives nothing, and notes nothing."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from asgiref.sync import sync_to_async

from cases import looking
from cases.looking import WHOLE as WHOLE
from cases.models import Case
from cases.papers import Paper
from documents.models import Version


def opened(request: Any, case: Case, paper: Paper) -> Version:
    """The version of a paper that is read here."""
    return looking.opened(request.actor, case, paper) if _gives(request) else paper.version


def downloaded(request: Any, case: Case, paper: Paper) -> Version:
    """The version of a paper that is taken away."""
    return looking.downloaded(request.actor, case, paper) if _gives(request) else paper.version


def opened_together(request: Any, case: Case, bound: Sequence[Paper]) -> None:
    """What is read here of all that is bound in one file."""
    if _gives(request):
        looking.opened_together(request.actor, case, bound)


def downloaded_together(request: Any, case: Case, bound: Sequence[Paper]) -> None:
    """The same for all that is bound in one file that is taken away."""
    if _gives(request):
        looking.downloaded_together(request.actor, case, bound)


def page_shown(request: Any, paper: Paper, number: int) -> bool:
    """A page goes to somebody whose signature it may await. Whether it does."""
    return _gives(request) and looking.page_shown(request.actor, paper, number)


async def to_the_end(request: Any, paper: Paper, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The file of a paper as it goes out. All its pages were shown once its last byte was taken from here: who asks for it and leaves was shown none."""
    async for chunk in chunks:
        yield chunk
    await sync_to_async(page_shown)(request, paper, WHOLE)


def _gives(request: Any) -> bool:
    return bool(request.method != "HEAD")

"""A played case is there whole or not at all, whatever ends the play: its acts, each a transaction of its own elsewhere, are one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from backend.register.models import Entry
from backend.work import Job
from backend.work.owing import owe, quietly
from cases.models import Case


@contextmanager
def at_once() -> Iterator[None]:
    """Commit all that is done inside together. What it owes is to be done inside as well: no worker sees it before.

    Actions insist on being the outermost transaction; Django lets only its tests stand around that, and a play is one.
    """
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with quietly(), block:
        yield


def tell(case: Case) -> None:
    """Let open pages know that the case is there: what the play told them, they could not see yet."""
    last = Entry.objects.filter(chain=case.chain_id).order_by("seq").last()
    if last:
        owe([Job("register.feed", last.pk)])

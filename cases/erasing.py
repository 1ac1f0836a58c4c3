"""What time brings to the documents of cases that have ended: originals of identity papers erased, the end announced, all erased."""

from itertools import chain
from uuid import UUID

from backend.errors import NotNow
from backend.people.actor import Actor
from backend.work import Job
from backend.work.owing import owe
from cases import actions, keeping
from cases.models import Case


def go_round() -> None:
    """Owe what the day brings, a job for each case."""
    for case in chain(keeping.with_originals(), keeping.to_announce(), keeping.to_erase()):
        owe([Job("cases.erase", case.pk)])


def erase(key: str) -> None:
    """Do what is due in a case, in order (job `cases.erase`). What is not due, done already, or held meanwhile, is passed over."""
    case = Case.objects.get(pk=UUID(str(key)))
    for act in (actions.keeping.erase_originals, actions.keeping.announce, actions.keeping.erase):
        try:
            act(Actor.platform(), case)
        except NotNow:
            continue

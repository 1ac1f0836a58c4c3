"""Doing what is owed: at least once, in the order of its lane, never before its cause committed."""

import logging
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from backend.work.failures import describe
from backend.work.jobs import Later
from backend.work.leases import leased
from backend.work.models import Owed
from backend.work.owing import ring

log = logging.getLogger(__name__)
TURN_SECONDS = 60.0  # well under Celery's time limit: a long lane is worked in turns
SWEEP_LANES = 1000


def handler(kind: str) -> Callable[[str], None]:
    """The function that does this kind of job. Raises LookupError for a kind nobody declared."""
    if kind not in settings.WORK_HANDLERS:
        raise LookupError(kind)
    return import_string(settings.WORK_HANDLERS[kind])


def work(lane: str) -> None:
    """Do what a lane owes now, in its order, unless somebody else is at it; a failing head blocks its lane until parked."""
    ends = time.monotonic() + TURN_SECONDS
    while Owed.objects.head(lane) and _turn(lane, ends):  # looks again after the release, for what came just before it
        if time.monotonic() > ends:
            return ring(lane)


def sweep(*, here: bool = False) -> int:
    """Ring again for every lane that is overdue and unattended, or do it in this process (`here`). Returns how many lanes."""
    lanes = list(Owed.objects.due_heads().unattended().values_list("lane", flat=True)[:SWEEP_LANES])
    for lane in lanes:
        work(lane) if here else ring(lane)
    return len(lanes)


def run_due(limit: int | None = None, *, tolerant: bool = False) -> int:
    """Do everything due now in this process, oldest first, and what that owes in turn. For tests, the demo, a machine without a broker.

    A failure is written down as a worker would, then raised, unless `tolerant`. Returns how many jobs were started.
    """
    started = 0
    while (limit is None or started < limit) and (head := Owed.objects.due_heads().unattended().first()):
        with leased(head.lane) as holder:
            failure = _do(head, holder) if holder else None
        started += 1
        if failure and not tolerant:
            raise failure
    return started


def _turn(lane: str, ends: float) -> bool:
    """Hold the lane and empty it. False when another holds it."""
    with leased(lane) as holder:
        while holder and time.monotonic() <= ends and (head := Owed.objects.head(lane)):
            if isinstance(_do(head, holder), LeaseLost):
                return False
    return holder is not None


def _do(owed: Owed, holder: uuid.UUID) -> Exception | None:
    """One job, outside any transaction of ours. Returns what went wrong."""
    if owed.deadly:
        log.error("%s parked: it never came to an end", owed)
        _give_up(owed)
        owed.park(reason="WorkerDied")
        return None
    if not owed.start(holder):
        return LeaseLost(owed.lane)
    try:
        handler(owed.kind)(owed.subject)
    except Later as later:
        owed.wait(later)
    except Exception as failure:
        log.warning("%s failed: %s", owed, describe(failure))
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        if owed.last_try:
            _give_up(owed)
        owed.postpone(failure)
        return failure
    else:
        owed.done()
    return None


def _give_up(owed: Owed) -> None:
    """Before it is parked, let its room tell people that nobody will try again by itself."""
    if path := settings.WORK_GIVEN_UP.get(owed.kind):
        try:
            import_string(path)(owed.subject)
        except Exception as failure:
            log.error("%s could not be given up: %s", owed, describe(failure))


class LeaseLost(Exception):
    """The lane passed to another worker: this one stops."""

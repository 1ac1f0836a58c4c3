"""Writing down what must still be done, and ringing for a worker."""

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, partial

from celery import Celery, current_app
from django.db import transaction
from kombu.exceptions import LimitExceeded, OperationalError
from kombu.pools import ProducerPool, producers

from backend.work.jobs import Job
from backend.work.models import Owed

log = logging.getLogger(__name__)
QUIET_SECONDS = 5.0
IMPATIENT = {"socket_connect_timeout": 1, "socket_timeout": 1, "max_retries": 1, "interval_start": 0, "interval_step": 0}
_quiet_until = 0.0
_quietly: ContextVar[bool] = ContextVar("quietly", default=False)


def owe(jobs: Iterable[Job]) -> None:
    """Write down what must still be done, in the transaction of its cause, and wake a worker when that commits.

    A job already owed is not owed twice: it takes the new due date, and if it is being done at this moment it is done again after.
    """
    rows = [Owed.of(job) for job in {job.key: job for job in jobs}.values()]
    Owed.objects.bulk_create(rows, update_conflicts=True, unique_fields=["kind", "subject"], update_fields=["request", "due_at"])
    for lane in () if _quietly.get() else dict.fromkeys(row.lane for row in rows):
        transaction.on_commit(partial(ring, lane), robust=True)  # the sweep is the guarantee, this the speed


def owe_one(kind: str, subject: str) -> None:
    """Owe one job: for those below, who know it by its name in the settings only."""
    owe([Job(kind, subject)])


@contextmanager
def quietly() -> Iterator[None]:
    """Ring for nobody inside: for who does at once what they owe. The sweep finds what they leave."""
    token = _quietly.set(True)
    try:
        yield
    finally:
        _quietly.reset(token)


def ring(lane: str) -> None:
    """Wake a worker for a lane. A broker that does not answer costs a line in the log and a few seconds of silence, never the caller."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        with _bells(current_app).acquire(block=True, timeout=1) as producer:
            current_app.send_task("backend.work.tasks.wake", (lane,), producer=producer, retry=False)
    except (OperationalError, LimitExceeded, OSError):
        _quiet_until = time.monotonic() + QUIET_SECONDS
        log.warning("the broker does not answer; the sweep will find what is owed")


@lru_cache(maxsize=2)
def _bells(app: Celery) -> ProducerPool:
    """Connections to the broker that do not wait: a page must not hang because a bell does not ring."""
    return producers[app.connection_for_write(transport_options=IMPATIENT)]

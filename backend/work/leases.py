"""One worker at a time in a lane: taken for a short while, renewed while working, free to others when its holder dies."""

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models.functions import Now

from backend.work.models import Lease

TAKE = """
    INSERT INTO work_lease (lane, holder, place, until)
    VALUES (%(lane)s, %(holder)s, %(place)s, statement_timestamp() + make_interval(secs => %(seconds)s))
    ON CONFLICT (lane) DO UPDATE SET holder = EXCLUDED.holder, place = EXCLUDED.place, until = EXCLUDED.until
    WHERE work_lease.until <= statement_timestamp()
"""


@contextmanager
def leased(lane: str) -> Iterator[uuid.UUID | None]:
    """Hold a lane inside the block: gives the holder's mark, or None when somebody else is at work there."""
    holder = uuid.uuid4()
    if not _take(lane, holder):
        yield None
        return
    over = Event()
    heart = Thread(target=_beat, args=(lane, holder, over), name=f"lease {lane}", daemon=True)
    heart.start()
    try:
        yield holder
    finally:
        over.set()
        heart.join()
        Lease.objects.filter(lane=lane, holder=holder).delete()


def renew(lane: str, holder: uuid.UUID) -> bool:
    """Hold it for another length from now; False when it has passed to somebody else."""
    return Lease.objects.filter(lane=lane, holder=holder).update(until=Now() + _length()) == 1


def _take(lane: str, holder: uuid.UUID) -> bool:
    place = f"{socket.gethostname()}:{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"lane": lane, "holder": holder, "place": place, "seconds": settings.WORK_LEASE_SECONDS})
        return cursor.rowcount == 1


def _beat(lane: str, holder: uuid.UUID, over: Event) -> None:
    """Renew from a thread of its own, so that a long handler keeps its lane; a connection is opened only for those."""
    try:
        while not over.wait(_length().total_seconds() / 3):
            if not renew(lane, holder):
                return
    except DatabaseError:
        return  # the lease runs out; `Owed.start` asks again before the next job
    finally:
        connection.close()


def _length() -> timedelta:
    return timedelta(seconds=settings.WORK_LEASE_SECONDS)

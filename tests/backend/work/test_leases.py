"""A lane belongs to one worker while it lives."""

import time
from threading import Barrier, Thread
from typing import Any

from django.db import connection

from backend.work.leases import leased
from backend.work.models import Lease


def test_of_many_who_come_at_once_one_gets_the_lane(committed: Any) -> None:
    ready, over, held = Barrier(8), Barrier(8), []

    def come() -> None:
        ready.wait()
        with leased("a") as holder:
            held.append(holder)
            over.wait()
        connection.close()

    workers = [Thread(target=come) for _ in range(8)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()

    assert len([holder for holder in held if holder]) == 1
    assert not Lease.objects.exists()


def test_it_is_renewed_while_the_work_lasts(committed: Any, settings: Any) -> None:
    settings.WORK_LEASE_SECONDS = 0.3
    with leased("a") as first:
        time.sleep(1)
        with leased("a") as second:
            assert (first is None, second is None) == (False, True)

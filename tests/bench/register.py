"""Recording and verifying, beside the bare cryptography of the same entries.

    python -m pytest tests/bench/register.py -s

Prints medians of five runs. The processor time is this process's: one core, without the database's.
"""

import hashlib
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import pytest
from django.db import transaction

from backend.people.actor import Actor
from backend.register import canonical, seal
from backend.register.entries import open_chain, record
from backend.register.models import Chain, Entry
from backend.register.verify import verify
from backend.work.models import Owed

CHAINS, LENGTH, RUNS = 400, 50, 5


def timed(what: Callable[[], Any]) -> tuple[float, float]:
    """Median of wall time and of processor time, in seconds."""
    runs = []
    for _ in range(RUNS):
        wall, processor = time.perf_counter(), time.process_time()
        what()
        runs.append((time.perf_counter() - wall, time.process_time() - processor))
    return median(run[0] for run in runs), median(run[1] for run in runs)


def fill() -> None:
    actor = Actor(user_id=None, name="Commun Accord")
    for _ in range(CHAINS):
        chain = open_chain()
        for number in range(LENGTH):
            with transaction.atomic():
                locked = Chain.objects.locked(chain.pk)
                record(locked, "exhibit.communicated", actor, about=chain, digests={"exhibit": "ab" * 32}, facts={"number": number})


@pytest.mark.timeout(600)
def test_register(committed: Any) -> None:
    count = CHAINS * LENGTH
    began = time.perf_counter()
    fill()
    wall = time.perf_counter() - began
    print(f"\nrecord: {count / wall:,.0f} entries/s, one transaction each, {Owed.objects.count() // count} subscribers owed")

    columns = ("previous", "payload", "hash", "signature", "key_id")
    rows = list(Entry.objects.order_by("chain", "seq").values_list(*columns))

    def hashes() -> None:
        for previous, payload, *_ in rows:
            hashlib.sha256(canonical.ENTRY + previous + payload).digest()

    def signatures(step: int) -> None:
        for _, _, digest, signature, key_id in rows[step - 1 :: step]:
            assert seal.verifies(key_id, digest, signature)

    for name, ours, step in (("heads", False, LENGTH), ("all signatures", True, 1)):
        bare_wall, bare_processor = timed(lambda step=step: (hashes(), signatures(step)))
        wall, processor = timed(lambda ours=ours: list(verify(all_signatures=ours)))
        print(f"verify, {name}: {count / wall:,.0f} entries/s; {count / processor:,.0f} per second of one core; ", end="")
        print(f"{wall / bare_wall:.2f} x the bare hashes and signatures in wall time, {processor / bare_processor:.2f} x in processor time")
    assert list(verify()) == []

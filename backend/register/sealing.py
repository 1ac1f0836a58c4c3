"""Sealing the register: the heads that went on join one tree, whose root is signed and timestamped; whatever came before stands in it."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from backend import clock
from backend.errors import Unavailable
from backend.register.models import Seal, Sealed
from backend.register.tree import Frontier, leaf
from backend.register.verify_seals import verify_heads, verify_seals
from backend.work import Later

log = logging.getLogger(__name__)
CHANGED, ALL = "changed", "all"
AT_ONCE = 20_000  # heads under one seal: a proof reads them all
LATE = timedelta(hours=1)  # an entry's id may be that much older than the moment its transaction ended; the night finds the rest
RENEWED_AFTER = timedelta(days=365)  # a head that does not change is sealed again, under a timestamp that lasts
AGAIN_SECONDS = 60.0
CHANGED_SINCE = """
    SELECT c.id, c.seq, c.head FROM register_chain c
    WHERE c.id IN (SELECT chain_id FROM register_entry WHERE id >= %(since)s)
        AND c.seq > COALESCE((SELECT s.seq FROM register_sealed s WHERE s.chain_id = c.id ORDER BY s.position DESC LIMIT 1), 0)
    ORDER BY c.id LIMIT %(limit)s
"""
EVERY = """
    SELECT c.id, c.seq, c.head, COALESCE(s.seq, 0), COALESCE(s.position, -1), s.head
    FROM (SELECT id, seq, head FROM register_chain WHERE id > %(after)s ORDER BY id LIMIT %(limit)s) c
    LEFT JOIN LATERAL (SELECT seq, position, head FROM register_sealed WHERE chain_id = c.id ORDER BY position DESC LIMIT 1) s ON true
    ORDER BY c.id
"""


class Head(NamedTuple):
    """How far a chain is."""

    chain: UUID
    seq: int
    head: bytes


def work(what: str) -> None:
    """Seal the chains that went on (`changed`), or look at each (`all`): the job `register.seal`.

    While no timestamp is to be had, nothing is kept and it is asked for again: the next seal holds what this one would have.
    """
    try:
        if what == ALL:
            seal_all()
            watch()
        else:
            seal_changed()
    except Unavailable:
        log.warning("the register could not be sealed: no timestamp; it will be tried again")
        raise Later(AGAIN_SECONDS) from None


def seal_changed() -> int:
    """Seal the heads of the chains that went on since the last seal. Returns how many; no seal is put where there are none."""
    last, count = Seal.objects.last_put(), 0
    since = _first_id(last.at - LATE) if last else UUID(int=0)
    while heads := [Head(*row) for row in _asked(CHANGED_SINCE, since=since, limit=AT_ONCE)]:
        put(heads, whole=False)
        count += len(heads)
    return count


def seal_all() -> Seal:
    """Look at every chain: seal what is not sealed as it stands, or not for a year; then put a seal over the whole, even where nothing is new.

    A chain that is behind what was sealed is not sealed again: it was rewound, and stays told.
    """
    begun, after = _begun(clock.machine() - RENEWED_AFTER), UUID(int=0)
    while rows := _asked(EVERY, after=after, limit=AT_ONCE):
        after = rows[-1][0]
        if heads := [Head(*row[:3]) for row in rows if _to_be_sealed(*row, renewed_before=begun)]:
            put(heads, whole=False)
    return put([], whole=True)


def watch() -> int:
    """Hold the chains against the seals, and the seals against one another; what does not hold is an error in the log. Returns how many.

    It does not recompute the chains themselves, which reads every entry: `verify_register` does.
    """
    faults = [f"chain {found.chain} is not as it was sealed: {found.fault} at {found.seq}" for found in verify_heads()]
    if broken := verify_seals():
        faults.append(f"seal {broken.number} does not hold: {broken.fault}")
    for fault in faults:
        log.error(fault)
    return len(faults)


def put(heads: Sequence[Head], *, whole: bool) -> Seal:
    """One seal over these heads and all that were sealed before. The timestamp is had first: a seal is kept whole or not at all.

    Raises Unavailable without a timestamp; IntegrityError where another seal was put meanwhile.
    """
    last = Seal.objects.last_put()
    grown = last.tree() if last else Frontier()
    leaves = [Sealed(position=grown.size + place, chain_id=head.chain, seq=head.seq, head=head.head) for place, head in enumerate(heads)]
    for head in heads:
        grown.append(leaf(head.chain, head.seq, bytes(head.head)))
    seal = Seal.following(last, grown, clock.machine(), whole=whole)
    seal.token = _function(settings.REGISTER_TIMESTAMP)(bytes(seal.hash))
    _function(settings.REGISTER_TIMESTAMP_CHECK)(seal.token, bytes(seal.hash))
    with transaction.atomic():
        Sealed.objects.bulk_create(leaves, batch_size=5000)
        seal.save(force_insert=True)
    return seal


def _to_be_sealed(_chain: UUID, seq: int, head: bytes, sealed: int, position: int, as_sealed: bytes | None, *, renewed_before: int) -> bool:
    if seq < sealed or (seq == sealed and seq and as_sealed != head):
        return False
    return seq > sealed or (seq > 0 and position < renewed_before)


def _begun(moment: datetime) -> int:
    """How many heads had been sealed before this moment."""
    size = Seal.objects.filter(at__lt=moment).order_by("-number").values_list("size", flat=True).first()
    return size or 0


def _first_id(moment: datetime) -> UUID:
    """The smallest UUIDv7 of this moment."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def _asked(statement: str, **values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _function(path: str) -> Callable[..., Any]:
    found: Callable[..., Any] = import_string(path)
    return found

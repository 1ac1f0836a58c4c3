"""Recomputing the tree over all chains, seal by seal, and holding the chains against what was sealed of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction
from django.utils.module_loading import import_string

from backend.errors import Invalid
from backend.register import canonical, seal
from backend.register.models import Seal
from backend.register.tree import Frontier, leaf
from backend.register.verify import BATCH, Break, Fault

EARLY, LATE = timedelta(minutes=5), timedelta(hours=1)  # how far a timestamp may be from the time its seal tells
LEAVES = "SELECT position, chain_id, seq, head FROM register_sealed ORDER BY position"
UNLIKE = """
    SELECT DISTINCT ON (s.chain_id) s.chain_id, s.seq, e.hash IS NULL
    FROM register_sealed s LEFT JOIN register_entry e ON e.chain_id = s.chain_id AND e.seq = s.seq
    WHERE e.hash IS DISTINCT FROM s.head AND (%(chain)s::uuid IS NULL OR s.chain_id = %(chain)s)
    ORDER BY s.chain_id, s.seq
"""


@dataclass(frozen=True)
class SealBreak:
    """The first seal that does not hold; those after it stand on it."""

    number: int
    fault: Fault


@dataclass(frozen=True)
class Standing:
    """How far the register is sealed: the last seal and its time, the heads in it, and the entries recorded since."""

    number: int
    at: datetime | None
    size: int


def standing() -> Standing:
    """Where the seals are."""
    last = Seal.objects.last_put()
    return Standing(last.number, last.at, last.size) if last else Standing(0, None, 0)


def verify_heads(chain_id: UUID | None = None, *, using: str = "default") -> Iterator[Break]:
    """For each chain, or one, the first place where it is not as a seal holds it: cut back with its row, gone altogether, or written anew."""
    with transaction.atomic(using=using), connections[using].chunked_cursor() as cursor:
        cursor.execute(UNLIKE, {"chain": chain_id})
        for chain, seq, gone in cursor:
            yield Break(chain, seq, Fault.REWOUND if gone else Fault.UNLIKE)


def verify_seals(*, all_tokens: bool = False, using: str = "default") -> SealBreak | None:
    """The first seal that does not hold, None where all do. Memory stays flat.

    Roots and hashes are recomputed for every seal; the signature and the timestamp for the last one, which binds all before it, or for each.
    """
    with transaction.atomic(using=using), connections[using].chunked_cursor() as cursor:
        seals = Seal.objects.using(using).order_by("number")
        last = seals.last()  # seals put from here on are not looked at
        cursor.execute(LEAVES)
        leaves, tree, before = _each(cursor), Frontier(), None
        for one in seals.filter(number__lte=last.number).iterator(1000) if last else ():
            if fault := _fault(one, before, tree, leaves) or (_unattested(one) if all_tokens or one == last else None):
                return SealBreak(_after(before) if fault == Fault.MISSING else one.number, fault)
            before = one
        if next(leaves, None) and not seals.filter(number=_after(last)).exists():  # heads that no seal holds any more
            return SealBreak(_after(last), Fault.MISSING)
    return None


def _after(one: Seal | None) -> int:
    return one.number + 1 if one else 1


def _each(cursor: Any) -> Iterator[Any]:
    while batch := cursor.fetchmany(BATCH):
        yield from batch


def _fault(one: Seal, before: Seal | None, tree: Frontier, leaves: Iterator[Any]) -> Fault | None:
    """Whether this seal follows the one before, says what was hashed, and is over these leaves."""
    if one.number != _after(before):
        return Fault.MISSING
    if bytes(one.previous) != (bytes(before.hash) if before else canonical.sealed(b"")) or one.size < tree.size:
        return Fault.MOVED
    if canonical.sealed(one.payload()) != bytes(one.hash):
        return Fault.CHANGED
    while tree.size < one.size:
        found = next(leaves, None)
        if found is None or found[0] != tree.size:
            return Fault.UNLIKE
        _position, chain, seq, head = found
        tree.append(leaf(chain, seq, bytes(head)))
    if tree.root() != bytes(one.root) or bytes(tree) != bytes(one.frontier):
        return Fault.UNLIKE
    return None


def _unattested(one: Seal) -> Fault | None:
    """Whether a key of ours signed it and a timestamp trusted here attests it, at about the time it tells."""
    digest = bytes(one.hash)
    if not seal.verifies(one.key_id, digest, bytes(one.signature)):
        return Fault.UNSIGNED
    try:
        at = import_string(settings.REGISTER_TIMESTAMP_CHECK)(bytes(one.token), digest).at
    except Invalid:
        return Fault.UNSTAMPED
    return None if one.at - EARLY <= at <= one.at + LATE else Fault.UNSTAMPED

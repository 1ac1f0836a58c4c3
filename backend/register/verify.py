"""Recomputing the chains, and saying where one breaks."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections, transaction

from backend.register import canonical, seal

BATCH = 5000
IDENTITY = ("id", "chain", "kind", "at", "actor", "on_behalf_of", "organisation")
# JSON as the database writes it in which such a mark may stand within a text: an escape, one that ends or begins with a mark and a space
AMBIGUOUS = re.compile(r"""\\|, "[,:}\]]|[ {\[]": """)
ROWS = """
    SELECT c.id::text, c.seq, c.head, e.seq, e.payload, e.previous, e.hash, e.signature, e.key_id,
        e.id::text, e.chain_id::text, e.kind, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        e.actor_id::text, e.on_behalf_of::text, e.organisation_id::text, e.about_type, e.about_id::text,
        CASE WHEN e.digests = '{}' THEN NULL ELSE e.digests END, CASE WHEN e.facts = '{}' THEN NULL ELSE e.facts END, e.audience
    FROM register_chain c LEFT JOIN register_entry e ON e.chain_id = c.id
    WHERE %(chain)s::uuid IS NULL OR c.id = %(chain)s
    ORDER BY c.id, e.seq
"""


class Fault(StrEnum):
    """What is wrong at a place."""

    MISSING = "missing"  # an entry is not where the sequence wants one
    MOVED = "moved"  # it does not follow the one before it
    CHANGED = "changed"  # its bytes are not those that were hashed
    REWRITTEN = "rewritten"  # its columns do not say what its bytes say
    UNSIGNED = "unsigned"  # no key of ours signed it
    CUT = "cut"  # the chain knows of entries that are not there
    REWOUND = "rewound"  # a seal knows of entries that are not there: the chain was cut back with its row, or is gone
    UNLIKE = "unlike"  # a seal holds it otherwise; of a seal: its heads do not give its root
    UNSTAMPED = "unstamped"  # of a seal: no timestamp trusted here is over it, or one of another time


@dataclass(frozen=True)
class Break:
    """The first place where a chain does not hold."""

    chain: UUID
    seq: int
    fault: Fault


class Row(NamedTuple):
    chain: str
    length: int
    head: bytes
    seq: int | None
    payload: bytes
    previous: bytes
    hash: bytes
    signature: bytes
    key_id: str
    id: str
    belongs_to: str
    kind: str
    at: str
    actor: str | None
    on_behalf_of: str | None
    organisation: str | None
    about_type: str
    about_id: str | None
    digests: str | None
    facts: str | None
    audience: list[str]


def verify(chain_id: UUID | None = None, *, all_signatures: bool = False, using: str = "default") -> Iterator[Break]:
    """The first break of each chain, or of one; nothing where all holds. Entries written meanwhile do not disturb it.

    The signature of a chain's last entry is checked, and binds all before it by their hashes; `all_signatures` checks each.
    """
    for _, rows in groupby(_rows(chain_id, using), itemgetter(0)):
        if found := _first_break(rows, all_signatures):
            yield found


def _rows(chain_id: UUID | None, using: str) -> Iterator[Row]:
    """Every entry beside its chain, in order, in one snapshot, a batch at a time."""
    with transaction.atomic(using=using), connections[using].chunked_cursor() as cursor:
        cursor.execute(ROWS, {"chain": chain_id})
        while batch := cursor.fetchmany(BATCH):
            yield from batch


def _first_break(rows: Iterable[Any], all_signatures: bool) -> Break | None:
    """Walk one chain from its beginning; `rows` are plain tuples in the order of `Row`, for speed."""
    place, row = 0, None
    for row in rows:
        if place == 0:
            previous = canonical.genesis(UUID(row[0]))
        if row[3] is None:
            break
        place += 1
        if fault := _fault(row, place, previous, all_signatures):
            return Break(UUID(row[0]), place, fault)
        previous = row[6]
    if row is None:
        return None
    return _end(Row(*row), place, previous)


def _fault(row: Any, place: int, previous: bytes, signed: bool) -> Fault | None:
    _, _, _, seq, payload, before, digest, signature, key_id, *columns = row
    if seq != place:
        return Fault.MISSING
    if before != previous:
        return Fault.MOVED
    if canonical.digest(before, payload) != digest:
        return Fault.CHANGED
    if not _says(payload, seq, columns):
        return Fault.REWRITTEN
    if signed and not seal.verifies(key_id, digest, signature):
        return Fault.UNSIGNED
    return None


def _says(payload: bytes, seq: int, columns: list[Any]) -> bool:
    """Whether the columns people read say what the hashed bytes say."""
    return _written(seq, columns) == payload or _read(payload, seq, columns)


def _written(seq: int, columns: list[Any]) -> bytes | None:
    """The bytes that plain columns have, much faster than to read the bytes; None, or other bytes, where they are not as plain.

    It is never what other columns would have: a text without a quotation mark ends where its own ends, and each name below stands once.
    """
    key, chain, kind, at, actor, behalf, organisation, about_type, about, digests, facts, audience = columns
    digests, facts, sides = digests or "{}", facts or "{}", "".join(audience)
    if AMBIGUOUS.search(digests) or AMBIGUOUS.search(facts) or '"' in sides or "\\" in sides:
        return None
    said = '","'.join(audience)
    heard = f'["{said}"]' if audience else "[]"
    return (
        f'{{"about":["{about_type}",{_quoted(about)}],"actor":{_quoted(actor)},"at":"{at}","audience":{heard},"chain":"{chain}",'
        f'"digests":{_packed(digests)},"facts":{_packed(facts)},"id":"{key}","kind":"{kind}","on_behalf_of":{_quoted(behalf)},'
        f'"organisation":{_quoted(organisation)},"seq":{seq}}}'
    ).encode()


def _quoted(value: str | None) -> str:
    return "null" if value is None else f'"{value}"'


def _packed(written: str) -> str:
    """JSON as the database writes it, without the space after each mark; one that is not only of texts keeps some, and is read instead."""
    return written.replace('": ', '":').replace(', "', ',"')


def _read(payload: bytes, seq: int, columns: list[Any]) -> bool:
    try:
        told = json.loads(payload)
        *identity, digests, facts, audience = columns
        return (
            told["seq"] == seq
            and [*map(told.__getitem__, IDENTITY), *told["about"]] == identity
            and told["audience"] == audience
            and told["digests"] == (json.loads(digests) if digests else {})
            and told["facts"] == (json.loads(facts) if facts else {})
        )
    except (ValueError, TypeError, KeyError):
        return False


def _end(last: Row, place: int, previous: bytes) -> Break | None:
    """The chain's own row must know this end, and the last signature vouches for all before it."""
    chain = UUID(last.chain)
    if last.length != place:
        return Break(chain, min(last.length, place) + 1, Fault.CUT)
    if last.head != previous:
        return Break(chain, place, Fault.CUT)
    if place and not seal.verifies(last.key_id, last.hash, last.signature):
        return Break(chain, place, Fault.UNSIGNED)
    return None

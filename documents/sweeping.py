"""The store against the rows, both ways: objects that belong to nothing are removed, versions that lost their object are told."""

import logging
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from math import inf
from uuid import UUID

from backend import clock
from backend.work import Job
from backend.work.owing import owe
from documents import storage
from documents.models import Fault, Version

log = logging.getLogger(__name__)
ROOT = "documents/"
CONTENT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OURS = re.compile(rf"{ROOT}{CONTENT.pattern}/[^/]+/.")
START, END = UUID(int=0), UUID(int=2**128 - 1)
GRACE = timedelta(hours=1)  # an object younger than this may be waiting for its row
STRETCH = 5000  # objects at a time
TURN_SECONDS = 30.0


@dataclass(frozen=True)
class Swept:
    """What a sweep did: objects removed, held back by a lock, versions without their object, and the document it came to."""

    removed: int
    locked: int
    missing: tuple[UUID, ...]
    upto: UUID


def sweep(after: UUID = START, seconds: float = inf) -> Swept:
    """Go through the store after a document, some thousands of objects at a time, to the end or for `seconds`. May run anywhere, any number of times."""
    ends = time.monotonic() + seconds
    removed, locked, missing = 0, 0, list[UUID]()
    for upto, keys in _stretches(after):
        kept = _kept(after, upto)
        orphans = _orphans(keys, kept)
        held = storage.delete(orphans)
        removed, locked = removed + len(orphans) - len(held), locked + len(held)
        missing += _missing(keys, kept)
        after = upto
        if time.monotonic() > ends:
            break
    return Swept(removed, locked, tuple(missing), after)


def work(after: str) -> None:
    """The same in turns (job `documents.sweep`), each owing the next."""
    swept = sweep(UUID(after), TURN_SECONDS)
    log.info("swept up to %s: %s removed, %s locked, %s missing", swept.upto, swept.removed, swept.locked, len(swept.missing))
    if swept.upto != END:
        owe([Job("documents.sweep", swept.upto, lane="documents.sweep")])


def _stretches(after: UUID) -> Iterator[tuple[UUID, dict[str, datetime]]]:
    """The store's keys, whole documents at a time, with the last of those documents: identifiers and keys have one order."""
    held: dict[str, datetime] = {}
    ours = (item for item in storage.walk(ROOT, f"{ROOT}{after}/~") if OURS.match(item[0]))
    for document, items in groupby(ours, key=lambda item: item[0].split("/")[1]):
        held.update(items)
        if len(held) >= STRETCH:
            yield UUID(document), held
            held = {}
    yield END, held


def _kept(after: UUID, upto: UUID) -> dict[str, str]:
    """The object of each living version of the documents in between."""
    rows = Version.objects.whole().filter(document__gt=after, document__lte=upto)
    return {str(pk): key for pk, key in rows.values_list("pk", "key")}


def _orphans(keys: Mapping[str, datetime], kept: Mapping[str, str]) -> list[str]:
    """The keys, old enough, of what is neither a living version's content nor made from one."""
    limit = clock.machine() - GRACE
    return [key for key, stored_at in keys.items() if stored_at < limit and not _belongs(key, kept)]


def _belongs(key: str, kept: Mapping[str, str]) -> bool:
    """A content is named by an identifier; what is made from it, its pictures say, by what it is."""
    _root, _document, version, name = key.split("/", 3)
    return kept.get(version) == key or (version in kept and not CONTENT.fullmatch(name))


def _missing(keys: Mapping[str, datetime], kept: Mapping[str, str]) -> list[UUID]:
    """The versions whose object is gone, noted as faulty. Looks again: the row may have come, with its object, after the walk."""
    missing = [UUID(version) for version, key in kept.items() if key not in keys and not storage.uncover(key)]
    for version in missing:
        log.error("version %s has lost its object", version)
    Version.objects.filter(pk__in=missing).update(fault=Fault.MISSING, checked_at=clock.now())
    return missing

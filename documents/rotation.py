"""Every data key wrapped again under the present key-encryption key, while people read and write; earlier keys may then be retired."""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from math import inf
from typing import Any, Protocol, cast

from django.apps import apps
from django.conf import settings
from django.db.models import Count, QuerySet

from backend.work import Later
from documents import keyring
from documents.envelope import Tampered
from documents.keyring.errors import NoKey
from documents.models import Keyed

log = logging.getLogger(__name__)
BATCH = 500
TURN_SECONDS = 30.0


class Sealer(Protocol):
    """A module beside the vault whose own secrets are sealed under DOCUMENTS_KEY (settings.DOCUMENTS_KEY_SEALS)."""

    def reseal(self) -> None:
        """Seal again, under the present key, what an earlier one seals."""

    def waiting(self) -> int:
        """How many secrets an earlier key seals."""


def beside() -> dict[str, Sealer]:
    """What they keep → who seals it."""
    return {kept: cast(Sealer, import_module(path)) for kept, path in settings.DOCUMENTS_KEY_SEALS.items()}


def in_use() -> Counter[str]:
    """How many rows each key-encryption key wraps the data key of."""
    found: Counter[str] = Counter()
    for model in _holders():
        for key_id, count in _holding(model).order_by().values_list("key_id").annotate(Count("pk")):
            found[key_id] += count
    return found


def retired() -> dict[str, int]:
    """The keys that still wrap something and do not unwrap here any more, with how many rows. Raises Unavailable."""
    return {key_id: count for key_id, count in in_use().items() if not _opens(key_id)}


def rewrap(seconds: float = inf) -> bool:
    """Wrap again what another key than the present one wraps, and have sealed again what else is under it. Returns whether the end was reached within `seconds`.

    May run anywhere, beside anything: a row that is erased or wrapped again meanwhile keeps what it was given. A data key that does not
    unwrap is left and logged. Raises Unavailable.
    """
    ends, present = time.monotonic() + seconds, keyring.present()
    for sealer in beside().values():
        sealer.reseal()
    for model in _holders():
        for row in _others(model, present):
            if time.monotonic() > ends:
                return False
            _again(row)
    return True


def work(_subject: str) -> None:
    """The same in turns (job `documents.rewrap`)."""
    if not rewrap(TURN_SECONDS):
        raise Later(0)


def _opens(key_id: str) -> bool:
    sample = next((row for model in _holders() for row in _holding(model).filter(key_id=key_id)[:1]), None)
    if sample is None:
        return True  # the last row it wrapped was erased, or wrapped again, meanwhile
    try:
        keyring.unwrap(bytes(sample.wrapped_key), key_id)
    except NoKey:
        return False
    except Tampered:
        return True  # the key is there: the row is at fault, which the audit tells
    return True


def _holders() -> list[type[Keyed]]:
    return [model for model in apps.get_models() if issubclass(model, Keyed)]


def _holding(model: type[Keyed]) -> QuerySet[Any]:
    return model._default_manager.exclude(wrapped_key=b"")


def _others(model: type[Keyed], present: str) -> Iterator[Keyed]:
    """The rows under another key, in batches, in the order of their keys."""
    rows = _holding(model).exclude(key_id=present).only("pk", "wrapped_key", "key_id").order_by("pk")
    batch = list(rows[:BATCH])
    while batch:
        yield from batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:BATCH])


def _again(row: Keyed) -> None:
    """Compare and set: the row changes only if it still holds what was read."""
    held = bytes(row.wrapped_key)
    try:
        wrapped, key_id = keyring.rewrap(held, row.key_id)
    except (Tampered, NoKey) as fault:
        log.error("%s %s: its data key does not unwrap: %s", row._meta.label, row.pk, type(fault).__name__)
        return
    _holding(type(row)).filter(pk=row.pk, wrapped_key=held).update(wrapped_key=wrapped, key_id=key_id)

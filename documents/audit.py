"""Reading the store again, a share each night: opened, hashed, held against the rows; what is sound is locked for longer, what is not is told."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import ceil, inf
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Coalesce

from backend import clock
from backend.errors import NotFound, Unavailable
from backend.work import Later
from documents import keyring, storage, vault
from documents.envelope import Tampered
from documents.keyring.errors import NoKey
from documents.models import Fault, Version

log = logging.getLogger(__name__)
TURN_SECONDS = 30.0


@dataclass(frozen=True)
class Standing:
    """How the store is: versions found faulty, and the moment since which all of it was read."""

    faulty: int
    read_since: datetime | None


def standing() -> Standing:
    """What the last audits told, for the operator."""
    ready = Version.objects.ready()
    return Standing(ready.faulty().count(), ready.aggregate(oldest=Min(Coalesce("checked_at", "at")))["oldest"])


def check(version: Version) -> str:
    """Read a version whole and write down how it is: sound (empty), or which Fault; lock it for longer where it is sound.

    Raises Unavailable where the store or the keys do not answer, and then nothing is written.
    """
    try:
        fault = _looked(version)
    except Unavailable:
        if not _answering():
            raise
        fault = Fault.UNREADABLE
    if fault:
        log.error("version %s: %s", version.pk, fault)
    Version.objects.filter(pk=version.pk).kept().update(checked_at=clock.now(), fault=fault)
    return fault


def audit(since: datetime, seconds: float = inf) -> bool:
    """Check tonight's share of what is ready, the longest unchecked first. Returns whether it is done, within `seconds`.

    `since`: what was checked after this moment counts for tonight, so that a night cut short goes on where it was.
    """
    ends = time.monotonic() + seconds
    ready = Version.objects.ready()
    share = ceil(ready.count() / settings.AUDIT_NIGHTS) - ready.filter(checked_at__gte=since).count()
    for version in _longest_unchecked(ready, since)[: max(share, 0)].iterator(100):
        if time.monotonic() > ends:
            return False
        check(version)
    return True


def work(night: str) -> None:
    """The audit of a night, named by its day, in turns (job `documents.audit`)."""
    if not audit(datetime.fromisoformat(night).replace(tzinfo=ZoneInfo(settings.TIME_ZONE)), TURN_SECONDS):
        raise Later(0)


def _longest_unchecked(ready: QuerySet[Version], since: datetime) -> QuerySet[Version]:
    """What was just stored was just known sound: its turn comes after that of all the others."""
    return ready.filter(Q(checked_at=None) | Q(checked_at__lt=since)).order_by(Coalesce("checked_at", "at"), "pk")


def _looked(version: Version) -> str:
    fault = _fault(version)
    if not fault:
        vault.lock(version.pk)
    return fault


def _answering() -> bool:
    """Whether what we stand on answers, so that it is this object that cannot be had."""
    try:
        keyring.present()
    except Unavailable:
        return False
    return storage.answers()


def _fault(version: Version) -> str:
    try:
        return _read(version) if storage.uncover(version.key) else Fault.MISSING
    except Tampered:
        return Fault.TAMPERED
    except NoKey:
        return Fault.NO_KEY
    except NotFound:
        return Fault.MISSING


def _read(version: Version) -> str:
    digest = sha256()
    for chunk in vault.unchecked(version):
        digest.update(chunk)
    return "" if digest.hexdigest() == version.sha256 else Fault.CHANGED

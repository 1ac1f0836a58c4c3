"""The one clock: what time the platform believes it is, which tests and replayed cases may set."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_set: ContextVar[datetime | None] = ContextVar("clock", default=None)
_ahead = timedelta()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _set.get() or datetime.now(UTC) + _ahead


def today(zone: str = "Europe/Paris") -> date:
    """The present day where `zone` (an IANA name) is kept; a period in days is counted there (CPC 641)."""
    return day(now(), zone)


def day(moment: datetime, zone: str = "Europe/Paris") -> date:
    """The day it is at `moment` (aware) where `zone` is kept."""
    return moment.astimezone(ZoneInfo(zone)).date()


def machine() -> datetime:
    """The machine's own time, never set by `at` or `run_ahead`: for certificates, timestamps and TLS, which live in no other."""
    return datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Make `now()` answer `moment` (aware) inside the block, in this context only."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _set.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set.reset(token)


def run_ahead(by: timedelta) -> None:
    """Make this whole process live `by` later than the machine, the clock running on: for programs started in days to come."""
    global _ahead
    _ahead = by

"""No clock but `backend.clock`: a test, or a replayed case, sets the time for all."""

from tests.house.source import PRODUCT, offences, used

CLOCKS = {
    *(f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")),
    "datetime.date.today",
    *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "ctime", "strftime")),
    *(f"django.utils.timezone.{name}" for name in ("now", "localdate", "localtime")),
    "django.db.models.functions.Now",
}
EXCUSED = {
    "backend/clock.py": "it is the clock",
    "backend/work/leases.py": "a lease ends by the database's clock, the same for every machine",
    "backend/work/models.py": "a lease ends by the database's clock, the same for every machine",
}


def clocks(source: str) -> set[str]:
    return used(source) & CLOCKS


def test_nobody_else_asks_what_time_it_is() -> None:
    assert offences(clocks, *PRODUCT, but=EXCUSED) == {}


def test_a_clock_of_ones_own_is_caught_by_whatever_name() -> None:
    assert clocks("import datetime\ndatetime.datetime.now()")
    assert clocks("from datetime import date as day\nday.today()")
    assert clocks("from django.utils import timezone\nclass Row:\n    at = Field(default=timezone.now)")
    assert clocks("import time\ndef late():\n    return time.time() > 3")
    assert not clocks("from backend import clock\nimport time\nclock.now(), time.monotonic()")

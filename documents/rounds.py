"""What comes round by itself in the vault: each night, a job for each thing to do."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from backend import clock
from backend.work import Job
from backend.work.owing import owe
from backend.work.periodic import once
from documents import sweeping

NIGHT_HOUR = 1  # not before, by the platform's own clock


def owe_nightly() -> None:
    """Owe the night's work, once a night, however often it is asked."""
    if clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).hour >= NIGHT_HOUR:
        _owe()


@once("vault", timedelta(days=1))
def _owe() -> None:
    today = clock.today(settings.TIME_ZONE).isoformat()
    for kind, subject in (
        ("documents.sweep", str(sweeping.START)),
        ("documents.audit", today),
        ("documents.rewrap", "all"),
        ("documents.expire", "all"),
        ("documents.clear", "all"),
    ):
        owe([Job(kind, subject, lane=kind)])

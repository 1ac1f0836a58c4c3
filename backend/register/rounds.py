"""When the register is sealed: every few minutes what went on, and each night all of it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from backend import clock
from backend.register.sealing import ALL, CHANGED
from backend.work import Job
from backend.work.owing import owe
from backend.work.periodic import once

KIND = "register.seal"
NIGHT_HOUR = 1  # not before, by the platform's own clock


def owe_seals() -> None:
    """Owe the seals whose turn has come, however often it is asked. They share a lane: one seal after the other."""
    owe([Job(KIND, CHANGED, lane=KIND)])
    if clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).hour >= NIGHT_HOUR:
        _owe_the_night()


@once("register", timedelta(days=1))
def _owe_the_night() -> None:
    owe([Job(KIND, ALL, lane=KIND)])

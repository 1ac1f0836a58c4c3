"""Handlers that note what they were given, and fail when told to."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
done: list[str] = []
behaviours: dict[str, Callable[[], Any]] = {}


def note(subject: str) -> None:
    """Do what the test wants of this subject, then note that it was done."""
    behaviours.get(subject, bool)()
    done.append(subject)


@pytest.fixture(autouse=True)
def handlers(settings: Any) -> None:
    settings.WORK_HANDLERS = {"test.note": f"{__name__}.note", "test.other": f"{__name__}.note"}
    settings.WORK_GIVEN_UP = {}
    done.clear()
    behaviours.clear()

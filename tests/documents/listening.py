"""Somebody who listens to what becomes of documents, for the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

_heard: list[tuple[str, UUID]] = []


def hear(version: UUID, state: str) -> None:
    _heard.append((state, version))


@contextmanager
def heard() -> Iterator[list[tuple[str, UUID]]]:
    """What is told inside the block."""
    _heard.clear()
    told: list[tuple[str, UUID]] = []
    yield told
    told += _heard

"""Celery's door to this room: beat rings each hour, and the round decides whether its turn has come."""

from celery import shared_task

from documents import rounds


@shared_task
def nightly() -> None:
    """The night's work is owed."""
    rounds.owe_nightly()

"""Celery's door to this room: beat rings every few minutes."""

from celery import shared_task

from backend.register import rounds


@shared_task
def seal() -> None:
    """The seals whose turn has come are owed."""
    rounds.owe_seals()

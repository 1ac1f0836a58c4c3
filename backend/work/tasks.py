"""Celery's doors to this room: the alarm clock rings, the room decides what there is to do."""

from celery import shared_task

from backend.work import doing


@shared_task
def wake(lane: str) -> None:
    """Somebody owes something in this lane."""
    doing.work(lane)


@shared_task
def sweep() -> None:
    """From time to time: whatever was missed."""
    doing.sweep()

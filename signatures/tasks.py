"""Celery's door to this room: beat rings each hour, and the round decides whether its turn has come."""

from celery import shared_task

from signatures import renewal


@shared_task
def nightly() -> None:
    """The night's renewals are owed."""
    renewal.owe_nightly()

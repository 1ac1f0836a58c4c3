"""Celery's door to this room: beat rings each hour, and each round decides whether its turn has come."""

from celery import shared_task

from cases.notices import reminders


@shared_task
def daily() -> None:
    """The rounds of the day are owed."""
    reminders.owe_rounds()

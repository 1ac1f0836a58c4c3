"""The roof: settings, addresses, servers' entry points."""

from backend.config.celery import app as celery_app

__all__ = ["celery_app"]

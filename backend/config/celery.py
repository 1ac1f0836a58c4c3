"""The Celery application: it rings; what there is to do stands in backend/work."""

import os
from typing import Any

from celery import Celery
from celery.signals import after_setup_logger

from backend.config.logs import Line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
app = Celery("commun_accord")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@after_setup_logger.connect
def in_the_one_format(logger: Any, **_told: Any) -> None:
    """Celery sets up its own log: its lines are written as all others."""
    for handler in logger.handlers:
        handler.setFormatter(Line())

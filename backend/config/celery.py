"""The Celery application: it rings; what there is to do stands in backend/work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
app = Celery("commun_accord")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

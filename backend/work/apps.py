"""The app's name and label."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "backend.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"

"""The app's name and label."""

from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    name = "signatures"
    label = "signatures"
    default_auto_field = "django.db.models.BigAutoField"

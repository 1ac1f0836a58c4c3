"""The app's name and label."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "backend.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"

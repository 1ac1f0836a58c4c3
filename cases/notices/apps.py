"""The app's name and label."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "cases.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

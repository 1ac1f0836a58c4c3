"""The app's name and label."""

from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    name = "signatures"
    label = "signatures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from signatures import checks  # noqa: F401 - registers itself

"""The app's name and label, and what its jobs in the limited process need to have loaded."""

from django.apps import AppConfig

from documents import sandbox


class SignaturesConfig(AppConfig):
    name = "signatures"
    label = "signatures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from signatures import checks  # noqa: F401 - registers itself

        sandbox.preload("signatures.warming")

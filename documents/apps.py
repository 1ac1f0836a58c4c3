"""The app's name and label."""

from django.apps import AppConfig
from django.conf import settings

from documents import sandbox


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        sandbox.configure(settings.VAR_DIR / "sandbox", at_once=settings.SANDBOX_AT_ONCE, large_at_once=settings.SANDBOX_LARGE_AT_ONCE)

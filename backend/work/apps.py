"""The app's name and label."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    name = "backend.work"
    label = "work"
    verbose_name = _("Work owed")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.work import checks  # noqa: F401 - registers itself

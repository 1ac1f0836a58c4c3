"""The app's name, what limits its parsers, and the check made before it starts."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from backend.errors import Unavailable
from documents import sandbox


class NotStarted(sandbox.NotStarted, Unavailable):
    """No limited process could be made: what needed one is tried again, or may be asked for again."""

    def __init__(self, why: str) -> None:
        Unavailable.__init__(self)
        self.add_note(why)


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    verbose_name = _("Documents")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from documents import checks  # noqa: F401 - registers itself

        sandbox.raise_when_not_started(NotStarted)
        sandbox.configure(settings.VAR_DIR / "sandbox", at_once=settings.SANDBOX_AT_ONCE, large_at_once=settings.SANDBOX_LARGE_AT_ONCE)

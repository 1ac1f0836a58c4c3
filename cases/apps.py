"""The business's name, and the checks made before it starts."""

from django.apps import AppConfig
from django.core.checks import register


class CasesConfig(AppConfig):
    name = "cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases import actions  # noqa: F401 - every action makes itself known by being imported
        from cases.agreeing import declarations_and_actions_agree

        register(declarations_and_actions_agree)

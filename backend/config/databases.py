"""Two aliases to one database: the application's role by default, the owner's for migrations."""

from typing import Any


class Router:
    """Schema changes go through the owner's connection only; everything else through the application's."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "migrator"

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        return True

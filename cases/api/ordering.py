"""In which order the caseload and the desk are read, page after page."""

import re
from typing import Any

from rest_framework.request import Request

from backend.api.pagination import Cursor
from backend.errors import Invalid
from cases.queues import DUE_ORDER

ORDERINGS = {"-opened_at": ("-id",), "opened_at": ("id",), "next_due": (DUE_ORDER,)}


PLACE = re.compile(r"\d{4}-\d\d-\d\d/[0-9a-f-]{36}")


class ByDate(Cursor):
    """The nearest date first, then the oldest."""

    ordering = DUE_ORDER

    def _check(self, position: str) -> None:
        if self.ordering[0].lstrip("-") != DUE_ORDER:
            super()._check(position)
        elif not PLACE.fullmatch(position):
            raise Invalid(field="cursor")


class Caseload(ByDate):
    """Newest first, oldest first, or the nearest date first (`?ordering=`)."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        asked = request.query_params.get("ordering", "-opened_at")
        if asked not in ORDERINGS:
            raise Invalid(field="ordering")
        return ORDERINGS[asked]

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        ordering = {"name": "ordering", "in": "query", "required": False, "schema": {"type": "string", "enum": list(ORDERINGS)}}
        return [*super().get_schema_operation_parameters(view), ordering]

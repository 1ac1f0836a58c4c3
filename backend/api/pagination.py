"""Pages of a list by cursor: nothing skipped or seen twice while rows come in."""

from typing import Any
from uuid import UUID

from rest_framework.pagination import Cursor as Position
from rest_framework.pagination import CursorPagination

from backend.errors import Invalid


class Cursor(CursorPagination):
    """Newest first, by the identifier: a UUIDv7 is unique, never changes and grows with time, so no tie can lose a row.

    A cursor is not a right: filters and what one may see are applied again to each page. `?size=` asks for up to 200.
    """

    ordering = "-id"
    page_size_query_param = "size"
    max_page_size = 200

    def decode_cursor(self, request: Any) -> Position | None:
        """The cursor sent, refused where it is not one of ours."""
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None:
            self._check(str(cursor.position))
        return cursor

    def _check(self, position: str) -> None:
        try:
            UUID(position)
        except ValueError:
            raise Invalid(field="cursor") from None


class OldestFirst(Cursor):
    """The same, in the order things were made."""

    ordering = "id"

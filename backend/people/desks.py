"""What every desk of the administration holds to, whatever it shows."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.filters import SimpleListFilter
from django.http import HttpRequest

HOW = ("", "__exact", "__in", "__isnull", "__isempty", "__gte", "__gt", "__lte", "__lt")  # what Django's own filters ask


class Narrow(admin.ModelAdmin):
    """A list that is narrowed only by what it offers: a column that is not shown is not guessed at by asking for it, letter by letter."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """The key of a row, and the filters named in `list_filter`; all else is refused, where Django lets any column of the table be asked."""
        if lookup in ("pk", "pk__exact"):
            return True
        offered = self.list_filter if request is None else self.get_list_filter(request)
        return lookup in asked_by(offered) and super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]


def asked_by(filters: Any) -> set[str]:
    """What the links of these filters ask."""
    return set(_asked_by(filters))


def _asked_by(filters: Any) -> Iterator[str]:
    for each in filters:
        if isinstance(each, type) and issubclass(each, SimpleListFilter):
            yield str(each.parameter_name)
        else:
            name = each if isinstance(each, str) else each[0]
            yield from (f"{name}{how}" for how in HOW)

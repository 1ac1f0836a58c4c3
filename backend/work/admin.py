"""What an operator sees of the work owed: parked first, and one thing to do about it."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backend.people.desks import Narrow
from backend.work.models import Owed, Period
from backend.work.owing import ring


class ReadOnly(Narrow):
    """Rows the platform writes, and people only read."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Parked(admin.SimpleListFilter):
    """Given up, or still waiting."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("parked", _("parked")), ("waiting", _("waiting"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "parked":
                return queryset.parked()
            case "waiting":
                return queryset.waiting()
        return queryset


@admin.register(Owed)
class OwedAdmin(ReadOnly):
    """Ids, counts and dates only: no content of a case is in the table."""

    list_display = ["kind", "subject", "lane", "attempts", "deaths", "due_at", "parked_at", "last_error"]
    list_filter = [Parked, "kind"]
    search_fields = ["subject", "lane"]
    ordering = [F("parked_at").asc(nulls_last=True), "position"]
    actions = ["try_again"]

    @admin.action(description=_("Try again"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[Owed]) -> None:
        """Due at once, with a clean slate."""
        lanes = list(queryset.values_list("lane", flat=True))
        count = Owed.objects.filter(pk__in=queryset.values("pk")).try_again()
        for lane in dict.fromkeys(lanes):
            ring(lane)
        told = ngettext("%(count)d job will be tried again.", "%(count)d jobs will be tried again.", count)
        self.message_user(request, told % {"count": count})


@admin.register(Period)
class PeriodAdmin(ReadOnly):
    """When periodic work last ran."""

    list_display = ["name", "began_at"]

"""What an operator sees of the vault: states, digests, keys and faults; never a name, never a page, which belong to the cases."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backend.work.admin import ReadOnly
from documents.models import State, Version

FIRST = {State.QUARANTINED: 1, State.STUCK: 2, State.RECEIVED: 3, State.CHECKING: 3}


class Audited(admin.SimpleListFilter):
    """How it was when it was last read again."""

    title = _("audit")
    parameter_name = "audit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("faulty", _("faulty")), ("sound", _("sound")), ("never", _("not checked yet"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "faulty":
                return queryset.faulty()
            case "sound":
                return queryset.filter(fault="", checked_at__isnull=False)
            case "never":
                return queryset.filter(checked_at=None)
        return queryset


@admin.register(Version)
class VersionAdmin(ReadOnly):
    """States, codes and dates, what is wrong first: an operator learns that something is wrong, not what people wrote."""

    list_display = ["id", "state", "stage", "codes", "infection", "fault", "checked_at", "size", "media_type", "at", "key_id"]
    list_filter = [Audited, "state", "stage", "key_id"]
    search_fields = ["id", "document__id", "sha256", "sent_sha256"]
    fields = (
        *("id", "of_document", "number", "made_by", "state", "stage", "codes", "infection", "fault", "checked_at"),
        *("sha256", "sent_sha256", "size", "media_type", "at", "key", "key_id", "sealed_size"),
    )
    readonly_fields = fields
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        states = (When(state=state, then=Value(rank)) for state, rank in FIRST.items())
        urgency = Case(When(~Q(fault=""), then=Value(0)), *states, default=9, output_field=IntegerField())
        return super().get_queryset(request).order_by(urgency, "-at")

    @admin.display(description=_("document"))
    def of_document(self, version: Version) -> str:
        """Its identifier: the name is of a case."""
        return str(version.document_id)

    @admin.display(description=_("findings"))
    def codes(self, version: Version) -> str:
        return ", ".join(item["code"] for item in version.verdict)

    @admin.display(description=_("virus"))
    def infection(self, version: Version) -> str:
        return str(version.facts.get("infection", ""))

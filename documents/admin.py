"""What an operator sees of the files sent: those set aside and those that could not be checked first. Never a name, never a page."""

from django.contrib import admin
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backend.work.admin import ReadOnly
from documents.models import State, Version

FIRST = {State.QUARANTINED: 0, State.STUCK: 1, State.RECEIVED: 2, State.CHECKING: 2}


@admin.register(Version)
class VersionAdmin(ReadOnly):
    """States, codes and dates: an operator learns that something is wrong, not what people wrote."""

    list_display = ["id", "state", "stage", "codes", "infection", "size", "media_type", "at"]
    list_filter = ["state", "stage"]
    search_fields = ["id", "document__id", "sha256", "sent_sha256"]
    fields = ["id", "document_id", "number", "state", "stage", "codes", "infection", "sent_sha256", "size", "media_type", "at"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        urgency = Case(*(When(state=state, then=Value(rank)) for state, rank in FIRST.items()), default=9, output_field=IntegerField())
        return super().get_queryset(request).order_by(urgency, "-at")

    @admin.display(description=_("findings"))
    def codes(self, version: Version) -> str:
        return ", ".join(item["code"] for item in version.verdict)

    @admin.display(description=_("virus"))
    def infection(self, version: Version) -> str:
        return str(version.facts.get("infection", ""))

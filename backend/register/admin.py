"""The register as an operator sees it: that it goes on, not what it says."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backend.register.models import Entry


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    """Place, time and kind. Not who, not about what: an administrator reads no case."""

    list_display = ["chain_id", "seq", "at", "kind", "key_id"]
    list_display_links = None
    list_filter = ["kind"]
    fields = ["chain_id", "seq", "at", "kind", "key_id"]
    ordering = ["-at"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

"""The register as an operator sees it: that it goes on, not what it says."""

from django.contrib import admin

from backend.register.models import Entry, Seal
from backend.work.admin import ReadOnly


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    """Place, time and kind. Not who, not about what: an administrator reads no case."""

    list_display = ["chain_id", "seq", "at", "kind", "key_id"]
    list_display_links = None
    list_filter = ["kind"]
    fields = ["chain_id", "seq", "at", "kind", "key_id"]
    ordering = ["-at"]
    show_full_result_count = False


@admin.register(Seal)
class SealAdmin(ReadOnly):
    """That the register is sealed, and when it last was."""

    list_display = ["number", "at", "size", "whole"]
    list_display_links = None
    list_filter = ["whole"]
    fields = ["number", "at", "size", "whole", "key_id"]
    ordering = ["-number"]
    show_full_result_count = False

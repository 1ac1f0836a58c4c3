"""The register as an operator sees it: that it goes on, not what it says."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from backend.register.models import Entry, Seal
from backend.work.admin import ReadOnly


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    """Place, time and kind. Not who, not about what: an administrator reads no case."""

    list_display = ["of_chain", "seq", "at", "kind", "key_id"]
    list_display_links = None
    list_filter = ["kind"]
    fields = readonly_fields = ("of_chain", "seq", "at", "kind", "key_id")
    ordering = ["-at"]
    show_full_result_count = False

    @admin.display(description=_("chain"))
    def of_chain(self, entry: Entry) -> str:
        """Its identifier: what it is of is not told."""
        return str(entry.chain_id)


@admin.register(Seal)
class SealAdmin(ReadOnly):
    """That the register is sealed, and when it last was."""

    list_display = ["number", "at", "size", "whole"]
    list_display_links = None
    list_filter = ["whole"]
    fields = ["number", "at", "size", "whole", "key_id"]
    ordering = ["-number"]
    show_full_result_count = False

"""What an operator sees of certificates: those issued, for whom and until when; those revoked, and the way to revoke one."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from backend.errors import DomainError
from backend.work.admin import ReadOnly
from signatures import revocation
from signatures.models import Issued, Revocation


@admin.register(Issued)
class IssuedAdmin(ReadOnly):
    """One-time certificates of signers, the newest first; by whom they were used is the register's matter."""

    list_display = ["serial", "person", "not_before", "not_after"]
    search_fields = ["serial", "person"]
    ordering = ["-not_before"]
    show_full_result_count = False


class RevocationForm(forms.ModelForm):
    """Which certificate, and why."""

    class Meta:
        model = Revocation
        fields = ["serial", "reason"]
        widgets = {"reason": forms.RadioSelect}

    def clean_serial(self) -> str:
        """As it is written here; a refusal is shown beside the field."""
        try:
            return revocation.revocable(self.cleaned_data["serial"])[0]
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


@admin.register(Revocation)
class RevocationAdmin(ReadOnly):
    """Revoking adds a row; nothing takes it back."""

    form = RevocationForm
    list_display = ["serial", "reason", "revoked_at", "by"]
    list_filter = ["reason"]
    search_fields = ["serial"]
    ordering = ["-revoked_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def save_model(self, request: HttpRequest, obj: Revocation, form: Any, change: bool) -> None:
        """One in use here is replaced first; who revoked it is written down."""
        row = revocation.revoke(obj.serial, obj.reason, by=request.user.pk)
        obj.pk, obj.issuer, obj.revoked_at, obj.by = row.pk, row.issuer, row.revoked_at, row.by

"""Representations that several endpoints share."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from backend.api.schema import FindingOut
from cases.models import Case
from documents.models import Document, State


class NamedOut(serializers.Serializer[Any]):
    """Somebody or some place, by name."""

    id = serializers.UUIDField()
    name = serializers.SerializerMethodField()

    def get_name(self, row: Any) -> str:
        return getattr(row, "full_name", None) or str(row)


class DocumentOut(serializers.Serializer[Document]):
    """A document, and whether it can be read yet."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.ChoiceField(State.choices, source="head.state", allow_null=True)
    sha256 = serializers.CharField(source="head.sha256", allow_null=True)
    size = serializers.IntegerField(source="head.size", allow_null=True, help_text="bytes")
    media_type = serializers.CharField(source="head.media_type", allow_null=True)
    pages = serializers.IntegerField(source="head.pages", allow_null=True)
    findings = FindingOut(many=True, source="head.findings", allow_null=True, help_text="Why it was refused, and what to do.")


class CaseOut(serializers.Serializer[Case]):
    """A case in a list, or after an act."""

    id = serializers.UUIDField()
    href = serializers.SerializerMethodField()
    title = serializers.CharField()
    kind = serializers.CharField()
    proceeding = serializers.CharField(source="proceeding.title")
    step = serializers.CharField()
    step_title = serializers.CharField(source="current_step.title")
    waits_for = serializers.CharField(help_text="The role whose turn it is.")
    next_due = serializers.DateField(allow_null=True)
    court = NamedOut(allow_null=True)
    chamber = NamedOut(allow_null=True)
    rg_number = serializers.CharField()
    opened_at = serializers.DateTimeField()
    filed_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField()

    def get_href(self, case: Case) -> str:
        return reverse("api-case", args=[case.pk])

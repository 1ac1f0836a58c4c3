"""Representations that several endpoints share."""

from datetime import date
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api.schema import FindingOut
from cases.keeping import keeping
from cases.models import Case
from documents.models import Document, Stage, State


class NamedOut(serializers.Serializer[Any]):
    """Somebody or some place, by name."""

    id = serializers.UUIDField()
    name = serializers.SerializerMethodField()

    def get_name(self, row: Any) -> str:
        return getattr(row, "full_name", None) or str(row)


class FactsOut(serializers.Serializer[Any]):
    """What an inspection saw and does not judge. A fact that is not known is left out."""

    scanned = serializers.BooleanField(required=False, help_text="Whether it was searched for viruses.")
    signed = serializers.BooleanField(required=False, help_text="Whether it came with an electronic signature.")
    text = serializers.ChoiceField(["all", "some", "none"], required=False, help_text="How many of its pages have text.")
    language = serializers.ChoiceField(["fr", "en", "other", ""], required=False)
    picture = serializers.CharField(required=False, help_text="The media type of the picture it was made from.")
    converted = serializers.CharField(required=False, help_text="The media type of the text document it was made from.")


class DocumentOut(serializers.Serializer[Document]):
    """A document, and whether it can be read yet."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.ChoiceField(State.choices, source="head.state", allow_null=True)
    stage = serializers.ChoiceField(
        Stage.choices, source="head.stage", allow_null=True, allow_blank=True, help_text="What is being done with it; empty: nothing more."
    )
    sha256 = serializers.CharField(source="head.sha256", allow_null=True)
    size = serializers.IntegerField(source="head.size", allow_null=True, help_text="bytes")
    media_type = serializers.CharField(source="head.media_type", allow_null=True)
    pages = serializers.IntegerField(source="head.pages", allow_null=True)
    findings = FindingOut(
        many=True, source="head.findings", allow_null=True, help_text="Why it was refused or is doubtful, on which pages, and what to do."
    )
    facts = FactsOut(source="head.facts", allow_null=True, help_text="What was seen and is not judged.")


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
    documents_kept_until = serializers.SerializerMethodField()
    erased_at = serializers.DateTimeField(
        allow_null=True, help_text="When its documents were erased, having been kept as long as they must."
    )

    @extend_schema_field(serializers.DateField(allow_null=True, help_text="Once it has ended: the last day before they are erased."))
    def get_documents_kept_until(self, case: Case) -> date | None:
        found = keeping(case)
        return found.until if found else None

    def get_href(self, case: Case) -> str:
        return reverse("api-case", args=[case.pk])

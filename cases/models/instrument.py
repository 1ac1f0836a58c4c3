"""Instruments (*actes*): what the case produces and what is signed in it; petition, agreement, receipts, summonses, decisions, certificates."""

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from backend.keys import Key


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    """What is asked of instruments."""

    def current(self) -> "InstrumentQuerySet":
        return self.filter(superseded_at=None)

    def signed_or_awaited(self) -> "models.QuerySet[Any]":
        """Those in force that bear every signature, or await some, without what they say.

        Each with the people whose signature it awaits, and in which way they sign.
        """
        awaited = Q(session__state="open")
        people = ArrayAgg("session__signers__person", filter=awaited & Q(session__signers__state="waiting"))
        way = models.Case(models.When(awaited, then="session__ceremony__way"), default=models.Value(""))
        rows = self.current().filter(Q(signed_at__isnull=False) | awaited)
        return rows.only("case", "kind", "signed_at").annotate(awaits=people, way=way)

    def of_kind(self, *kinds: str) -> "InstrumentQuerySet":
        return self.filter(kind__in=kinds)


class Instrument(models.Model):
    """One instrument. It is being made while it has no document: a job typesets, seals and attaches it."""

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="instruments")
    kind = models.CharField(max_length=40)
    revision = models.PositiveSmallIntegerField(default=1)
    about = models.UUIDField(null=True, help_text="The filing, spouse, hearing or decision it speaks of")
    data = models.JSONField(default=dict, help_text="What the letter was asked to say, where the case alone does not tell")
    document = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")
    scan = models.ForeignKey(
        "documents.Document",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Of what was signed on paper, until it is confirmed",
    )
    frozen = models.ForeignKey(
        "documents.Document", null=True, on_delete=models.PROTECT, related_name="+", help_text="The text that was signed on paper"
    )
    session = models.ForeignKey("signatures.Session", null=True, on_delete=models.PROTECT, related_name="instruments")
    audience = ArrayField(models.CharField(max_length=60))
    code = models.CharField(max_length=20, unique=True, help_text="The short code printed on it, to find it again")
    at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "about"],
                condition=Q(superseded_at=None, kind__in=["petition", "agreement"]),
                nulls_distinct=False,
                name="instrument_one_current",
            )
        ]

    def __str__(self) -> str:
        return self.kind

    def unsign(self) -> None:
        """Nothing of its signature counts any more: it is again what was to be signed; a scan that took its place is kept beside."""
        if self.frozen_id:
            self.document, self.frozen, self.scan = self.frozen, None, self.document
        self.session, self.signed_at = None, None
        self.save(update_fields=["document", "frozen", "scan", "session", "signed_at"])

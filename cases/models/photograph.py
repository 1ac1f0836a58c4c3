"""Photographs just sent, on their way to becoming one document: the order and the turn that their sender gives each."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.keys import Key
from documents.models import State


class PhotographQuerySet(models.QuerySet["Photograph"]):
    """What is asked of photographs."""

    def of(self, user: object) -> "PhotographQuerySet":
        """Nobody sees another's before they are a document."""
        return self.filter(by=user).exclude(document__head__state=State.ERASED).select_related("document__head")


class Photograph(models.Model):
    """One file of photographed pages (a picture, or a TIFF of several), its sender's alone until it is part of a document."""

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="photographs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    turn = models.PositiveSmallIntegerField(default=0, help_text="degrees, clockwise, from how it was sent")
    at = models.DateTimeField()

    objects = PhotographQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.CheckConstraint(condition=Q(turn__in=[0, 90, 180, 270]), name="photograph_turn")]

    def __str__(self) -> str:
        return f"{self.place} {self.turn}"

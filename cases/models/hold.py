"""Legal holds: while one stands, nothing of the case is erased, however long ago it ended."""

from typing import Self

from django.conf import settings
from django.db import models

from backend.keys import Key


class HoldQuerySet(models.QuerySet["Hold"]):
    """What is asked of holds."""

    def standing(self) -> Self:
        return self.filter(released_at=None)


class Hold(models.Model):
    """One hold, with its reason, which is for the court's eyes. Nobody (`by` empty) is the platform's operator."""

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="holds")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)

"""Correspondence: between lawyers, between a lawyer and their client, and with the registry; each visible to just those."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.keys import Key


class Message(models.Model):
    """One message in one of the case's conversations."""

    class Channel(models.TextChoices):
        LAWYERS = "lawyers", _("Between lawyers")
        SIDE_1 = "side:1", _("First spouse and their lawyer")
        SIDE_2 = "side:2", _("Second spouse and their lawyer")
        REGISTRY = "registry", _("With the registry")
        JUDGE = "judge", _("Notes of the judge")

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=12, choices=Channel)
    audience = ArrayField(models.CharField(max_length=60))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.channel

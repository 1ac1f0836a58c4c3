"""A code sent by mail, to confirm that it is really the person."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F

from backend import clock
from backend.keys import Key


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    """Confirmations of one person."""

    def sent_since(self, moment: datetime) -> "ConfirmationQuerySet":
        return self.filter(sent_at__gt=moment)

    def open(self) -> "ConfirmationQuerySet":
        """Codes that can still be proved: neither used, nor too old, nor tried too often."""
        return self.filter(proved_at=None, code_expires_at__gt=clock.now(), tries__lt=F("tries_allowed"))


class Confirmation(models.Model):
    """One code, hashed, bound to one person and one session or token (`key`)."""

    id = Key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="confirmations")
    key = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    code_expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    tries_allowed = models.PositiveSmallIntegerField()
    proved_at = models.DateTimeField(null=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "key", "-sent_at"], name="confirmation_of_a_session")]
        constraints = [
            models.CheckConstraint(condition=models.Q(tries__lte=F("tries_allowed")), name="confirmation_tries_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.sent_at:%Y-%m-%d %H:%M}"

"""A browser that a person has signed in with."""

from django.conf import settings
from django.db import models

from backend.keys import Key


class Device(models.Model):
    """One browser of one person, known by a token of its cookie of which only the digest is kept: signing in from another one is told by mail."""

    id = Key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "user"], name="device_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.last_seen_at:%Y-%m-%d %H:%M}"

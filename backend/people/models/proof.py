"""Each time a person proved who they are: how, how well, and until when that stands."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from backend import clock
from backend.keys import Key
from backend.people.levels import Level, Method


class ProofQuerySet(models.QuerySet["Proof"]):
    """Proofs of one person."""

    def standing(self) -> "ProofQuerySet":
        """Those whose time has not run out."""
        return self.filter(strong_until__gt=clock.now())

    def of_a_dead_session(self) -> "ProofQuerySet":
        """Those older than any session may be."""
        return self.filter(at__lt=clock.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE))

    def at_least(self, level: int) -> "ProofQuerySet":
        return self.filter(level__gte=level)

    def told(self) -> "ProofQuerySet":
        """Those that say how strong a session is: what it was opened with, and what stands; the strongest first."""
        return self.filter(models.Q(opened=True) | models.Q(strong_until__gt=clock.now())).order_by("-level", "-strong_until", "-id")


class Proof(models.Model):
    """One proof, bound to one person and one session or token (`key`): no other session is stronger for it.

    Of an identity provider's: what it said of how well it knew the person (`acr`), which provider (its name in the settings), a digest of whom
    (issuer and subject), and what it told of them that is not as it is written here (`differs`, with commas between).
    """

    id = Key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="proofs")
    key = models.CharField(max_length=64)
    method = models.CharField(max_length=20, choices=Method)
    level = models.PositiveSmallIntegerField(choices=Level)
    acr = models.CharField(max_length=100, blank=True)
    provider = models.CharField(max_length=50, blank=True)
    subject = models.CharField(max_length=64, blank=True)
    differs = models.CharField(max_length=100, blank=True)
    opened = models.BooleanField(default=False)
    at = models.DateTimeField()
    strong_until = models.DateTimeField()

    objects = ProofQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "key", "-strong_until"], name="proof_of_a_session")]
        constraints = [
            models.CheckConstraint(condition=models.Q(strong_until__gte=models.F("at")), name="proof_stands_after_it_is_given"),
            models.CheckConstraint(condition=~models.Q(key=""), name="proof_of_some_session"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.at:%Y-%m-%d %H:%M}"

    def stands_at(self, moment: datetime) -> bool:
        return self.strong_until > moment

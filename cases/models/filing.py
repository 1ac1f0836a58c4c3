"""What is handed to the court (*dépôt*), and the questions the registry puts about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.keys import Key


class Filing(models.Model):
    """One filing: the petition, or the new agreement after an adjournment, with what went with it."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received by the registry")
        RETURNED = "returned", _("Returned for correction")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="filings")
    kind = models.CharField(max_length=20, default="petition")
    attempt = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    instruments = models.ManyToManyField("cases.Instrument", related_name="filings")
    exhibits = models.ManyToManyField("cases.Exhibit", related_name="filings")
    digests = models.JSONField(default=dict)
    findings = models.JSONField(default=list, help_text="The warnings it was filed with")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reasons = models.JSONField(default=list, help_text="Why it was returned: typed reasons, each with what to do")
    released_because = models.TextField(blank=True, help_text="Why another put it back in the queue")
    undone_because = models.TextField(blank=True, help_text="Why its acceptance was undone")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="received"), name="filing_one_before_the_registry"),
            models.UniqueConstraint(fields=["case", "kind", "attempt"], name="filing_attempts_are_numbered"),
        ]
        indexes = [models.Index(fields=["state", "submitted_at"], condition=Q(state="received"), name="filing_queue")]

    def __str__(self) -> str:
        return f"{self.kind} {self.attempt}"


class Question(models.Model):
    """A question of the registry (*demande de précision*) to named people with a date; the filing stays where it is."""

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="questions")
    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="questions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    to = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    text = models.TextField()
    answer_by = models.DateField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:80]

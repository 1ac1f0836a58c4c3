"""Invitations: a single-use link by mail, a date to answer, one reminder."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.keys import Key


class Invitation(models.Model):
    """An invitation of a spouse or of a lawyer to the case. Only the digest of its link is kept."""

    class State(models.TextChoices):
        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", _("Accepted")
        CHANGES = "changes", _("Changes asked for")
        CANCELLED = "cancelled", _("Cancelled")

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="invitations")
    spouse = models.ForeignKey("cases.Spouse", null=True, on_delete=models.CASCADE, related_name="invitations")
    counsel = models.ForeignKey("cases.Counsel", null=True, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    token_digest = models.BinaryField(max_length=32, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.SENT)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    answer_by = models.DateField()
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(spouse__isnull=False, counsel=None) | Q(spouse=None, counsel__isnull=False), name="invitation_of_one_person"
            ),
            models.UniqueConstraint(fields=["spouse"], condition=Q(state="sent"), name="invitation_one_open_per_spouse"),
            models.UniqueConstraint(fields=["counsel"], condition=Q(state="sent"), name="invitation_one_open_per_counsel"),
        ]

    def __str__(self) -> str:
        return self.state

    @property
    def invited(self) -> UUID | None:
        """The row of the spouse or of the lawyer who is invited."""
        return self.spouse_id or self.counsel_id

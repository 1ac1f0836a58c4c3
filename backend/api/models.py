"""What was answered to a key, so that the same request sent again gives the same answer."""

from django.db import models

from backend.keys import Key


class RememberedQuerySet(models.QuerySet["Remembered"]):
    """Answers remembered, by age."""

    def expired(self, moment: object) -> "RememberedQuerySet":
        return self.filter(expires_at__lt=moment)


class Remembered(models.Model):
    """One idempotency key of one person and action: a digest of what was asked, and the identifiers of what it made.

    Identifiers only: the answer is made again from them, so that no personal data stays here and rights are checked again.
    """

    id = Key()
    actor_id = models.UUIDField()
    action = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects = RememberedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_id", "action", "key"], name="remembered_once")]

    def __str__(self) -> str:
        return f"{self.action} {self.key}"

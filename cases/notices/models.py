"""What is remembered of notices: whom was told what, how each likes to be told, who reads a calendar, and the demo's mailbox."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.keys import Key


class NoticeQuerySet(models.QuerySet["Notice"]):
    """What is asked of notices."""

    def waiting(self) -> Self:
        """Neither sent nor dropped."""
        return self.filter(sent_at=None, dropped_at=None)

    def for_digest(self) -> Self:
        """Held back for the daily digest of a person."""
        return self.waiting().filter(held=True, user__isnull=False)


class Notice(models.Model):
    """One person to be told of one thing, once: an entry of the register, or a date that approaches (`kind` "date.…", no entry)."""

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="notices")
    entry = models.ForeignKey("register.Entry", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=100, help_text="The entry's kind, or the name of a date and how near it was")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    on = models.DateField(null=True, help_text="The date that approaches")
    held = models.BooleanField(default=False, help_text="Waits for the daily digest")
    at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True, help_text="When it was found to concern this person no more")

    objects: ClassVar[models.Manager["Notice"]] = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "email"], condition=Q(entry__isnull=False), name="notice_once_per_entry"),
            models.UniqueConstraint(fields=["case", "kind", "on", "email"], condition=Q(entry=None), name="notice_once_per_date"),
            models.CheckConstraint(condition=Q(entry__isnull=False) | Q(on__isnull=False), name="notice_of_an_entry_or_a_date"),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(sent_at=None, dropped_at=None, held=True), name="notice_for_digest")]

    def __str__(self) -> str:
        return self.kind

    def sent(self) -> None:
        self.sent_at = clock.now()
        self.save(update_fields=["sent_at"])

    def drop(self) -> None:
        """It concerns this person no more: access ended, the link died, the thing was done."""
        self.dropped_at = clock.now()
        self.save(update_fields=["dropped_at"])


class Preference(models.Model):
    """How a person likes to be told. Without a row: at once."""

    class Rhythm(models.TextChoices):
        AT_ONCE = "at-once", _("At once")
        DAILY = "daily", _("Once a day, all together")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="notice_preference")
    rhythm = models.CharField(_("notices by e-mail"), max_length=10, choices=Rhythm, default=Rhythm.AT_ONCE)
    digest_on = models.DateField(null=True, help_text="The last day on which a digest was sent")

    def __str__(self) -> str:
        return self.get_rhythm_display()


class CalendarAddress(models.Model):
    """The secret address of a person's calendar: only its digest is kept; a new one ends the one before."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="calendar_address")
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "calendar addresses"

    def __str__(self) -> str:
        return str(self.issued_at)


class Posted(models.Model):
    """A message of the demo, kept in place of being sent."""

    id = Key()
    message_id = models.CharField(max_length=255, unique=True)
    to = ArrayField(models.EmailField())
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "posted"

    def __str__(self) -> str:
        return self.subject

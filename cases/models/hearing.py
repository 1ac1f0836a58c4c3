"""Hearings: the child's, and the spouses' on a hearing list of the chamber."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.keys import Key


class HearingList(models.Model):
    """A hearing list (*rôle*) of a chamber on one day: made, filled, printed, closed."""

    id = Key()
    chamber = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="hearing_lists")
    on = models.DateField()
    starts = models.TimeField()
    room = models.CharField(max_length=100)
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["on", "starts"]
        constraints = [models.UniqueConstraint(fields=["chamber", "on", "starts", "room"], name="hearing_list_once")]

    def __str__(self) -> str:
        return f"{self.chamber} {self.on}"

    @property
    def court_id(self) -> UUID:
        """The court of its chamber; the bench itself where it has no court above it."""
        return self.chamber.parent_id or self.chamber_id

    @property
    def zone(self) -> str:
        """Where its days and hours are counted: at the court."""
        return (self.chamber.parent or self.chamber).zone


class Hearing(models.Model):
    """The spouses' hearing (CC 250; CPC 1092, 1099)."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("Scheduled")
        HELD = "held", _("Held")
        DROPPED = "dropped", _("Taken off the list")

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="hearings")
    list = models.ForeignKey(HearingList, on_delete=models.PROTECT, related_name="hearings")
    at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.SCHEDULED)
    reason = models.TextField(blank=True, help_text="Why it was moved or dropped")
    scheduled_at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(state="scheduled"), name="hearing_one_scheduled")]

    def __str__(self) -> str:
        return str(self.at)


class Summons(models.Model):
    """A spouse's summons, by simple letter at least 15 days before (CPC 1092)."""

    id = Key()
    hearing = models.ForeignKey(Hearing, on_delete=models.CASCADE, related_name="summonses")
    spouse = models.ForeignKey("cases.Spouse", on_delete=models.CASCADE, related_name="summonses")
    instrument = models.ForeignKey("cases.Instrument", null=True, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField(null=True)
    by_post = models.BooleanField(default=False)

    class Meta:
        ordering = ["spouse__side"]
        verbose_name_plural = "summonses"
        constraints = [models.UniqueConstraint(fields=["hearing", "spouse"], name="summons_once")]

    def __str__(self) -> str:
        return f"{self.spouse} {self.hearing}"


class ChildHearing(models.Model):
    """What became of a child's request to be heard (CPC 338-1 to 338-12)."""

    class State(models.TextChoices):
        HEARD = "heard", _("Heard")
        REFUSED = "refused", _("Refused for lack of discernment")

    class With(models.TextChoices):
        ALONE = "alone", _("Alone")
        LAWYER = "lawyer", _("With a lawyer")
        PERSON = "person", _("With a person of their choice")

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="child_hearings")
    child = models.OneToOneField("cases.Child", on_delete=models.CASCADE, related_name="hearing")
    state = models.CharField(max_length=12, choices=State)
    on = models.DateField()
    with_whom = models.CharField(max_length=12, choices=With, blank=True)
    report = models.TextField(blank=True, help_text="Shown to the parties in the child's interest (CPC 338-12)")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.child} {self.state}"

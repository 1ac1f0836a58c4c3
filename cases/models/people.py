"""Who a case is about and who acts in it: spouses, children, counsel."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.keys import Key
from backend.people.models import Enrolment


class LegalAid(models.TextChoices):
    NONE = "none", _("No legal aid")
    PARTIAL = "partial", _("Partial legal aid")
    TOTAL = "total", _("Full legal aid")


class Protection(models.TextChoices):
    NONE = "none", _("No protection measure")
    SAFEGUARD = "sauvegarde", _("Safeguard of justice")
    CURATELLE = "curatelle", _("Curatorship")
    TUTELLE = "tutelle", _("Guardianship")


class Spouse(models.Model):
    """A spouse, on one of the two sides. What is concealed (CPC 1136-5) is for the court and their own side only."""

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="spouses")
    side = models.PositiveSmallIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=10, blank=True, help_text="Madame or Monsieur, where they wish to be called so")
    birth_name = models.CharField(max_length=200)
    used_name = models.CharField(max_length=200, blank=True)
    first_names = models.CharField(max_length=200)
    born = models.DateField(null=True)
    birthplace = models.CharField(max_length=200, blank=True)
    nationality = models.CharField(max_length=200, blank=True)
    occupation = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=200, default="France")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    concealed = models.BooleanField(default=False)
    protected_adult = models.CharField(max_length=20, choices=Protection, default=Protection.NONE)
    protection_request_pending = models.BooleanField(default=False)
    legal_aid = models.CharField(max_length=10, choices=LegalAid, default=LegalAid.NONE)
    legal_aid_decision = models.CharField(max_length=200, blank=True)
    social_security = models.CharField(max_length=200, blank=True)
    family_benefits = models.CharField(max_length=200, blank=True)
    pension = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["side"]
        constraints = [
            models.UniqueConstraint(fields=["case", "side"], name="spouse_one_per_side"),
            models.CheckConstraint(condition=Q(side__in=[1, 2]), name="spouse_side_is_1_or_2"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First names and birth name, with the name in use where it differs."""
        name = f"{self.first_names} {self.birth_name}"
        return f"{name} ({self.used_name})" if self.used_name and self.used_name != self.birth_name else name

    @property
    def short_name(self) -> str:
        return f"{self.first_names.replace(',', ' ').split()[0]} {self.used_name or self.birth_name}"


class Child(models.Model):
    """A child of the marriage, and what is known of their right to be heard (CC 388-1, 229-2 1°)."""

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="children")
    first_names = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    born = models.DateField()
    birthplace = models.CharField(max_length=200, blank=True)
    nationality = models.CharField(max_length=200, blank=True)
    lives_with = models.CharField(max_length=4, blank=True)  # a side, or "both" in turn: never an address, which may be concealed
    discernment = models.BooleanField(null=True)
    informed_on = models.DateField(null=True)
    asks_to_be_heard = models.BooleanField(null=True)
    form_dated = models.DateField(null=True)
    form_signed = models.BooleanField(default=False)

    class Meta:
        ordering = ["born", "id"]
        verbose_name_plural = "children"

    def __str__(self) -> str:
        return f"{self.first_names} {self.name}"

    @property
    def short_name(self) -> str:
        return self.first_names.replace(",", " ").split()[0]


class Counsel(models.Model):
    """A lawyer in a case, for one spouse or chosen together by both (CC 250)."""

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="counsels")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    firm = models.ForeignKey("people.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    bar = models.CharField(max_length=100, blank=True)
    sides = ArrayField(models.PositiveSmallIntegerField(), help_text="[1], [2] or [1, 2]")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["since", "id"]
        indexes = [
            models.Index(fields=["firm", "case"], condition=Q(until=None), name="counsel_caseload"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def enrolment(self) -> Enrolment | None:
        """What this lawyer states of their enrolment at a bar, and who verified it; None where they have not joined, or said nothing."""
        return getattr(self.user, "enrolment", None)


def born(user: UUID) -> list[date]:
    """When a spouse was born, as each of their cases that knows it says."""
    return [spouse.born for spouse in Spouse.objects.filter(user=user).order_by("pk") if spouse.born]

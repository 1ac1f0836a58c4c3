"""What the judge decides, and the recourses against it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.keys import Key


class Decision(models.Model):
    """A judgment or an order: drafted by the judge, signed, delivered to all."""

    class Kind(models.TextChoices):
        HOMOLOGATION = "homologation", _("Homologation of the agreement and divorce (CC 250-1)")
        ADJOURNMENT = "adjournment", _("Adjournment with conditions (CC 250-2)")
        LAPSE = "lapse", _("Lapse of the petition (CC 250-3)")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SIGNING = "signing", _("Being signed")
        DELIVERED = "delivered", _("Delivered")

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="decisions")
    hearing = models.ForeignKey("cases.Hearing", null=True, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    on = models.DateField(help_text="The day it is pronounced")
    body = models.TextField(help_text="The judge's own text, in paragraphs")
    conditions = models.JSONField(default=list)
    provisional_measures = models.JSONField(default=list)
    refusal = models.BooleanField(default=False, help_text="The lapse follows a second refusal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    instrument = models.ForeignKey("cases.Instrument", null=True, on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField(null=True)
    served_on = models.DateField(null=True, help_text="Served by registered letter (CPC 675, 1074-3)")
    certified_at = models.DateTimeField(null=True, help_text="Certificate that no recourse is open any more")
    mentioned_on = models.DateField(null=True, help_text="Mention on the civil-status records (CC 262)")
    maintenance_sent_on = models.DateField(null=True, help_text="Data sent to the family-benefits body (CPC 1074-4)")
    title_sent_on = models.DateField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=~Q(state="delivered"), name="decision_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Recourse(models.Model):
    """An appeal (CPC 1102) or a petition for cassation (CPC 1103), declared by a spouse's lawyer or recorded by the registry."""

    class Kind(models.TextChoices):
        APPEAL = "appeal", _("Appeal")
        CASSATION = "cassation", _("Petition for cassation")

    id = Key()
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="recourses")
    kind = models.CharField(max_length=12, choices=Kind)
    spouse = models.ForeignKey("cases.Spouse", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["decision", "kind", "spouse"], name="recourse_once_per_spouse")]

    def __str__(self) -> str:
        return self.get_kind_display()

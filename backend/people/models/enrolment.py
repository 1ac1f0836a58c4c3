"""A lawyer's enrolment at a bar, and who verified it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.keys import Key


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Enrolments, by whether they were verified."""

    def verified(self) -> "EnrolmentQuerySet":
        return self.exclude(verified_at=None)


class Enrolment(models.Model):
    """A bar and one's number there, as its lawyer states them; verified by a person or by what an identity provider claims."""

    id = Key()
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolment", verbose_name=_("account"))
    bar = models.CharField(_("bar"), max_length=100)
    number = models.CharField(_("number at the bar"), max_length=100)
    stated_at = models.DateTimeField(_("stated on"))
    verified_at = models.DateTimeField(_("verified on"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    verified_through = models.CharField(
        _("verified through"), max_length=100, blank=True, help_text=_("The identity provider that claims it, by its name in the settings.")
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment at a bar")
        verbose_name_plural = _("enrolments at a bar")
        ordering = ["bar", "number", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None, verified_through="")
                | Q(verified_at__isnull=False, verified_by__isnull=False, verified_through="")
                | Q(verified_at__isnull=False, verified_by=None) & ~Q(verified_through=""),
                name="enrolment_verified_by_someone",
            ),
            models.CheckConstraint(condition=~Q(bar="") & ~Q(number=""), name="enrolment_says_where_and_which"),
        ]

    def __str__(self) -> str:
        return f"{self.bar}, {self.number}"

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    @property
    def verifier(self) -> str:
        """Who verified it, in the words that the others of a case read; which administrator it was, their desk says."""
        if self.verified_through:
            return str(settings.FEDERATION.get(self.verified_through, {}).get("name", self.verified_through))
        return gettext("the administrator of the platform") if self.verified_by_id else ""

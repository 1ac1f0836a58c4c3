"""Who works where, as what, and between which days."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.keys import Key
from backend.people.models.organisation import Organisation


class Role(models.TextChoices):
    """As what a person acts: by membership of an organisation, or (party, helper) in one case."""

    LAWYER = "lawyer", _("lawyer")
    STAFF = "staff", _("lawyer's staff")
    CLERK = "clerk", _("court clerk")
    JUDGE = "judge", _("judge")
    NOTARY = "notary", _("notary")
    ADMINISTRATOR = "administrator", _("administrator of the organisation")
    PARTY = "party", _("party")
    HELPER = "helper", _("helper")


OF_A_CASE = (Role.PARTY, Role.HELPER)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships, by day."""

    def current(self, on: date | None = None) -> "MembershipQuerySet":
        """Those that hold on a day (today by default): begun, and not ended."""
        on = on or clock.today()
        return self.filter(Q(until=None) | Q(until__gt=on), since__lte=on)


class Membership(models.Model):
    """A role in an organisation from `since`; it no longer holds on the day `until`."""

    id = Key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("account"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation"))
    role = models.CharField(_("role"), max_length=20, choices=[choice for choice in Role.choices if choice[0] not in OF_A_CASE])
    since = models.DateField(_("since"), default=clock.today)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("The first day on which it no longer holds."))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], condition=Q(until=None), name="membership_open_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="membership_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(role__in=OF_A_CASE), name="membership_role_of_an_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.organisation}"

    def clean(self) -> None:
        super().clean()
        if self.user_id and self.user.is_staff:
            raise ValidationError({"user": _("A platform administrator belongs to no organisation.")})

"""Law firms, courts and their chambers, notarial offices, assistance bodies."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.keys import Key
from backend.people.levels import Level

if TYPE_CHECKING:
    from backend.people.models.membership import Membership


class Kind(models.TextChoices):
    """What an organisation is."""

    FIRM = "firm", _("law firm")
    COURT = "court", _("court")
    CHAMBER = "chamber", _("chamber")
    NOTARIAL_OFFICE = "notarial_office", _("notarial office")
    ASSISTANCE = "assistance", _("assistance body")


class Holidays(models.TextChoices):
    """Whose public holidays are kept there: a period ends on the first working day (CPC 642)."""

    METROPOLE = "metropole", _("Metropolitan France")
    ALSACE_MOSELLE = "alsace-moselle", _("Alsace-Moselle")
    ALSACE_MOSELLE_GOOD_FRIDAY = "alsace-moselle-good-friday", _("Alsace-Moselle, where Good Friday is kept")
    GUADELOUPE = "guadeloupe", _("Guadeloupe")
    GUYANE = "guyane", _("French Guiana")
    MARTINIQUE = "martinique", _("Martinique")
    MAYOTTE = "mayotte", _("Mayotte")
    NOUVELLE_CALEDONIE = "nouvelle-caledonie", _("New Caledonia")
    POLYNESIE = "polynesie-francaise", _("French Polynesia")
    REUNION = "reunion", _("Réunion")
    SAINT_BARTHELEMY = "saint-barthelemy", _("Saint-Barthélemy")
    SAINT_MARTIN = "saint-martin", _("Saint-Martin")
    SAINT_PIERRE = "saint-pierre-et-miquelon", _("Saint-Pierre and Miquelon")
    WALLIS = "wallis-et-futuna", _("Wallis and Futuna")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations, by what people ask of them."""

    def courts(self) -> "OrganisationQuerySet":
        """Courts, without their chambers."""
        return self.filter(kind=Kind.COURT)

    def firms(self) -> "OrganisationQuerySet":
        return self.filter(kind=Kind.FIRM)

    def covering(self, *postal_codes: str) -> "OrganisationQuerySet":
        """Those whose territory holds one of these postal codes, by any of its prefixes."""
        prefixes = {code[:length] for code in postal_codes for length in range(1, len(code) + 1)}
        return self.filter(territory__has_any_keys=sorted(prefixes)) if prefixes else self.none()


class Organisation(models.Model):
    """Where people work. A chamber belongs to its court; a case to a chamber through its court."""

    id = Key()
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    bar = models.CharField(_("bar"), max_length=100, blank=True, help_text=_("The bar (barreau) of a law firm."))
    structure = models.CharField(_("structure"), max_length=100, blank=True, help_text=_("Its legal form, for instance SELARL or SCP."))
    address = models.CharField(_("address"), max_length=300, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="chambers",
        verbose_name=_("court"),
        help_text=_("The court of a chamber."),
    )
    territory = models.JSONField(_("territory"), default=list, blank=True, help_text=_("The postal codes it covers, or how they begin."))
    zone = models.CharField(_("time zone"), max_length=50, default="Europe/Paris")
    holidays = models.CharField(_("public holidays"), max_length=40, choices=Holidays, default=Holidays.METROPOLE)
    file_megabytes = models.PositiveIntegerField(
        _("largest file (MB)"),
        null=True,
        blank=True,
        help_text=_("The largest file that a court takes in its cases, in millions of bytes. Empty: as large as the platform takes."),
    )
    binding_level = models.PositiveSmallIntegerField(
        _("what binding acts need"),
        choices=[each for each in Level.choices if each[0] >= Level.MAILED],
        default=Level.MAILED,
        help_text=_("What those who work here confirm themselves with before they sign, file or decide. What is stronger is taken too."),
    )
    settings = models.JSONField(_("settings"), default=dict, blank=True)

    memberships: "models.Manager[Membership]"
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=Kind.CHAMBER, parent__isnull=False) | ~models.Q(kind=Kind.CHAMBER) & models.Q(parent__isnull=True),
                name="organisation_chamber_has_a_court",
                violation_error_message=_("A chamber belongs to a court, and nothing else does."),
            ),
            models.CheckConstraint(
                condition=models.Q(binding_level__range=(Level.MAILED, Level.HIGH)), name="organisation_binding_level_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

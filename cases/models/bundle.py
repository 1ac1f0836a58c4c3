"""Bundles: the file of a case, a filing or an exhibit as one PDF, or cut to a size. Copies, made for one audience and kept a few days."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from backend.keys import Key


class BundleQuerySet(models.QuerySet["Bundle"]):
    """What is asked of bundles. Who may see them is decided in `cases.access`."""

    def standing(self) -> "BundleQuerySet":
        """Those that can be read, or soon can."""
        return self.exclude(state__in=[Bundle.State.FAILED, Bundle.State.EXPIRED])

    def kept(self) -> "BundleQuerySet":
        """Those of which something may be in the store."""
        return self.exclude(state=Bundle.State.EXPIRED).select_related("document")

    def under_way(self) -> "BundleQuerySet":
        return self.filter(state__in=[Bundle.State.WAITING, Bundle.State.MAKING])


class Bundle(models.Model):
    """One bundle. What it is made of is planned when it is asked for, and does not change while it is made.

    `plan`: for each part its group, title, version, original's digest and pages; then, of a whole once prepared, the version that is bound and
    whether it is archival. `pieces`: for each PDF made its version, its first and last page, its size in bytes. `limit`: bytes of a piece at most; 0: one piece.
    All the versions it takes are those of one document, so that its end leaves none.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("bundle", "waiting")
        MAKING = "making", pgettext_lazy("bundle", "being made")
        READY = "ready", pgettext_lazy("bundle", "ready")
        FAILED = "failed", pgettext_lazy("bundle", "could not be made")
        EXPIRED = "expired", pgettext_lazy("bundle", "removed")

    class What(models.TextChoices):
        CASE = "case", pgettext_lazy("bundle", "the whole file")
        FILING = "filing", pgettext_lazy("bundle", "what was filed")
        EXHIBIT = "exhibit", pgettext_lazy("bundle", "one exhibit")

    class Doing(models.TextChoices):
        NOTHING = "", pgettext_lazy("bundle", "waiting for its turn")
        PREPARING = "preparing", pgettext_lazy("bundle", "preparing each document")
        BINDING = "binding", pgettext_lazy("bundle", "putting the pages together")
        CUTTING = "cutting", pgettext_lazy("bundle", "cutting into parts")

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="bundles")
    what = models.CharField(max_length=10, choices=What)
    about = models.UUIDField(null=True, help_text="The filing or the exhibit")
    limit = models.PositiveBigIntegerField(default=0)
    whole = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="cuts", help_text="What this one cuts")
    audience = ArrayField(models.CharField(max_length=60), help_text="Whose eyes it was made for: whoever is at least that may read it")
    fingerprint = models.CharField(max_length=64, help_text="Of all that shows in it: the same asked again is the same bundle")
    seq = models.PositiveBigIntegerField(help_text="The last entry of the register it takes account of")
    plan = models.JSONField(default=list)
    absent = models.JSONField(default=list, help_text="What is not in it, and why")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    pieces = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    doing = models.CharField(max_length=10, choices=Doing, default=Doing.NOTHING, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    archival = models.BooleanField(null=True, help_text="Whether it is PDF/A; not known before it is made")
    problem = models.JSONField(default=dict, help_text="Why it could not be made")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "fingerprint", "audience", "limit"],
                condition=~Q(state__in=["failed", "expired"]),
                name="bundle_once",
            ),
            models.CheckConstraint(condition=Q(limit=0) | Q(whole__isnull=False), name="bundle_cut_from_a_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.limit}"

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 if self.state == self.State.READY else min(99, 100 * self.done // self.total) if self.total else 0

    @property
    def pages(self) -> int:
        """How many it has, once it is made."""
        return max((piece["last"] for piece in self.pieces), default=0)

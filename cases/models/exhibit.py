"""Exhibits (*pièces*): what each side brings, private until communicated."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.keys import Key
from documents.models import Document

IDENTITY = "identity-paper"  # of this kind others only get a marked copy, and the original goes when the case is done


class ExhibitQuerySet(models.QuerySet["Exhibit"]):
    """What is asked of exhibits. Who may see them is decided in `cases.access`."""

    def kept(self) -> "ExhibitQuerySet":
        return self.filter(removed_at=None)

    def communicated(self) -> "ExhibitQuerySet":
        return self.filter(communicated_at__isnull=False)

    def with_files(self) -> "ExhibitQuerySet":
        """With the file of each, and the copy that others see in its place."""
        return self.select_related("document__head", "marked__head")

    def for_rules(self) -> "ExhibitQuerySet":
        """With no more of each and of its files than the rules read: far less than what is shown."""
        own = ("case", "kind", "side", "about", "dated", "form", "to_follow", "communicated_at")
        return self.with_files().only(*own, "document__head__state", "marked__head__state")


class Exhibit(models.Model):
    """One exhibit. Side 0 is both sides together: seen by both from the start, and communicated at once."""

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="exhibits")
    side = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    about = models.UUIDField(null=True, help_text="The spouse or child it concerns")
    title = models.CharField(max_length=200)
    form = models.CharField(max_length=20, blank=True, help_text="private or notarial, where it matters (CC 229-3 5°)")
    dated = models.DateField(null=True)
    number = models.PositiveIntegerField(null=True)
    place = models.PositiveIntegerField(default=0, help_text="The order wanted before it is numbered")
    document = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")
    stamped = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")
    marked = models.ForeignKey(
        "documents.Document",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Of an identity paper, the copy that others see",
    )
    to_follow = models.BooleanField(default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    communicated_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = ExhibitQuerySet.as_manager()

    class Meta:
        ordering = ["side", "number", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "side", "number"], condition=Q(number__isnull=False, removed_at=None), name="exhibit_number_once_per_side"
            ),
            models.CheckConstraint(condition=Q(side__in=[0, 1, 2]), name="exhibit_side"),
            models.CheckConstraint(condition=Q(document__isnull=False) | Q(to_follow=True), name="exhibit_there_or_to_follow"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_identity(self) -> bool:
        return self.kind == IDENTITY

    @property
    def shared(self) -> Document | None:
        """What others than its own side get of it, and what goes to the court; nothing while the marked copy of an identity paper is made."""
        return self.marked if self.is_identity else self.document

    @property
    def audience(self) -> tuple[str, ...]:
        """Whose eyes it is for at present, in the words of `cases.access`."""
        if self.communicated_at:
            return ("parties", "court")
        return (f"side:{self.side}",) if self.side else ("parties",)

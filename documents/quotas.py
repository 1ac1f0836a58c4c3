"""How much one person may send: bytes and number of files, in all and outside any use (ASVS 5.2.4)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from backend.errors import Text, TooLarge
from documents.models import Maker, Upload, Version


class Full(TooLarge):
    """There is no room left for this: `mend` says how to make some."""

    code = "quota"


@dataclass(frozen=True)
class Room:
    """What may still be sent, and what to say past it."""

    bytes: int
    files: int
    message: Text
    mend: Text

    def refuse(self) -> Full:
        """The refusal, to be raised."""
        return Full(self.message, mend=self.mend, field="file")


def room(user: UUID, instead_of: Collection[Version] = ()) -> Room:
    """What is left to a person, of the narrower of their two quotas. What is still coming has its place already; `instead_of` gives its own back."""
    mine = Version.objects.kept().filter(document__created_by=user, made_by=Maker.UPLOAD).exclude(pk__in=[one.pk for one in instead_of])
    loose = Q(document__loose_since__isnull=False)
    sent = mine.aggregate(
        bytes=Sum("size", default=0),
        files=Count("pk"),
        loose_bytes=Sum("size", filter=loose, default=0),
        loose_files=Count("pk", filter=loose),
    )
    coming = Upload.objects.awaited().filter(created_by=user).aggregate(bytes=Sum("length", default=0), files=Count("pk"))
    whole = Room(
        settings.QUOTA_PERSON_BYTES - sent["bytes"] - coming["bytes"],
        settings.QUOTA_PERSON_FILES - sent["files"] - coming["files"],
        _("You have sent as many files as one person may."),
        _("Ask the administrator of the platform for more room."),
    )
    unbound = Room(
        settings.QUOTA_UNBOUND_BYTES - sent["loose_bytes"] - coming["bytes"],
        settings.QUOTA_UNBOUND_FILES - sent["loose_files"] - coming["files"],
        _("Too many files that you have sent are not in a case yet."),
        _("Put them in a case first. Those left alone are removed after %(days)s days.") % {"days": settings.UNBOUND_DAYS},
    )
    return min(whole, unbound, key=lambda room: (min(room.files, 1), room.bytes))


def admit(user: UUID | None, size: int = 0, instead_of: Collection[Version] = ()) -> None:
    """Whether a person may send one more file of `size` bytes, or of a size not known yet (0). Raises Full.

    For a door, before the body is read.
    """
    if user is not None:
        left = room(user, instead_of)
        if left.files < 1 or left.bytes < max(size, 1):
            raise left.refuse()


def admit_alone(user: UUID | None, size: int, instead_of: Collection[Version] = ()) -> None:
    """The same, in the transaction that writes the file's row: of several that come at once, each is counted with those before it."""
    if user is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"documents.quotas:{user}"])
        admit(user, size, instead_of)

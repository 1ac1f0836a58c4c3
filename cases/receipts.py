"""What a code printed on a paper tells to anybody who holds it: what it is, of which day, of which court, and its digest. Nothing else."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from backend.errors import Text
from cases.instruments import CODE
from cases.models import Instrument
from cases.titles import instrument_title
from cases.writing import SEALED
from documents.models import Document, Maker, State, Version
from signatures.models import Session


@dataclass(frozen=True)
class Verified:
    """An instrument, without the case it is of."""

    kind: str
    title: Text
    at: datetime
    zone: str
    court: str
    digest: str
    signed: bool
    superseded: bool


def as_printed(code: str) -> str:
    """A code as it is printed, however it was typed: in small letters, without its dashes, with spaces or other dashes for them."""
    typed = "".join(filter(str.isalnum, code)).upper()
    return "-".join(typed[start : start + 4] for start in range(0, len(typed), 4))


def verified(code: str) -> Verified | None:
    """What is known under this code; None where there is nothing, or nothing made yet."""
    asked = as_printed(code)
    return _told(Instrument.objects.filter(code=asked)) if CODE.fullmatch(asked) else None


def verified_by(digest: str) -> Verified | None:
    """What is known of the instrument of which this is the file, to the byte, sealed or signed here.

    None for all else: who holds a paper that somebody brought into a case, or a draft, does not learn that it is in one.
    """
    alike = Version.objects.filter(sha256=digest)
    found = {version.pk: version for version in alike.only("pk", "document_id", "made_by")}
    if not found:
        return None
    made_here = Q(kind__in=SEALED) | Q(signed_at__isnull=False, session__isnull=False)
    renewed = {one.document_id for one in found.values() if one.made_by in (Maker.SEAL, Maker.TIMESTAMP)}  # before its last timestamp
    ended = Q(document__in=Document.objects.filter(head__in=found)) | Q(session__in=Session.objects.filter(newest__in=found))
    return _told(Instrument.objects.filter(made_here).filter(ended | Q(document__in=renewed)).order_by("pk"))


def file_of(code: str) -> Version | None:
    """The file that this code is printed on, for its signatures to be looked at; None where there is none."""
    asked = as_printed(code)
    found = Instrument.objects.select_related("document__head").filter(code=asked).first() if CODE.fullmatch(asked) else None
    head = found.document.head if found and found.document else None
    return head if head and head.state == State.READY else None


def _told(rows: QuerySet[Instrument]) -> Verified | None:
    found = rows.select_related("case__court", "document__head").first()
    head = found.document.head if found and found.document else None
    if found is None or head is None:
        return None
    court = found.case.court.name if found.case.court else ""
    title, signed, superseded = instrument_title(found), found.signed_at is not None, found.superseded_at is not None
    return Verified(found.kind, title, found.at, found.case.zone, court, head.sha256, signed, superseded)

"""What a code printed on a paper tells to anybody who holds it: what it is, of which day, of which court, and its digest. Nothing else."""

from dataclasses import dataclass
from datetime import datetime

from cases.instruments import CODE
from cases.models import Instrument


@dataclass(frozen=True)
class Verified:
    """An instrument, without the case it is of."""

    kind: str
    at: datetime
    zone: str
    court: str
    digest: str
    signed: bool
    superseded: bool


def verified(code: str) -> Verified | None:
    """What is known under this code; None where there is nothing, or nothing made yet."""
    asked = code.strip().upper()
    if not CODE.fullmatch(asked):
        return None
    found = Instrument.objects.select_related("case__court", "document__head").filter(code=asked).first()
    head = found.document.head if found and found.document else None
    if found is None or head is None:
        return None
    court = found.case.court.name if found.case.court else ""
    return Verified(found.kind, found.at, found.case.zone, court, head.sha256, found.signed_at is not None, found.superseded_at is not None)

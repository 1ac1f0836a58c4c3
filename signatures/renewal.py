"""Signed documents keep their proof: another timestamp before the last one expires, the first where it could not be had when they were signed.

EN 319 142-1, 5.5: each timestamp of the document protects the one before, with what shows that its certificate was not revoked. The renewed file is
the document's next version; the bytes that were signed are its beginning.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, QuerySet

from backend import clock
from backend.errors import Conflict
from backend.work import Job
from backend.work.owing import owe
from backend.work.periodic import once
from documents import vault
from documents.models import Maker, Version
from signatures import pades
from signatures.known import Level
from signatures.models import Proof, Session

NIGHT_HOUR = 1  # not before, by the platform's own clock
SIGNED = (Maker.SIGNATURE, Maker.SEAL, Maker.TIMESTAMP)
PATIENCE = timedelta(days=30)  # before an authority is asked again whose certificate would last no longer


def owe_nightly() -> None:
    """Owe the night's renewals, once a night, however often it is asked."""
    if clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).hour >= NIGHT_HOUR:
        _owe()


@once("signatures", timedelta(days=1))
def _owe() -> None:
    owe(Job("signatures.renew", version, lane="signatures.renew") for version in due().values_list("pk", flat=True).iterator(1000))


def due() -> QuerySet[Version]:
    """The signed versions whose proof is to be looked at: those not looked at yet, and those whose time has come."""
    if settings.SIGNATURE_LEVEL != Level.LTA:
        return Version.objects.none()
    heads = Version.objects.ready().filter(made_by__in=SIGNED, document__head_id=F("pk"))
    return heads.exclude(document__signing_sessions__state=Session.State.OPEN).exclude(proof__look_at__gt=clock.machine()).order_by("pk")


def renew(version_id: str) -> None:
    """Look at the proof of a signed version, and put another timestamp over it where it needs one (job `signatures.renew`).

    May run twice, at once or after a death: the vault takes one version based on this one. Raises Unavailable (vault, authorities).
    """
    version = due().select_related("document").filter(pk=version_id).first()
    if version is None:
        return
    content = vault.content(version)
    found = pades.present(content)
    if found.signatures and _needs(found):
        _renew(version, content, found)
    else:
        _look_again(version, found.stamped_until)


def _needs(found: pades.Present) -> bool:
    return not found.archived or found.stamped_until is None or clock.machine() >= _before(found.stamped_until)


def _before(end: datetime) -> datetime:
    return end - timedelta(days=settings.TIMESTAMP_RENEWED_DAYS)


def _renew(version: Version, content: bytes, found: pades.Present) -> None:
    renewed = pades.archive(content, found.certificates)
    until = pades.present(renewed).stamped_until
    if found.archived and until and found.stamped_until and until <= found.stamped_until:
        _look_again(version, None)
        return
    document = version.document
    try:
        kept = vault.keep(renewed, name=document.name, made_by=Maker.TIMESTAMP, document=document, based_on=version)
    except Conflict:  # somebody signs it, or another process was faster: the document's head is looked at next time
        return
    _look_again(kept, until)


def _look_again(version: Version, until: datetime | None) -> None:
    """Write down when: before the last timestamp expires; where there is none, or it cannot be bettered yet, after some patience."""
    patient = clock.machine() + PATIENCE
    look_at = max(_before(until), patient) if until else patient
    Proof.objects.update_or_create(version=version, defaults={"until": until, "look_at": look_at})

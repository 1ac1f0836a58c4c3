"""The platform's seal over the documents it makes: receipts, summonses, judgments (EN 319 142-1, B-LTA unless `SIGNATURE_LEVEL` says otherwise)."""

from django.conf import settings

from backend.errors import Conflict
from documents import vault
from documents.models import Maker, Version
from signatures import authority, pades

FIELD = "seal"


def seal(version: Version, *, name: str | None = None) -> Version:
    """The sealed version of a document's newest version; the same one when asked again. `name` is who seals, the site by default.

    Slow: never while a case is locked. Raises Outdated where the document has another version since, Unavailable.
    """
    if sealed := _sealed(version):
        return sealed
    place = pades.Place(f"{FIELD}-{version.pk.hex[-8:]}")
    content = pades.sign(vault.content(version), authority.seal(), place, name=name or settings.SITE_NAME)
    try:
        return vault.keep(content, name=version.document.name, made_by=Maker.SEAL, document=version.document, based_on=version)
    except Conflict:
        if sealed := _sealed(version):  # another process was faster
            return sealed
        raise


def _sealed(version: Version) -> Version | None:
    return Version.objects.filter(based_on=version, made_by=Maker.SEAL).first()

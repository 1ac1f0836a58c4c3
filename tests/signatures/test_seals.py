"""The platform's seal over what it made."""

import pytest

from backend.errors import Outdated
from documents import vault
from documents.models import Maker
from signatures import seals
from tests.signatures.making import agreement, draft, signatures

pytestmark = pytest.mark.django_db


def test_a_document_is_sealed_once_however_often_it_is_asked(settings) -> None:
    version = draft()

    sealed, again = seals.seal(version), seals.seal(version)

    assert sealed == again
    assert (sealed.made_by, sealed.based_on, version.document.versions.count()) == (Maker.SEAL, version, 2)
    (status,) = signatures(vault.content(sealed))
    assert status.ok
    assert status.signer == f"{settings.SITE_NAME} - seal"


def test_what_is_no_longer_the_newest_is_not_sealed() -> None:
    version = draft()
    vault.keep(agreement(), name="", document=version.document, based_on=version)

    with pytest.raises(Outdated):
        seals.seal(version)

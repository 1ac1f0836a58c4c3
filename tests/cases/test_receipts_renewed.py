"""A document of the platform whose timestamp was renewed: who holds the copy from before is told the same of it."""

import pytest

from cases import receipts
from cases.writing import SEALED
from documents import vault
from documents.models import Maker, Version
from signatures import pades
from tests.world import World

pytestmark = pytest.mark.django_db


def renewed(version: Version) -> Version:
    content = vault.content(version)
    again = pades.archive(content, pades.present(content).certificates)
    return vault.keep(again, name=version.document.name, made_by=Maker.TIMESTAMP, document=version.document, based_on=version)


def test_a_copy_from_before_its_timestamp_was_renewed_is_known_as_made_here() -> None:
    case = World().joint_petition(at="check")
    sealed = case.instruments.filter(kind__in=SEALED, document__isnull=False).order_by("pk").first()
    signed = case.instruments.get(kind="petition")
    for instrument in (sealed, signed):
        before = instrument.document.head
        after = renewed(before)

        told = receipts.verified_by(before.sha256)
        assert told is not None
        assert told == receipts.verified_by(after.sha256)
        assert told.digest == after.sha256


def test_the_evidence_of_a_signature_is_known_as_made_here_and_told_like_a_receipt() -> None:
    case = World().joint_petition(at="check")
    told = {}
    for kind in ("signing-evidence", "receipt"):
        made = case.instruments.get(kind=kind)
        found = receipts.verified_by(made.document.head.sha256)
        assert found is not None
        assert (found.kind, found.digest) == (kind, made.document.head.sha256)
        told[kind] = {name for name, value in vars(found).items() if value}
    assert told["signing-evidence"] <= told["receipt"]


def test_a_version_that_only_some_had_signed_is_not() -> None:
    case = World().joint_petition(at="check")
    signers = case.instruments.get(kind="petition").session.signers.order_by("signed_at")

    assert receipts.verified_by(signers.first().result.sha256) is None
    assert receipts.verified_by(signers.last().result.sha256) is not None

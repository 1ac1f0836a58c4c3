"""What being in a trusted list does not give: the time is believed from nobody but those granted to attest it, when they were."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backend import clock
from signatures import authority, certificates, pades
from signatures.certificates import subject
from signatures.providers import Credential
from signatures.report import Signature, Trust, report
from tests.signatures import listing
from tests.signatures.listing import GRANTED, LONG_AGO, WITHDRAWN, Service
from tests.signatures.making import agreement
from tests.signatures.test_report import list_with

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)
NAME = "Maître Luc Roy"


@pytest.fixture
def then() -> Iterator[Callable[[], None]]:
    """A year ago, for whoever makes certificates, signatures and timestamps; called, it is today again."""
    authority.root()
    real, past = clock.machine, pytest.MonkeyPatch()
    past.setattr(clock, "machine", lambda: real() - YEAR)
    yield past.undo
    past.undo()


@pytest.fixture
def signer(then: Any) -> Credential:
    return certificates.make(subject("Autorité qualifiée", "Prestataire"), certificates.ROOT)


@pytest.fixture
def stamper(then: Any) -> Credential:
    return certificates.make(subject("Horodatage", "Autre prestataire"), certificates.ROOT)


def signed(signer: Credential, stamper: Credential, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The agreement, signed by a certificate valid for minutes, the time attested by another's; and by a timestamp of the document."""
    stamps = certificates.make(subject("Unité 1"), certificates.TIMESTAMPS, stamper, published="")
    monkeypatch.setattr(authority, "timestamps", lambda: stamps)
    one_time = certificates.make(subject(NAME), certificates.SIGNER, signer, published="")
    content = pades.sign(agreement(), one_time, pades.Place("S"), name=NAME, last=False)
    return pades.archive(content, pades.present(content).certificates)


def found(content: bytes, settings: Any, folder: Path, *services: Service) -> Sequence[Signature]:
    list_with(settings, folder, *services)
    return report(content).signatures


def test_what_was_signed_in_time_holds_by_a_timestamp_granted_then(
    then: Any, signer: Credential, stamper: Credential, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = signed(signer, stamper, monkeypatch)
    then()
    since = clock.machine() - timedelta(days=30)
    gave = Service("Horodatage", stamper.certificate, listing.TIMESTAMPS, [(WITHDRAWN, since), (GRANTED, LONG_AGO)])
    one, stamp = found(content, settings, tmp_path, Service("Un prestataire", signer.certificate), gave)
    assert (one.status.problems, one.trust, stamp.status.problems, stamp.trust) == ((), Trust.LISTED, (), Trust.LISTED)


@pytest.mark.parametrize(
    ("type", "statuses"),
    [
        (listing.CA, [(GRANTED, LONG_AGO)]),  # granted to issue certificates, not to attest the time
        (listing.TIMESTAMPS, [(WITHDRAWN, clock.machine() - 2 * YEAR), (GRANTED, LONG_AGO)]),
        (listing.TIMESTAMPS, [(GRANTED, clock.machine() - timedelta(days=30))]),
    ],
    ids=["another service", "withdrawn before", "granted since only"],
)
def test_who_was_not_granted_to_attest_the_time_then_proves_none(
    then: Any,
    signer: Credential,
    stamper: Credential,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    type: str,
    statuses: Any,
) -> None:
    content = signed(signer, stamper, monkeypatch)
    then()
    gave = Service("Horodatage", stamper.certificate, type, statuses)
    one, stamp = found(content, settings, tmp_path, Service("Un prestataire", signer.certificate), gave)
    assert {"expired-since", "timestamp-untrusted"} <= set(one.as_json()["problems"])
    assert (one.as_json()["verdict"], one.as_json()["time_attested"], stamp.trust) == ("uncertain", False, Trust.NOBODY)
    assert "timestamp-untrusted" in stamp.as_json()["problems"]

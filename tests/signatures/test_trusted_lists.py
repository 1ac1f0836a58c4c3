"""EU trusted lists: believed under their operator's signature only, and for the time of which they speak."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from backend import clock
from signatures import certificates, checks, trusted_lists
from signatures.certificates import subject
from signatures.providers import Credential
from tests.signatures import listing
from tests.signatures.listing import GRANTED, LONG_AGO, WITHDRAWN, Operator, Service

YEAR = timedelta(days=365)


@pytest.fixture
def keep(settings: Any, tmp_path: Path) -> Callable[..., Path]:
    """Configure one list, signed by the first of these operators and believed under the others."""

    def keep(content: bytes, *believed: Operator) -> Path:
        (tmp_path / "list.xml").write_bytes(content)
        (tmp_path / "operators.pem").write_bytes(b"".join(one.pem for one in believed))
        settings.TRUSTED_LISTS = [str(tmp_path / "list.xml")]
        settings.TRUSTED_LISTS_SIGNERS = str(tmp_path / "operators.pem")
        return tmp_path / "list.xml"

    return keep


@pytest.fixture(scope="module")
def state() -> Operator:
    return listing.operator()


@pytest.fixture(scope="module")
def provider() -> Credential:
    return certificates.make(subject("Autorité qualifiée", "Prestataire"), certificates.ROOT)


def der(credential: Credential) -> bytes:
    return credential.certificate.public_bytes(Encoding.DER)


def signer(provider: Credential) -> list[bytes]:
    return [der(certificates.make(subject("Maître Roy", "Barreau"), certificates.SIGNER, provider))]


def test_a_list_signed_by_its_operator_tells_whom_it_grants(keep: Any, state: Operator, provider: Credential) -> None:
    keep(state.list_of(Service("Un service", provider.certificate)), state)
    found = trusted_lists.listed(signer(provider), clock.machine())
    assert found
    assert (found.service, found.qualified) == ("Un service", False)
    assert trusted_lists.lists().issuers_of(signer(provider)) == [der(provider)]
    assert checks.every_trusted_list_is_believed() == []


def test_somebody_who_is_not_in_it_is_not_listed(keep: Any, state: Operator, provider: Credential) -> None:
    keep(state.list_of(Service("Un service", provider.certificate)), state)
    namesake = certificates.make(provider.certificate.subject, certificates.ROOT)  # the same name, another key
    assert trusted_lists.listed(signer(namesake), clock.machine()) is None


@pytest.mark.parametrize(
    ("ago", "there"),
    [(timedelta(days=1), False), (2 * YEAR, True), (4 * YEAR, False), (6 * YEAR, True)],
)
def test_it_is_asked_for_the_time_of_the_signature(keep: Any, state: Operator, provider: Credential, ago: timedelta, there: bool) -> None:
    """Granted from 2017 on, withdrawn five years ago, granted again three years ago, withdrawn a year ago."""
    now = clock.machine()
    statuses = [(WITHDRAWN, now - YEAR), (GRANTED, now - 3 * YEAR), (WITHDRAWN, now - 5 * YEAR), (GRANTED, LONG_AGO)]
    keep(state.list_of(Service("Un service", provider.certificate, statuses=statuses)), state)
    assert (trusted_lists.listed(signer(provider), now - ago) is not None) is there


def test_a_service_withdrawn_all_along_is_not_trusted(keep: Any, state: Operator, provider: Credential) -> None:
    keep(state.list_of(Service("Un service", provider.certificate, statuses=[(WITHDRAWN, LONG_AGO)])), state)
    assert trusted_lists.listed(signer(provider), clock.machine()) is None
    assert trusted_lists.lists().certificates == ()


def test_a_timestamp_authority_is_listed_by_itself_or_by_its_issuer(keep: Any, state: Operator, provider: Credential) -> None:
    keep(state.list_of(Service("Horodatage", provider.certificate, listing.TIMESTAMPS)), state)
    found = [trusted_lists.stamping(path, clock.machine()) for path in ([der(provider)], signer(provider))]
    assert [one.service for one in found if one] == ["Horodatage", "Horodatage"]
    assert trusted_lists.stamping([der(provider)], LONG_AGO - timedelta(days=1)) is None


@pytest.mark.parametrize(("type", "signs", "stamps"), [(listing.CA, True, False), (listing.TIMESTAMPS, False, True)])
def test_who_is_granted_one_service_is_granted_no_other(
    keep: Any, state: Operator, provider: Credential, type: str, signs: bool, stamps: bool
) -> None:
    keep(state.list_of(Service("Un service", provider.certificate, type)), state)
    asked = (trusted_lists.listed, trusted_lists.stamping)
    assert [ask(signer(provider), clock.machine()) is not None for ask in asked] == [signs, stamps]
    assert len(trusted_lists.lists().stamping([der(provider)])) == int(stamps)


def unsigned(state: Operator, provider: Credential) -> bytes:
    return listing.unsigned(Service("Un service", provider.certificate))


def by_another(state: Operator, provider: Credential) -> bytes:
    return listing.operator().list_of(Service("Un service", provider.certificate))


def with_another_service(state: Operator, provider: Credential) -> bytes:
    """The signature stays, over a list in which the provider took another's place."""
    other = certificates.make(subject("Autre", "Autre"), certificates.ROOT)
    signed = state.list_of(Service("Un service", other.certificate))
    return signed.replace(told(other), told(provider))


def wrapped(state: Operator, provider: Credential) -> bytes:
    """A signed list put inside one that nobody signed."""
    other = certificates.make(subject("Autre", "Autre"), certificates.ROOT)
    signed = state.list_of(Service("Un service", other.certificate))
    outer = listing.unsigned(Service("Un service", provider.certificate)).decode().rsplit("</TrustServiceStatusList>", 1)[0]
    return outer.replace('Id="list"', 'Id="outer"').encode() + signed + b"</TrustServiceStatusList>"


def with_an_entity(state: Operator, provider: Credential) -> bytes:
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return entity + state.list_of(Service("Un service", provider.certificate)).replace(b"Un service", b"&e;")


def told(credential: Credential) -> bytes:
    import base64

    return base64.b64encode(der(credential))


def nothing(state: Operator, provider: Credential) -> bytes:
    return b"<html/>"


def empty(state: Operator, provider: Credential) -> bytes:
    return b""


def cut_short(state: Operator, provider: Credential) -> bytes:
    """As a download that did not end leaves it."""
    return state.list_of(Service("Un service", provider.certificate))[:-200]


@pytest.mark.parametrize("attack", [unsigned, by_another, with_another_service, wrapped, with_an_entity, nothing, empty, cut_short])
def test_a_list_that_its_operator_did_not_sign_grants_nobody(
    keep: Any, state: Operator, provider: Credential, attack: Callable[..., bytes]
) -> None:
    path = keep(attack(state, provider), state)
    assert trusted_lists.listed(signer(provider), clock.machine()) is None
    assert der(provider) not in trusted_lists.lists().certificates
    if attack is not wrapped:
        assert [error.id for error in checks.every_trusted_list_is_believed()] == ["signatures.E001"]
        assert trusted_lists.lists().faults == (str(path),)


def test_a_new_list_on_disk_is_read_without_a_restart(keep: Any, state: Operator, provider: Credential) -> None:
    path = keep(state.list_of(Service("Un service", provider.certificate)), state)
    assert trusted_lists.listed(signer(provider), clock.machine())
    path.write_bytes(state.list_of(Service("Un service", provider.certificate, statuses=[(WITHDRAWN, LONG_AGO)])))
    assert trusted_lists.listed(signer(provider), clock.machine()) is None


def test_without_a_list_nobody_is_listed(provider: Credential) -> None:
    assert trusted_lists.listed(signer(provider), clock.machine()) is None
    assert trusted_lists.lists().certificates == ()


def test_a_list_that_is_not_there_is_told(settings: Any, tmp_path: Path) -> None:
    settings.TRUSTED_LISTS, settings.TRUSTED_LISTS_SIGNERS = [str(tmp_path / "gone.xml")], str(tmp_path / "gone.pem")
    assert [error.id for error in checks.every_trusted_list_is_believed()] == ["signatures.E001"]


def test_a_list_that_was_to_be_replaced_is_told(keep: Any, state: Operator, provider: Credential, monkeypatch: Any) -> None:
    old = listing.unsigned(Service("Un service", provider.certificate)).replace(b"2036-01-01", b"2026-01-02")
    monkeypatch.setattr(listing, "unsigned", lambda *_services: old)
    keep(state.list_of(), state)
    assert [warning.id for warning in checks.every_trusted_list_is_believed()] == ["signatures.W001"]
    assert trusted_lists.listed(signer(provider), clock.machine())

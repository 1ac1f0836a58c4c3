"""Certificates that cannot be relied on: not trusted, expired, not valid yet, revoked, made for another purpose. Each has its own word."""

from datetime import datetime, timedelta

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from backend import clock
from signatures import authority, certificates, pades, revocation
from signatures.certificates import Profile, subject
from signatures.providers import Credential
from signatures.validation import Problem, Revocation, SignatureStatus, Verdict, validate
from tests.hostile.signatures.forging import VALID
from tests.signatures.making import agreement, one_time, pdfsig

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def signed(credential: Credential, *, last: bool = False) -> bytes:
    return pades.sign(agreement(), credential, pades.Place("x"), name="x", last=last)


def judged(content: bytes, at: datetime | None = None) -> SignatureStatus:
    """What is said of the one signature: its bytes are sound, and poppler, which is not asked about trust, says so too."""
    status = next(one for one in validate(content, at=at) if one.kind == "signature")
    assert status.intact
    assert pdfsig(content) == [VALID]
    return status


def made_at(monkeypatch: pytest.MonkeyPatch, shift: timedelta, profile: Profile = certificates.SIGNER) -> Credential:
    """A certificate that begins so much earlier or later."""
    real = clock.machine
    with monkeypatch.context() as patched:
        patched.setattr(clock, "machine", lambda: real() + shift)
        return certificates.make(subject("Paul Petit", "Commun Accord"), profile, authority.issuing())


def revoked(credential: Credential) -> None:
    authority.Issued.objects.create(
        serial=f"{credential.certificate.serial_number:x}",
        issuer=authority.issuing().key_id,
        person="0197a000-0000-7000-8000-000000000001",
        not_before=credential.certificate.not_valid_before_utc,
        not_after=credential.certificate.not_valid_after_utc,
    )
    revocation.revoke(f"{credential.certificate.serial_number:x}", "keyCompromise")


def test_a_root_of_the_same_name_is_not_trusted() -> None:
    root = certificates.make(authority.root().certificate.subject, certificates.ROOT)
    status = judged(signed(certificates.make(subject("Élodie Martin-Œuvre", "Commun Accord", title="Épouse"), certificates.SIGNER, root)))

    assert not status.trusted
    assert status.problems == (Problem.UNTRUSTED,)
    assert status.verdict == Verdict.UNCERTAIN


def test_trust_is_that_of_the_roots_given() -> None:
    content = signed(one_time("Paul Petit"))

    assert judged(content).ok
    (status,) = validate(content, roots=b"")
    assert set(status.problems) == {Problem.UNTRUSTED, Problem.TIMESTAMP_UNTRUSTED}


def test_a_certificate_that_had_expired_when_it_signed(monkeypatch) -> None:
    status = judged(signed(made_at(monkeypatch, -2 * HOUR)))

    assert status.problems == (Problem.EXPIRED,)
    assert status.verdict == Verdict.INVALID
    assert status.certificate
    assert status.certificate.not_after < status.at


def test_a_certificate_that_was_not_valid_yet(monkeypatch) -> None:
    status = judged(signed(made_at(monkeypatch, 2 * HOUR)))

    assert status.problems == (Problem.NOT_YET_VALID,)
    assert status.verdict == Verdict.INVALID


def test_a_certificate_that_has_expired_since_and_no_timestamp_says_that_it_signed_before(settings) -> None:
    settings.SIGNATURE_LEVEL = "B-B"
    content = signed(one_time("Paul Petit"))

    assert judged(content).problems == (Problem.TIMESTAMP_MISSING,)
    later = judged(content, clock.machine() + HOUR)
    assert set(later.problems) == {Problem.EXPIRED_SINCE, Problem.TIMESTAMP_MISSING}
    assert later.verdict == Verdict.UNCERTAIN


def test_a_certificate_that_was_revoked_when_it_signed(monkeypatch) -> None:
    credential = made_at(monkeypatch, timedelta(0))
    revoked(credential)
    status = judged(signed(credential, last=True))

    assert Problem.REVOKED in status.problems
    assert status.revocation == Revocation.REVOKED
    assert status.revoked_at
    assert status.revoked_at <= status.at
    assert status.verdict == Verdict.INVALID


@pytest.mark.parametrize("archived", [True, False])
def test_a_certificate_revoked_after_it_signed_signed_well(monkeypatch, archived: bool) -> None:
    credential = made_at(monkeypatch, timedelta(0))
    content = signed(credential, last=archived)
    with monkeypatch.context() as patched:
        real = clock.machine
        patched.setattr(clock, "machine", lambda: real() + timedelta(minutes=2))
        revoked(credential)

    status = judged(content)
    assert status.ok
    assert status.revocation == Revocation.GOOD


def test_a_certificate_revoked_since_and_no_timestamp_says_that_it_signed_before(settings, monkeypatch) -> None:
    settings.SIGNATURE_LEVEL = "B-B"
    credential = made_at(monkeypatch, timedelta(0))
    content = signed(credential)
    revoked(credential)

    assert Problem.REVOKED_SINCE in judged(content, clock.machine() + timedelta(minutes=1)).problems


def test_an_authority_that_was_revoked_when_it_certified(settings, tmp_path) -> None:
    settings.KEYS_DIR = tmp_path
    authority.forget()
    issuing = authority.issuing()
    credential = certificates.make(subject("Paul Petit", "Commun Accord"), certificates.SIGNER, issuing)
    revocation.revoke(f"{issuing.certificate.serial_number:x}", "keyCompromise")
    status = judged(signed(credential, last=True))
    authority.forget()

    assert Problem.REVOKED in status.problems


WEB = Profile(timedelta(minutes=10), frozenset({"digital_signature"}), (ExtendedKeyUsageOID.SERVER_AUTH,))
HIDING = Profile(timedelta(minutes=10), frozenset({"key_encipherment"}))


@pytest.mark.parametrize("profile", [WEB, HIDING, certificates.TIMESTAMPS])
def test_a_certificate_made_for_another_purpose(monkeypatch, profile: Profile) -> None:
    status = judged(signed(made_at(monkeypatch, timedelta(0), profile)))

    assert not status.trusted
    assert status.problems == (Problem.WRONG_PURPOSE,)
    assert status.verdict == Verdict.UNCERTAIN


def test_what_nobody_answers_for_is_a_doubt(monkeypatch) -> None:
    """A certificate says where its revocation is told, and what is told there is not at hand."""
    content = signed(one_time("Paul Petit"))

    assert judged(content).ok  # ours: we know
    monkeypatch.setattr(authority, "certifying", list)
    assert judged(content).problems == (Problem.REVOCATION_UNKNOWN,)

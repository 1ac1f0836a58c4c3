"""The report on a file signed elsewhere: whom it trusts, by what, for what time; and what it does not follow."""

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from backend import clock
from backend.errors import Invalid
from signatures import authority, certificates, pades
from signatures.certificates import subject
from signatures.providers import Credential
from signatures.report import Trust, report
from tests.signatures import listing
from tests.signatures.listing import LONG_AGO, WITHDRAWN, Service
from tests.signatures.making import agreement, signed_by

NAME = "Maître Luc Roy"
# QcCompliance, QcSSCD, QcType eSign (EN 319 412-5)
QUALIFIED = x509.UnrecognizedExtension(
    x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3"),
    bytes.fromhex("30293008060604008e4601013008060604008e4601043013060604008e4601063009060704008e46010601"),
)


@pytest.fixture
def provider() -> Credential:
    return certificates.make(subject("Autorité qualifiée", "Prestataire"), certificates.ROOT)


def signed(provider: Credential, *more: x509.UnrecognizedExtension) -> bytes:
    """The agreement, signed with a certificate of this provider, timestamped by the embedded authority."""
    profile = replace(certificates.SIGNER, more=more)
    signer = certificates.make(subject(NAME, "Barreau de Nantes", title="Avocat"), profile, provider, published="")
    return pades.sign(agreement(), signer, pades.Place("S"), name=NAME, last=False)


def list_with(settings: Any, folder: Path, *services: Service) -> None:
    state = listing.operator()
    (folder / "list.xml").write_bytes(state.list_of(*services))
    (folder / "operators.pem").write_bytes(state.pem)
    settings.TRUSTED_LISTS, settings.TRUSTED_LISTS_SIGNERS = [str(folder / "list.xml")], str(folder / "operators.pem")


def test_what_was_signed_here_is_trusted_by_our_own_authority(db: None) -> None:
    found = report(signed_by(agreement(), ("Anne Claude", "Avocate")))
    one, _stamp = found.signatures
    assert (found.verdict, one.trust, one.listed) == ("valid", Trust.HERE, None)
    told = json.loads(json.dumps(found.as_json()))
    assert told["signatures"][0]["signer"] == "Anne Claude"
    assert told["sha256"] == found.digest


def test_who_is_in_no_list_is_trusted_by_nobody(db: None, provider: Credential) -> None:
    found = report(signed(provider))
    (one,) = found.signatures
    assert (found.verdict, one.trust, one.listed) == ("uncertain", Trust.NOBODY, None)
    assert one.as_json()["problems"] == ["untrusted"]
    assert one.status.intact


def test_who_is_granted_in_a_list_is_trusted_and_a_qualified_certificate_is_told(
    db: None, provider: Credential, settings: Any, tmp_path: Path
) -> None:
    list_with(settings, tmp_path, Service("Un prestataire", provider.certificate))
    plain, qualified = report(signed(provider)), report(signed(provider, QUALIFIED))
    assert [one.verdict for one in (plain, qualified)] == ["valid", "valid"]
    assert [one.signatures[0].trust for one in (plain, qualified)] == [Trust.LISTED, Trust.LISTED]
    listed = [one.signatures[0].listed for one in (plain, qualified)]
    assert [(one.service, one.qualified, one.on_device) for one in listed if one] == [
        ("Un prestataire", False, False),
        ("Un prestataire", True, True),
    ]


def test_a_qualified_certificate_means_nothing_where_its_issuer_is_not_granted(
    db: None, provider: Credential, settings: Any, tmp_path: Path
) -> None:
    list_with(settings, tmp_path, Service("Un prestataire", provider.certificate, statuses=[(WITHDRAWN, LONG_AGO)]))
    (one,) = report(signed(provider, QUALIFIED)).signatures
    assert (one.trust, one.listed, one.as_json()["verdict"]) == (Trust.NOBODY, None, "uncertain")


def test_one_granted_at_another_time_only_is_trusted_by_nobody(db: None, provider: Credential, settings: Any, tmp_path: Path) -> None:
    now = clock.machine()
    statuses = [(WITHDRAWN, now.replace(year=now.year - 1)), (listing.GRANTED, LONG_AGO)]
    list_with(settings, tmp_path, Service("Un prestataire", provider.certificate, statuses=statuses))
    (one,) = report(signed(provider)).signatures
    assert (one.trust, one.as_json()["problems"]) == (Trust.NOBODY, ["untrusted"])


def test_a_timestamp_of_a_listed_authority_is_told_as_qualified(db: None, provider: Credential, settings: Any, tmp_path: Path) -> None:
    content = signed(provider)
    service = Service("Horodatage", authority.root().certificate, listing.TIMESTAMPS)
    list_with(settings, tmp_path, Service("Un prestataire", provider.certificate), service)
    (one,) = report(content).signatures
    assert one.stamped
    assert (one.stamped.service, one.as_json()["time_qualified"]) == ("Horodatage", True)


def test_who_signs_and_who_attests_the_time_may_be_listed_by_different_providers(
    db: None, provider: Credential, settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    other = certificates.make(subject("Horodatage qualifié", "Autre prestataire"), certificates.ROOT)
    stamps = certificates.make(subject("Unité 1", "Autre prestataire"), certificates.TIMESTAMPS, other, published="")
    monkeypatch.setattr(authority, "timestamps", lambda: stamps)
    service = Service("Horodatage", other.certificate, listing.TIMESTAMPS)
    list_with(settings, tmp_path, Service("Un prestataire", provider.certificate), service)
    (one,) = report(signed(provider)).signatures
    assert (one.status.problems, one.trust) == ((), Trust.LISTED)
    assert one.as_json()["time_qualified"]


def test_a_file_without_a_signature_says_so(db: None) -> None:
    assert report(agreement()).as_json() | {"checked_at": "", "sha256": "", "size": 0} == {
        "sha256": "",
        "size": 0,
        "checked_at": "",
        "verdict": "none",
        "signatures": [],
    }


def test_what_was_changed_after_is_invalid(db: None, provider: Credential, settings: Any, tmp_path: Path) -> None:
    list_with(settings, tmp_path, Service("Un prestataire", provider.certificate))
    found = report(signed(provider) + b"\n% later")
    assert found.verdict == "invalid"
    assert "uncovered" in found.as_json()["signatures"][0]["problems"]


def test_what_is_no_pdf_is_refused(db: None) -> None:
    with pytest.raises(Invalid):
        report(b"not a PDF")


class Asked(http.server.BaseHTTPRequestHandler):
    """An authority's list of those it revoked."""

    content, asked = b"", 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def elsewhere(settings: Any) -> Iterator[str]:
    """An authority elsewhere, on loopback, which configuration lets through."""
    Asked.asked, Asked.content = 0, b""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Asked) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.OUTGOING_INSIDE = frozenset({"127.0.0.1"})
        yield f"http://127.0.0.1:{server.server_port}/list.crl"
        server.shutdown()


def lasting(provider: Credential, address: str) -> Credential:
    """A certificate that says where its revocation is told."""
    point = x509.CRLDistributionPoints([x509.DistributionPoint([x509.UniformResourceIdentifier(address)], None, None, None)])
    extension = x509.UnrecognizedExtension(point.oid, point.public_bytes())
    return certificates.make(subject(NAME, "Barreau"), replace(certificates.SIGNER, more=(extension,)), provider, published="")


def revoked_by(provider: Credential, *serials: int) -> bytes:
    now = clock.machine().replace(microsecond=0)
    builder = x509.CertificateRevocationListBuilder().issuer_name(provider.certificate.subject).last_update(now)
    builder = builder.next_update(now.replace(year=now.year + 1))
    for serial in serials:
        gone = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now.replace(year=now.year - 1)).build()
        builder = builder.add_revoked_certificate(gone)
    return builder.sign(provider.signing, SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize(("gone", "verdict", "revocation"), [(False, "valid", "good"), (True, "invalid", "revoked")])
def test_a_listed_authority_is_asked_about_revocation(
    db: None, provider: Credential, settings: Any, tmp_path: Path, elsewhere: str, gone: bool, verdict: str, revocation: str
) -> None:
    list_with(settings, tmp_path, Service("Un prestataire", provider.certificate))
    signer = lasting(provider, elsewhere)
    content = pades.sign(agreement(), signer, pades.Place("S"), name=NAME, last=False)
    Asked.content = revoked_by(provider, *([signer.certificate.serial_number] if gone else []))
    Asked.asked = 0
    found = report(content)
    assert (found.verdict, found.signatures[0].status.revocation.value) == (verdict, revocation)
    assert Asked.asked == 1


def test_an_address_in_a_certificate_of_nobody_trusted_is_never_followed(db: None, provider: Credential, elsewhere: str) -> None:
    content = pades.sign(agreement(), lasting(provider, elsewhere), pades.Place("S"), name=NAME, last=False)
    Asked.asked = 0
    assert report(content).verdict == "uncertain"
    assert Asked.asked == 0


def test_an_authority_that_does_not_answer_leaves_a_doubt(
    db: None, provider: Credential, settings: Any, tmp_path: Path, elsewhere: str
) -> None:
    list_with(settings, tmp_path, Service("Un prestataire", provider.certificate))
    content = pades.sign(agreement(), lasting(provider, elsewhere), pades.Place("S"), name=NAME, last=False)
    found = report(content)  # an empty list is no list
    assert (found.verdict, found.as_json()["signatures"][0]["problems"]) == ("uncertain", ["revocation-unknown"])

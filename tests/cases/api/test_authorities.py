"""The public doors of the platform's authorities: without an account, as the RFCs say, within a size and a rate."""

import base64
import hashlib
import subprocess
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID
from django.test import Client

from cases.api.authorities import Rate
from signatures import authority, revocation, timestamps
from signatures.models import Revocation
from signatures.providers import Credential

pytestmark = pytest.mark.django_db
OCSP, STAMP = "application/ocsp-request", "application/timestamp-query"


@pytest.fixture
def stranger(settings) -> Client:
    settings.SECURE_SSL_REDIRECT = False
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def signer() -> Credential:
    return authority.issue(uuid4(), "Élodie Martin", "Épouse")


def question(credential: Credential) -> bytes:
    issuer = credential.chain[0]
    return ocsp.OCSPRequestBuilder().add_certificate(credential.certificate, issuer, SHA256()).build().public_bytes(Encoding.DER)


def path_of(url: str, settings) -> str:
    assert url.startswith(settings.BASE_URL)
    return url.removeprefix(settings.BASE_URL)


def access(credential: Credential) -> dict[x509.ObjectIdentifier, str]:
    found = credential.certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    return {one.access_method: one.access_location.value for one in found}


def test_a_certificate_leads_to_its_status_its_list_and_its_issuer(stranger: Client, signer: Credential, settings) -> None:
    addresses = access(signer)
    (point,) = signer.certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value

    issuer = stranger.get(path_of(addresses[AuthorityInformationAccessOID.CA_ISSUERS], settings))
    listed = stranger.get(path_of(point.full_name[0].value, settings))
    said = stranger.post(path_of(addresses[AuthorityInformationAccessOID.OCSP], settings), question(signer), content_type=OCSP)

    assert (issuer["Content-Type"], x509.load_der_x509_certificate(issuer.content)) == ("application/pkix-cert", signer.chain[0])
    assert listed["Content-Type"] == "application/pkix-crl"
    assert x509.load_der_x509_crl(listed.content).is_signature_valid(signer.chain[0].public_key())
    assert said["Content-Type"] == "application/ocsp-response"
    assert ocsp.load_der_ocsp_response(said.content).certificate_status == ocsp.OCSPCertStatus.GOOD


def test_a_revocation_is_told_at_every_door_at_once(stranger: Client, signer: Credential) -> None:
    stranger.get(f"/pki/{signer.chain[0] and authority.issuing().key_id}.crl")
    revocation.revoke(f"{signer.certificate.serial_number:x}", Revocation.Reason.KEY_COMPROMISE)

    listed = x509.load_der_x509_crl(stranger.get(f"/pki/{authority.issuing().key_id}.crl").content)
    answers = [stranger.post("/pki/ocsp", question(signer), content_type=OCSP), stranger.get(f"/pki/ocsp/{in_address(question(signer))}")]
    assert listed.get_revoked_certificate_by_serial_number(signer.certificate.serial_number)
    assert {ocsp.load_der_ocsp_response(each.content).certificate_status for each in answers} == {ocsp.OCSPCertStatus.REVOKED}


def in_address(query: bytes) -> str:
    return quote(base64.b64encode(query).decode(), safe="")


def test_an_answer_asked_in_the_address_may_be_kept_and_one_asked_in_the_body_not(stranger: Client, signer: Credential, settings) -> None:
    settings.OCSP_SECONDS = 400

    kept = stranger.get(f"/pki/ocsp/{in_address(question(signer))}")

    assert ocsp.load_der_ocsp_response(kept.content).certificate_status == ocsp.OCSPCertStatus.GOOD
    assert kept["Cache-Control"] == "public, max-age=100, no-transform, must-revalidate"
    assert "Cookie" not in kept.get("Vary", "")  # by those on the way too
    assert stranger.post("/pki/ocsp", question(signer), content_type=OCSP)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("query", ["x", "%00", "AAAA", "../../etc/passwd", "Zm9v/Zm9v"])
def test_what_is_no_question_is_called_malformed(stranger: Client, query: str) -> None:
    said = stranger.get(f"/pki/ocsp/{query}")

    assert said.status_code == 200
    assert ocsp.load_der_ocsp_response(said.content).response_status == ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_openssl_verifies_a_timestamp_asked_by_http(stranger: Client, tmp_path: Path) -> None:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(b"content").digest()}
    query = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True, "nonce": 77}).dump()

    said = stranger.post("/pki/timestamps", query, content_type=STAMP)

    assert said["Content-Type"] == "application/timestamp-reply"
    files = {"reply": said.content, "query": query, "root": authority.root().certificate.public_bytes(Encoding.PEM)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    words = ["openssl", "ts", "-verify", "-in", "reply", "-queryfile", "query", "-CAfile", "root"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert "Verification: OK" in done.stdout + done.stderr


@pytest.mark.parametrize("query", [b"\x00", b"\x30", b"\x30\x80" * 500, b"not a request", b"\x30\x03\x02\x01\x01"])
def test_what_is_no_request_for_a_timestamp_is_refused_as_the_rfc_says(stranger: Client, query: bytes) -> None:
    said = stranger.post("/pki/timestamps", query, content_type=STAMP)

    assert said.status_code == 200
    assert timestamps.Response.load(said.content)["status"]["fail_info"].native == {"bad_data_format"}


@pytest.mark.parametrize(
    ("method", "path", "content", "kind", "status"),
    [
        ("POST", "/pki/ocsp", b"x" * 9000, OCSP, 413),
        ("POST", "/pki/timestamps", b"x" * 9000, STAMP, 413),
        ("POST", "/pki/ocsp", b"x", "application/json", 415),
        ("POST", "/pki/timestamps", b"x", "text/plain", 415),
        ("GET", "/pki/ocsp/" + "A" * 2000, b"", OCSP, 414),
        ("GET", "/pki/timestamps", b"", STAMP, 405),
        ("PUT", "/pki/ocsp", b"x", OCSP, 405),
        ("GET", f"/pki/{'0' * 40}.cer", b"", "", 404),
        ("GET", f"/pki/{'0' * 40}.crl", b"", "", 404),
        ("GET", "/pki/root.key", b"", "", 404),
    ],
)
def test_anything_else_is_refused(stranger: Client, method: str, path: str, content: bytes, kind: str, status: int) -> None:
    assert stranger.generic(method, path, content, content_type=kind or "application/octet-stream").status_code == status


def test_no_key_is_ever_published(stranger: Client, settings) -> None:
    for each in authority.certifying():
        for ending in ("cer", "crl"):
            content = stranger.get(f"/pki/{each.key_id}.{ending}").content
            assert b"PRIVATE" not in content
    assert stranger.get(f"/pki/{authority.seal().key_id}.cer").status_code == 404


def test_one_address_asks_so_often_and_no_more_whoever_it_says_it_is(
    stranger: Client, signer: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rate, "rate", "3/min", raising=False)
    codes = [stranger.post("/pki/ocsp", question(signer), content_type=OCSP).status_code for _time in range(5)]
    there = stranger.post("/pki/ocsp", question(signer), content_type=OCSP, REMOTE_ADDR="198.51.100.7")

    assert codes == [200, 200, 200, 429, 429]
    assert there.status_code == 200


def test_a_page_shows_whom_to_trust_and_gives_it(stranger: Client) -> None:
    page = stranger.get("/certificats/", headers={"Accept-Language": "en"}).content.decode()

    for each in (authority.root(), authority.issuing()):
        assert each.certificate.fingerprint(SHA256()).hex(" ").upper() in page
        assert f"/pki/{each.key_id}.cer" in page
        assert f"/pki/{each.key_id}.crl" in page
    assert "/certificats/" in stranger.get("/mentions-legales/").content.decode()

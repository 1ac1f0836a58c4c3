"""What was revoked: said by OCSP and CRL that openssl believes, for keys in use and for those replaced since."""

import subprocess
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from backend import clock
from backend.errors import Conflict, NotFound
from signatures import authority, certificates, revocation
from signatures.certificates import subject
from signatures.models import Revocation
from signatures.providers import Credential

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_keys(settings, tmp_path: Path) -> Path:
    settings.KEYS_DIR = tmp_path / "keys"
    return settings.KEYS_DIR / "authority"


def signer() -> Credential:
    return authority.issue(uuid4(), "Élodie Martin", "Épouse")


def serial(credential: Credential) -> str:
    return f"{credential.certificate.serial_number:x}"


def asked(certificate: x509.Certificate, issuer: x509.Certificate, *, nonce: bytes = b"", algorithm: object = None) -> ocsp.OCSPResponse:
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, algorithm or SHA256())
    if nonce:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return ocsp.load_der_ocsp_response(revocation.answer(builder.build().public_bytes(Encoding.DER)))


def openssl(folder: Path, *words: str, **files: bytes) -> str:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    done = subprocess.run(["openssl", *words], cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


def pem(*found: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in found)


def verified(folder: Path, credential: Credential) -> str:
    """What openssl says of a certificate, with the lists of all those above it."""
    lists = {issuer.key_id: revocation.crl(issuer) for issuer in authority.certifying()}
    pems = b"".join(x509.load_der_x509_crl(der).public_bytes(Encoding.PEM) for der in lists.values())
    certificate, *chain = credential.certificate, *credential.chain
    said = ("verify", "-crl_check_all", "-CRLfile", "crls", "-CAfile", "root", "-untrusted", "chain", "leaf")
    return openssl(folder, *said, crls=pems, root=pem(credential.root), chain=pem(*chain[:-1]), leaf=pem(certificate))


@pytest.mark.parametrize("algorithm", [SHA1(), SHA256()])
def test_a_certificate_that_was_issued_is_good_and_one_that_never_was_is_unknown(algorithm: object) -> None:
    made, issuer = signer(), authority.issuing()
    stranger = certificates.make(subject("Nobody"), certificates.SIGNER, issuer)

    assert asked(made.certificate, issuer.certificate, algorithm=algorithm).certificate_status == ocsp.OCSPCertStatus.GOOD
    assert asked(stranger.certificate, issuer.certificate, algorithm=algorithm).certificate_status == ocsp.OCSPCertStatus.UNKNOWN


def test_each_certificate_of_the_authority_is_known_to_the_root() -> None:
    root = authority.root()

    for made in (authority.issuing(), authority.seal(), authority.timestamps(), authority.responder(root)):
        assert asked(made.certificate, root.certificate).certificate_status == ocsp.OCSPCertStatus.GOOD


def test_what_is_revoked_is_said_at_once_with_its_time_and_its_reason() -> None:
    made, issuer = signer(), authority.issuing()

    row = revocation.revoke(serial(made), Revocation.Reason.KEY_COMPROMISE, by=uuid4())

    said = asked(made.certificate, issuer.certificate)
    assert said.certificate_status == ocsp.OCSPCertStatus.REVOKED
    assert said.revocation_reason == x509.ReasonFlags.key_compromise
    assert said.revocation_time_utc == row.revoked_at.replace(microsecond=0)
    (listed,) = x509.load_der_x509_crl(revocation.crl(issuer))
    assert listed.serial_number == made.certificate.serial_number
    assert listed.extensions.get_extension_for_class(x509.CRLReason).value.reason == x509.ReasonFlags.key_compromise


def test_a_certificate_is_revoked_once_and_only_if_it_is_ours() -> None:
    made = signer()
    revocation.revoke(serial(made), Revocation.Reason.UNSPECIFIED)

    with pytest.raises(Conflict):
        revocation.revoke(serial(made).upper(), Revocation.Reason.SUPERSEDED)
    for other in ("1234", serial(authority.root())):
        with pytest.raises(NotFound):
            revocation.revoke(other, Revocation.Reason.UNSPECIFIED)


def test_an_answer_repeats_the_nonce_and_says_how_long_it_holds(settings) -> None:
    settings.OCSP_SECONDS = 600
    made, issuer = signer(), authority.issuing()

    said = asked(made.certificate, issuer.certificate, nonce=b"0123456789abcdef")

    assert said.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"0123456789abcdef"
    assert said.next_update_utc - said.this_update_utc == timedelta(seconds=600)
    assert abs(said.this_update_utc - clock.machine()) < timedelta(seconds=10)


def test_an_answer_is_signed_by_a_responder_that_may_do_nothing_else() -> None:
    made, issuer = signer(), authority.issuing()

    (responder,) = asked(made.certificate, issuer.certificate).certificates
    responder.verify_directly_issued_by(issuer.certificate)
    assert list(responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [x509.ExtendedKeyUsageOID.OCSP_SIGNING]
    assert responder.extensions.get_extension_for_class(x509.OCSPNoCheck)


@pytest.mark.parametrize("query", [b"", b"\x30\x03\x02\x01\x01", b"\x00" * 5000, b"GET / HTTP/1.1"])
def test_what_is_no_request_is_called_malformed(query: bytes) -> None:
    said = ocsp.load_der_ocsp_response(revocation.answer(query))

    assert said.response_status == ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_a_request_about_several_certificates_is_called_malformed(own_keys: Path, tmp_path: Path) -> None:
    one, other, issuer = signer(), signer(), authority.issuing()
    files = {"issuer": pem(issuer.certificate), "one": pem(one.certificate), "other": pem(other.certificate)}
    openssl(tmp_path, "ocsp", "-issuer", "issuer", "-cert", "one", "-cert", "other", "-reqout", "query", "-no_nonce", **files)

    said = ocsp.load_der_ocsp_response(revocation.answer((tmp_path / "query").read_bytes()))

    assert said.response_status == ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_nothing_is_said_of_what_another_authority_issued() -> None:
    other = certificates.make(subject("Autre", "Autre"), certificates.ROOT)
    made = certificates.make(subject("Paul"), certificates.SIGNER, other)

    assert asked(made.certificate, other.certificate).response_status == ocsp.OCSPResponseStatus.UNAUTHORIZED


def test_openssl_believes_the_lists_and_refuses_what_is_on_them(own_keys: Path, tmp_path: Path) -> None:
    good, bad = signer(), signer()
    revocation.revoke(serial(bad), Revocation.Reason.PRIVILEGE_WITHDRAWN)

    assert "leaf: OK" in verified(tmp_path, good)
    assert "certificate revoked" in verified(tmp_path, bad)


def test_openssl_believes_the_answers(own_keys: Path, tmp_path: Path) -> None:
    good, bad, issuer = signer(), signer(), authority.issuing()
    revocation.revoke(serial(bad), Revocation.Reason.UNSPECIFIED)
    files = {"issuer": pem(issuer.certificate), "root": pem(authority.root().certificate)}

    for made, wanted in ((good, "leaf: good"), (bad, "leaf: revoked")):
        words = ("ocsp", "-issuer", "issuer", "-cert", "leaf", "-reqout", "query", "-no_nonce")
        openssl(tmp_path, *words, leaf=pem(made.certificate), **files)
        answer = revocation.answer((tmp_path / "query").read_bytes())
        words = ("ocsp", "-issuer", "issuer", "-cert", "leaf", "-respin", "answer", "-CAfile", "root", "-no_nonce")
        said = openssl(tmp_path, *words, answer=answer)
        assert "Response verify OK" in said
        assert wanted in said


def test_the_proof_for_a_signer_is_an_answer_and_a_list_made_without_a_network() -> None:
    made = signer()

    found = revocation.evidence([made.certificate, *made.chain, *authority.timestamps().chain, authority.timestamps().certificate])

    (answer,), (listed,) = found.ocsps, found.crls
    assert ocsp.load_der_ocsp_response(answer).serial_number == made.certificate.serial_number
    assert x509.load_der_x509_crl(listed).is_signature_valid(authority.root().certificate.public_key())


def test_neither_a_root_nor_a_responder_needs_a_proof() -> None:
    root = authority.root()

    assert revocation.evidence([root.certificate, authority.responder(root).certificate]) == revocation.Evidence()


def test_what_is_revoked_while_in_use_is_replaced_first(own_keys: Path) -> None:
    before = authority.seal()

    revocation.revoke(serial(before), Revocation.Reason.KEY_COMPROMISE)

    assert authority.seal().certificate != before.certificate
    assert asked(before.certificate, authority.root().certificate).certificate_status == ocsp.OCSPCertStatus.REVOKED
    assert asked(authority.seal().certificate, authority.root().certificate).certificate_status == ocsp.OCSPCertStatus.GOOD


def test_an_issuing_authority_that_was_replaced_still_answers_for_what_it_issued(own_keys: Path, tmp_path: Path) -> None:
    first, bad, issuer = signer(), signer(), authority.issuing()
    authority.rotate("issuing")
    second = signer()

    revocation.revoke(serial(bad), Revocation.Reason.UNSPECIFIED)

    assert second.chain[0] != first.chain[0]
    assert asked(first.certificate, issuer.certificate).certificate_status == ocsp.OCSPCertStatus.GOOD
    assert [verified(tmp_path, each)[-3:-1] for each in (first, second)] == ["OK", "OK"]
    assert "certificate revoked" in verified(tmp_path, bad)


def test_a_new_root_is_followed_by_all_that_stood_below_and_both_are_trusted(own_keys: Path, tmp_path: Path) -> None:
    before = {name: getattr(authority, name)() for name in authority.PARTS}
    made = signer()

    authority.rotate("root")

    after = {name: getattr(authority, name)() for name in authority.PARTS}
    assert {name for name in after if after[name].certificate == before[name].certificate} == set()
    assert {each.root for each in after.values()} == {after["root"].certificate}
    assert set(x509.load_pem_x509_certificates(authority.trusted())) >= {before["root"].certificate, after["root"].certificate}
    assert "leaf: OK" in verified(tmp_path, made)
    assert "leaf: OK" in verified(tmp_path, signer())
    assert [key.name for key in (own_keys / "earlier").glob("seal.*.key")] == []


def test_a_key_replaced_by_another_process_is_used_from_the_next_time_on(own_keys: Path) -> None:
    before = authority.seal()
    kept = {path.name: path.read_bytes() for path in own_keys.glob("seal.*")}
    replaced = authority.rotate("seal")
    for name, content in kept.items():
        (own_keys / name).write_bytes(content)

    assert authority.seal().certificate == before.certificate
    assert replaced.certificate != before.certificate

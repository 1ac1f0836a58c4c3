"""Timestamps asked of several authorities in turn, and what other authorities say of their certificates: real servers, on loopback, that misbehave."""

import hashlib
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pyhanko.sign.timestamps import TimestampRequestError

from backend import clock
from backend.errors import Unavailable
from signatures import certificates, pades, revocation, timestamps
from signatures.certificates import subject
from signatures.providers import Credential
from tests.signatures.making import agreement, one_time, signatures
from tests.signatures.serving import Answers, Asked, Reply, Server, serving

REPLY = "application/timestamp-reply"


def stamping(asked: Asked) -> Reply:
    return 200, REPLY, timestamps.answer(asked.body)


def changed(change: Callable[[tsp.TimeStampReq], None]) -> Answers:
    """An authority that answers another question than the one it was asked."""

    def answers(asked: Asked) -> Reply:
        request = tsp.TimeStampReq.load(asked.body)
        change(request)
        return 200, REPLY, timestamps.respond(request).dump()

    return answers


def of_something_else(request: tsp.TimeStampReq) -> None:
    request["message_imprint"]["hashed_message"] = hashlib.sha256(b"something else").digest()


def without_certificates(request: tsp.TimeStampReq) -> None:
    request["cert_req"] = False


def with_another_nonce(request: tsp.TimeStampReq) -> None:
    request["nonce"] = request["nonce"].native + 1


def of_another_time(asked: Asked) -> Reply:
    request = tsp.TimeStampReq.load(asked.body)
    now = clock.machine() - timedelta(hours=1)
    token = timestamps._token(request, timestamps.authority.timestamps(), now)
    return 200, REPLY, tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()


def late(asked: Asked) -> Reply:
    time.sleep(1.5)
    return stamping(asked)


def elsewhere(asked: Asked) -> Reply:
    return 302, "text/plain", b""


@pytest.fixture(autouse=True)
def as_the_operator_says(settings) -> Iterator[None]:
    """Loopback may be asked, each authority for a moment, and none has failed yet."""
    settings.OUTGOING_INSIDE, settings.TSA_SECONDS = frozenset({"127.0.0.1"}), 0.7
    timestamps._failed.clear()
    yield
    timestamps._failed.clear()


async def token() -> cms.ContentInfo:
    return await timestamps.timestamper().async_timestamp(hashlib.sha256(b"content").digest(), "sha256")


async def test_the_first_authority_is_asked_and_no_other(settings) -> None:
    with serving(stamping) as first, serving(stamping) as second:
        settings.TSA_URLS = [first.url, second.url]

        await token()

        assert (len(first.came), len(second.came)) == (1, 0)


@pytest.mark.parametrize(
    "answers",
    [
        lambda asked: (500, "text/plain", b""),
        lambda asked: (200, REPLY, b""),
        lambda asked: (200, REPLY, b"\x30\x03\x02\x01\x00"),
        lambda asked: (200, REPLY, b"\x30\x80" * 200),
        lambda asked: (200, REPLY, b"\x00" * 200_000),
        lambda asked: (200, REPLY, timestamps._refusal("system_failure", "not now").dump()),
        changed(of_something_else),
        changed(without_certificates),
        changed(with_another_nonce),
        of_another_time,
        late,
        elsewhere,
    ],
)
async def test_one_that_gives_nothing_that_holds_is_passed_over_for_the_next(settings, answers: Answers) -> None:
    with serving(answers) as first, serving(stamping) as second:
        settings.TSA_URLS = [first.url, second.url]

        assert (await token())["content"]["signer_infos"]
        await token()

        assert (len(first.came), len(second.came)) == (1, 2)  # what failed is asked last for a while


async def test_one_that_failed_is_asked_first_again_after_a_while(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(stamping) as first, serving(stamping) as second:
        settings.TSA_URLS = [first.url, second.url]
        timestamps._failed[first.url] = time.monotonic() - timestamps.ASIDE_SECONDS

        await token()

        assert (len(first.came), len(second.came)) == (1, 0)


async def test_our_own_may_stand_in_where_the_operator_says_so(settings) -> None:
    settings.TSA_URLS = ["http://127.0.0.1:1/", "embedded"]

    assert (await token())["content"]["signer_infos"]


async def test_where_none_answers_there_is_no_timestamp(settings) -> None:
    with serving(lambda asked: (500, "text/plain", b"")) as first:
        settings.TSA_URLS = ["http://127.0.0.1:1/", first.url]

        with pytest.raises(TimestampRequestError):
            await token()


async def test_an_authority_inside_our_own_network_is_not_asked_unless_the_operator_says_so(settings) -> None:
    settings.OUTGOING_INSIDE = frozenset()
    with serving(stamping) as first:
        settings.TSA_URLS = [first.url, "embedded"]

        await token()

        assert first.came == []


def test_a_document_bears_the_timestamp_of_the_one_that_answered(settings) -> None:
    with serving(lambda asked: (503, "text/plain", b"")) as first, serving(stamping) as second:
        settings.TSA_URLS = [first.url, second.url]
        (status,) = signatures(pades.sign(agreement(), one_time("Paul"), pades.Place("x"), name="Paul"))

    assert status.trusted
    assert status.timestamp_ok


class Elsewhere:
    """Another authority, with an issuing one, a certificate, and what is said of it."""

    def __init__(self) -> None:
        self.said: dict[str, bytes] = {}
        self.status, self.until = ocsp.OCSPCertStatus.GOOD, timedelta(hours=1)
        self.signer: Credential | None = None

    def issued(self, base: str) -> Credential:
        root = certificates.make(subject("Racine", "Prestataire"), certificates.ROOT, published="")
        self.issuing = certificates.make(subject("Autorité", "Prestataire"), certificates.ISSUING, root, published="")
        self.leaf = certificates.make(subject("Paul"), certificates.SEAL, self.issuing, published=base)
        return self.leaf

    def __call__(self, asked: Asked) -> Reply:
        kind = asked.path.rpartition(".")[2] if "." in asked.path else "ocsp"
        answers = {"ocsp": self.ocsp, "crl": self.crl, "cer": lambda: self.issuing.certificate.public_bytes(Encoding.DER)}
        return 200, "application/octet-stream", self.said.get(kind) if kind in self.said else answers[kind]()

    def ocsp(self) -> bytes:
        now, signer = clock.machine(), self.signer or self.issuing
        revoked = (now, x509.ReasonFlags.key_compromise) if self.status == ocsp.OCSPCertStatus.REVOKED else (None, None)
        said = (
            self.leaf.certificate,
            self.issuing.certificate,
            SHA1(),
            self.status,
            now + self.until - timedelta(hours=2),
            now + self.until,
        )
        builder = ocsp.OCSPResponseBuilder().add_response(*said, *revoked)
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate).certificates([signer.certificate])
        return builder.sign(signer.signing, SHA256()).public_bytes(Encoding.DER)

    def crl(self) -> bytes:
        now, signer = clock.machine(), self.signer or self.issuing
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.issuing.certificate.subject)
        builder = builder.last_update(now + self.until - timedelta(hours=2)).next_update(now + self.until)
        return builder.sign(signer.signing, SHA256()).public_bytes(Encoding.DER)


@pytest.fixture
def other() -> Elsewhere:
    return Elsewhere()


@pytest.fixture
def at(other: Elsewhere) -> Iterator[Server]:
    with serving(other) as server:
        other.issued(server.url)
        yield server


pytestmark = pytest.mark.django_db


def test_another_authority_is_asked_at_the_address_its_certificate_gives(at: Server, other: Elsewhere) -> None:
    found = revocation.evidence([other.leaf.certificate, *other.leaf.chain])

    assert [ocsp.load_der_ocsp_response(each).serial_number for each in found.ocsps] == [other.leaf.certificate.serial_number]
    assert found.crls == ()
    assert [asked.path for asked in at.came] == ["/ocsp"]


def test_an_issuer_that_is_not_at_hand_is_fetched(at: Server, other: Elsewhere) -> None:
    assert revocation.evidence([other.leaf.certificate]).ocsps
    assert [asked.path.rpartition(".")[2] for asked in at.came] == ["cer", "/ocsp"]


def test_that_a_certificate_is_revoked_is_proof_as_well(at: Server, other: Elsewhere) -> None:
    other.status = ocsp.OCSPCertStatus.REVOKED

    (answer,) = revocation.evidence([other.leaf.certificate, *other.leaf.chain]).ocsps
    assert ocsp.load_der_ocsp_response(answer).certificate_status == ocsp.OCSPCertStatus.REVOKED


def a_stranger() -> Credential:
    return certificates.make(subject("Autorité", "Prestataire"), certificates.ISSUING, published="")


@pytest.mark.parametrize(
    "fault",
    [
        {"said": {"ocsp": b""}},
        {"said": {"ocsp": b"<html>"}},
        {"said": {"ocsp": ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(Encoding.DER)}},
    ],
)
def test_where_the_answer_does_not_hold_the_list_is_taken(at: Server, other: Elsewhere, fault: dict[str, object]) -> None:
    vars(other).update(fault)

    found = revocation.evidence([other.leaf.certificate, *other.leaf.chain])

    assert found.ocsps == ()
    assert x509.load_der_x509_crl(found.crls[0]).is_signature_valid(other.issuing.certificate.public_key())


@pytest.mark.parametrize("fault", [{"signer": "stranger"}, {"until": timedelta(hours=-1)}])
def test_what_another_signed_or_what_is_over_is_no_proof(at: Server, other: Elsewhere, fault: dict[str, object]) -> None:
    vars(other).update({name: a_stranger() if value == "stranger" else value for name, value in fault.items()})

    with pytest.raises(Unavailable):
        revocation.evidence([other.leaf.certificate, *other.leaf.chain])


def test_an_authority_of_our_own_network_that_a_certificate_names_is_not_asked(at: Server, other: Elsewhere, settings) -> None:
    settings.OUTGOING_INSIDE = frozenset()

    with pytest.raises(Unavailable):
        revocation.evidence([other.leaf.certificate, *other.leaf.chain])
    assert at.came == []


@pytest.mark.parametrize("garbage", [b"", b"\x30\x80", b"\x30\x03\x02\x01\x01", b"\xff" * 50])
def test_a_certificate_whose_addresses_cannot_be_read_gives_none(garbage: bytes) -> None:
    root = certificates.make(subject("Racine"), certificates.ROOT, published="")
    builder = certificates._builder(subject("Paul"), certificates.SEAL, root.certificate.public_key(), root)
    for name in ("1.3.6.1.5.5.7.1.1", "2.5.29.31", "1.3.6.1.5.5.7.48.1.5"):
        builder = builder.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier(name), garbage), critical=False)
    made = builder.sign(root.signing, SHA256())

    assert revocation.evidence([made, root.certificate]) == revocation.Evidence()


def test_a_certificate_that_gives_no_address_has_no_proof() -> None:
    root = certificates.make(subject("Racine"), certificates.ROOT, published="")
    made = certificates.make(subject("Paul"), certificates.SEAL, root, published="")

    assert revocation.evidence([made.certificate, root.certificate]) == revocation.Evidence()

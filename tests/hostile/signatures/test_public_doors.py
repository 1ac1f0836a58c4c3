"""What anybody may send to the responder and to the timestamp authority: changed anyhow, it has an answer, never a fault and never another's good."""

import hashlib
import random
from collections.abc import Iterator
from uuid import uuid4

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from signatures import authority, revocation, timestamps
from signatures.models import Revocation

TIMES = 1500


def changed(query: bytes) -> Iterator[bytes]:
    """The same many times over, each with a few bytes replaced, taken out or put in."""
    chance = random.Random(query)
    for _time in range(TIMES):
        content = bytearray(query)
        for _change in range(chance.randint(1, 4)):
            place, byte = chance.randrange(len(content)), chance.randrange(256)
            match chance.randrange(5):
                case 0:
                    del content[place]
                case 1:
                    content.insert(place, byte)
                case _:
                    content[place] = byte
        yield bytes(content)


def test_a_question_about_a_certificate(db: None) -> None:
    revoked = authority.issue(uuid4(), "Paul Petit", "")
    revocation.revoke(f"{revoked.certificate.serial_number:x}", Revocation.Reason.KEY_COMPROMISE)
    builder = ocsp.OCSPRequestBuilder().add_certificate(revoked.certificate, revoked.chain[0], SHA256())
    query = builder.add_extension(x509.OCSPNonce(b"0123456789abcdef"), critical=False).build().public_bytes(Encoding.DER)

    said = [ocsp.load_der_ocsp_response(revocation.answer(each)) for each in changed(query)]

    answered = [one for one in said if one.response_status == ocsp.OCSPResponseStatus.SUCCESSFUL]
    assert {one.certificate_status for one in answered} == {ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.UNKNOWN}
    assert len(answered) < len(said)


def test_a_request_for_a_timestamp() -> None:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(b"content").digest()}
    query = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True, "nonce": 12345678901}).dump()

    said = {timestamps.Response.load(timestamps.answer(each))["status"]["status"].native for each in changed(query)}

    assert said == {"granted", "rejection"}


@pytest.mark.parametrize(
    "query", [b"", b"\x00", b"\x30\x00", b"\x30\x80\x00\x00", b"\x30\x80" * 4000, b"\x30\x84\xff\xff\xff\xff" + b"x" * 100]
)
def test_what_is_no_request_at_all(query: bytes) -> None:
    said = ocsp.load_der_ocsp_response(revocation.answer(query))

    assert said.response_status == ocsp.OCSPResponseStatus.MALFORMED_REQUEST
    assert timestamps.Response.load(timestamps.answer(query))["status"]["fail_info"].native == {"bad_data_format"}

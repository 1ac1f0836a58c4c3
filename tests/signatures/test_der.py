"""Encoding: what is settled is encoded as it is, whatever its length."""

from typing import Any

import pytest
from asn1crypto import cms, core, x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute

from signatures.der import settled
from tests.signatures.making import NAMES, one_time


def test_no_length_makes_what_is_settled_be_encoded_again_from_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every length of 256 in a row: among them those that end in the byte 80."""
    certificate = x509.Certificate.load(one_time(*NAMES[0]).certificate.public_bytes(Encoding.DER))
    encoded, told = core._dump_header, [0]

    def counting(*given: Any) -> bytes:
        told[0] += 1
        return encoded(*given)

    monkeypatch.setattr(core, "_dump_header", counting)
    counts = set()
    for length in range(256):
        holding = signer_info(certificate, length)
        told[0] = 0
        content = cms.SignedData(
            {"version": "v1", "digest_algorithms": [], "encap_content_info": {"content_type": "data"}, "signer_infos": [holding]}
        )
        whole = cms.ContentInfo({"content_type": "signed_data", "content": settled(content)}).dump()
        counts.add(told[0])
        (read,) = cms.ContentInfo.load(whole)["content"]["signer_infos"]
        assert bytes(length) in [attribute["values"][0].native for attribute in read["signed_attrs"]]
    assert max(counts) < 2 * min(counts)


def signer_info(certificate: x509.Certificate, length: int) -> cms.SignerInfo:
    attributes = [
        simple_cms_attribute("message_digest", bytes(length)),
        simple_cms_attribute("signing_certificate_v2", as_signing_certificate_v2(certificate)),
    ]
    names = cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number})
    return settled(
        cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier({"issuer_and_serial_number": names}),
                "digest_algorithm": {"algorithm": "sha256"},
                "signed_attrs": settled(cms.CMSAttributes(attributes)),
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": b"",
            }
        )
    )

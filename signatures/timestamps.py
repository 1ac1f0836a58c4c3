"""Timestamps (RFC 3161, EN 319 422): the embedded authority, or the one that configuration names."""

import secrets
from datetime import datetime

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper

from backend import clock
from signatures import authority
from signatures.der import settled
from signatures.providers import Credential

POLICY = "2.25.116067546083452797257189348872316568345"  # ours: the machine's own clock, accurate to a second; nobody audits it
ACCURACY_SECONDS = 1
HASHES = {"sha256": 32, "sha384": 48, "sha512": 64}
TIMEOUT_SECONDS = 5


def timestamper() -> TimeStamper:
    """Where timestamps come from: settings.TSA_URL, else the embedded authority."""
    if settings.TSA_URL:
        return ForeignTimeStamper(settings.TSA_URL, timeout=TIMEOUT_SECONDS)
    return EmbeddedTimeStamper()


class ForeignTimeStamper(HTTPTimeStamper):
    """An authority elsewhere; its token is kept as it came."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return settled(await super().async_timestamp(message_digest, md_algorithm))


class EmbeddedTimeStamper(TimeStamper):
    """pyHanko's way to ask the embedded authority, without a network."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return respond(req)


def respond(request: tsp.TimeStampReq) -> tsp.TimeStampResp:
    """Answer a request for a timestamp: a token, or the refusal that RFC 3161, 2.4.2 gives for its fault."""
    imprint = request["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    if algorithm not in HASHES:
        return _refusal("bad_alg", "this hash is not accepted")
    if len(imprint["hashed_message"].native) != HASHES[algorithm]:
        return _refusal("bad_data_format", "the imprint does not have the length of its hash")
    if request["req_policy"].native not in (None, POLICY):
        return _refusal("unaccepted_policy", "this policy is not ours")
    token = _token(request, authority.timestamps(), clock.machine())
    return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})


def _refusal(reason: str, words: str) -> tsp.TimeStampResp:
    return tsp.TimeStampResp({"status": {"status": "rejection", "status_string": [words], "fail_info": {reason}}})


def _token(request: tsp.TimeStampReq, signer: Credential, moment: datetime) -> cms.ContentInfo:
    chain = [x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in (signer.certificate, *signer.chain)]
    info = _info(request, chain[0], moment).dump()
    attributes = _attributes(info, chain[0])
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
            "certificates": chain if request["cert_req"].native else [],
            "signer_infos": [settled(_signer_info(signer, chain[0], attributes))],
        }
    )
    return settled(cms.ContentInfo({"content_type": "signed_data", "content": settled(signed)}))


def _info(request: tsp.TimeStampReq, certificate: x509.Certificate, moment: datetime) -> tsp.TSTInfo:
    """What is attested: this imprint existed at this time, within the accuracy. The serial, 128 random bits, is never the same twice."""
    said = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": request["message_imprint"],
        "serial_number": secrets.randbits(128),
        "gen_time": core.GeneralizedTime(moment),
        "accuracy": {"seconds": ACCURACY_SECONDS},
        "ordering": False,
        "tsa": x509.GeneralName(name="directory_name", value=certificate.subject),
    }
    if request["nonce"].native is not None:
        said["nonce"] = request["nonce"]
    return tsp.TSTInfo(said)


def _attributes(info: bytes, certificate: x509.Certificate) -> cms.CMSAttributes:
    digest = Hash(SHA256())
    digest.update(info)
    attributes = [
        simple_cms_attribute("content_type", "tst_info"),
        simple_cms_attribute("message_digest", digest.finalize()),
        simple_cms_attribute("signing_certificate_v2", settled(as_signing_certificate_v2(certificate))),
    ]
    return settled(cms.CMSAttributes(attributes))


def _signer_info(signer: Credential, certificate: x509.Certificate, attributes: cms.CMSAttributes) -> cms.SignerInfo:
    issuer_and_serial = cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number})
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": issuer_and_serial}),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": signer.algorithm}),
            "signed_attrs": attributes,
            "signature": signer.sign(attributes.dump()),
        }
    )

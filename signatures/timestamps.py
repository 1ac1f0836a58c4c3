"""Timestamps (RFC 3161, EN 319 422): the embedded authority, or those that configuration names, asked in turn."""

import asyncio
import logging
import secrets
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.timestamps.common_utils import handle_tsp_response
from requests import RequestException

from backend import clock, outgoing
from signatures import authority
from signatures.der import settled
from signatures.providers import Credential

EMBEDDED = "embedded"  # what TSA_URLS calls our own
ACCURACY_SECONDS = 1
HASHES = {"sha256": 32, "sha384": 48, "sha512": 64}
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
REPLY_MAX_BYTES = 64 * 1024
ASIDE_SECONDS = 60.0  # how long one that failed is asked after the others
CLOCK_APART = timedelta(minutes=5)  # at most, between an authority's time and ours: else one of the two is wrong
MADE_UP = (ValueError, TypeError, AttributeError, LookupError)  # what asn1crypto raises of bytes that only begin as they should

logger = logging.getLogger(__name__)
_failed: dict[str, float] = {}  # in this process: address → when it last failed


class Response(tsp.TimeStampResp):
    """As RFC 3161, 2.4.2 has it: a refusal bears no token."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


def timestamper() -> TimeStamper:
    """Where timestamps come from: settings.TSA_URLS in their order, else the embedded authority."""
    return InTurn(settings.TSA_URLS) if settings.TSA_URLS else EmbeddedTimeStamper()


def expected() -> Credential | None:
    """Who will stamp, where it is known beforehand: the embedded authority."""
    return None if settings.TSA_URLS else authority.timestamps()


class EmbeddedTimeStamper(TimeStamper):
    """pyHanko's way to ask the embedded authority, without a network."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return respond(req)


class InTurn(TimeStamper):
    """Authorities elsewhere, each asked where the one before gave nothing that holds; a token is kept as it came."""

    def __init__(self, urls: Sequence[str]) -> None:
        super().__init__()
        self._urls = urls

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return settled(await super().async_timestamp(message_digest, md_algorithm))

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The first answer that holds. Raises TimestampRequestError where there is none."""
        for url in sorted(self._urls, key=_set_aside):  # a stable sort: otherwise in the order given
            try:
                response = respond(req) if url == EMBEDDED else await asyncio.to_thread(_asked, url, req.dump())
                return _holding(response, req)
            except (RequestException, TimestampRequestError, *MADE_UP) as fault:
                _failed[url] = time.monotonic()
                logger.warning("the timestamp authority %s gave none: %s", url, type(fault).__name__)
        raise TimestampRequestError("no timestamp authority gave a timestamp")


def _set_aside(url: str) -> bool:
    return time.monotonic() - _failed.get(url, -ASIDE_SECONDS) < ASIDE_SECONDS


def _asked(url: str, query: bytes) -> tsp.TimeStampResp:
    """By http too: what comes back bears a signature."""
    with outgoing.session(seconds=settings.TSA_SECONDS, at_most=REPLY_MAX_BYTES, plain=True) as session:
        answer = session.post(url, data=query, headers={"Content-Type": QUERY, "Accept": REPLY})
        answer.raise_for_status()
    return Response.load(answer.content, strict=True)


def _holding(response: tsp.TimeStampResp, request: tsp.TimeStampReq) -> tsp.TimeStampResp:
    """The same answer, if it is one: for what was asked, of now, with who signed it. Raises TimestampRequestError."""
    token = handle_tsp_response(response, request["nonce"].native)
    info = token["content"]["encap_content_info"]["content"].parsed
    if info["message_imprint"].dump() != request["message_imprint"].dump():
        raise TimestampRequestError("this timestamp is of something else")
    if abs(info["gen_time"].native - clock.machine()) > CLOCK_APART:
        raise TimestampRequestError("this timestamp is of another time")
    if not len(token["content"]["certificates"]):
        raise TimestampRequestError("this timestamp does not say who made it")
    return response


def answer(query: bytes) -> bytes:
    """The embedded authority's answer to a request from outside, both in DER (RFC 3161, 3.4)."""
    try:
        request = tsp.TimeStampReq.load(query, strict=True)
        assert request.native  # noqa: S101 - read to its last part
    except (*MADE_UP, AssertionError):
        return bytes(_refusal("bad_data_format", "this is no request for a timestamp").dump())
    return bytes(respond(request).dump())


def respond(request: tsp.TimeStampReq) -> tsp.TimeStampResp:
    """Answer a request for a timestamp: a token, or the refusal that RFC 3161, 2.4.2 gives for its fault."""
    if request["version"].native != "v1":
        return _refusal("bad_request", "only version 1 is known here")
    if any(extension["critical"].native for extension in request["extensions"] or ()):
        return _refusal("unaccepted_extensions", "none of these is known here")
    imprint = request["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    if algorithm not in HASHES:
        return _refusal("bad_alg", "this hash is not accepted")
    if len(imprint["hashed_message"].native) != HASHES[algorithm]:
        return _refusal("bad_data_format", "the imprint does not have the length of its hash")
    if request["req_policy"].native not in (None, settings.TSA_POLICY):
        return _refusal("unaccepted_policy", "this policy is not ours")
    token = _token(request, authority.timestamps(), clock.machine())
    return Response({"status": {"status": "granted"}, "time_stamp_token": token})


def _refusal(reason: str, words: str) -> tsp.TimeStampResp:
    return Response({"status": {"status": "rejection", "status_string": [words], "fail_info": {reason}}})


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
        "policy": settings.TSA_POLICY,
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

"""Timestamp tokens over a digest, and what one attests: for whoever keeps digests and no documents (the register's seals)."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, pem, tsp, x509
from django.utils.translation import gettext_lazy as _
from pyhanko.sign.general import ValueErrorWithMessage
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath

from backend.errors import Invalid, Unavailable
from signatures import authority
from signatures.timestamps import timestamper

HASH = "sha256"
UNREADABLE = (SignatureValidationError, ValueErrorWithMessage, ValueError, LookupError, TypeError, AttributeError)


@dataclass(frozen=True)
class Attested:
    """What a token says, once it is believed: the time, who says so, and the root that is trusted for it (PEM)."""

    at: datetime
    authority: str
    root: bytes


def token_over(digest: bytes) -> bytes:
    """A token (RFC 3161, DER) over a SHA-256 digest. Slow. Raises Unavailable where no authority gives one."""
    try:
        token = asyncio.run(timestamper().async_timestamp(digest, HASH))
    except (TimestampRequestError, OSError) as fault:
        raise Unavailable(_("The timestamp authority does not answer.")) from fault
    return bytes(token.dump())


def attested(token: bytes, digest: bytes) -> Attested:
    """What a token over this SHA-256 digest attests, under the roots trusted here at the time it tells. Raises Invalid for any other."""
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        told: tsp.TSTInfo = signed["encap_content_info"]["content"].parsed
        if told["message_imprint"]["hash_algorithm"]["algorithm"].native != HASH:
            raise ValueError("another hash")
        found = asyncio.run(validate_tst_signed_data(signed, _context(told["gen_time"].native), lambda _algorithm: digest))
    except UNREADABLE as fault:
        raise _unreadable() from fault
    if not (found["intact"] and found["valid"] and found["trust_problem_indic"] is None and found.get("validation_path")):
        raise Invalid(_("This timestamp is not to be relied on."), code="timestamp-untrusted")
    return _attested(found["timestamp"], found["validation_path"])


def _unreadable() -> Invalid:
    return Invalid(_("This is no timestamp of that."), code="timestamp-broken")


def _attested(at: datetime, path: ValidationPath) -> Attested:
    certificates = list(path.iter_certs(include_root=True))
    signer = certificates[-1].subject
    root = pem.armor("CERTIFICATE", certificates[0].dump())
    return Attested(at, str(signer.native.get("common_name", signer.human_friendly)), root)


def _context(moment: datetime) -> ValidationContext:
    """A token is judged at the time it tells: its authority's certificate may have run out since."""
    roots = [x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(authority.trusted(), multiple=True)]
    return ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)

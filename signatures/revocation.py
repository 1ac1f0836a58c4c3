"""Whether certificates are still to be believed: what this platform revoked, said by CRL (RFC 5280, 5) and OCSP (RFC 6960); what others say."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from asn1crypto.core import GeneralizedTime
from asn1crypto.ocsp import OCSPRequest
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, Hash, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, NotFound
from signatures import authority, foreign
from signatures.foreign import issued_by
from signatures.models import Issued, Revocation
from signatures.providers import Credential

# Kept for good: what was revoked is still said when its certificate has expired (X.509 expiredCertsOnCRL; RFC 6960, 4.4.4, archive cutoff)
EXPIRED_TOO = x509.ObjectIdentifier("2.5.29.60")
ARCHIVE_CUTOFF = x509.ObjectIdentifier("1.3.6.1.5.5.7.48.1.6")
logger = logging.getLogger(__name__)

Status = tuple[ocsp.OCSPCertStatus, datetime, datetime | None, datetime | None, x509.ReasonFlags | None]


@dataclass(frozen=True)
class Evidence:
    """What shows, later and without a network, that certificates were not revoked: OCSP answers and CRLs, in DER."""

    ocsps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


def evidence(certificates: Sequence[x509.Certificate]) -> Evidence:
    """The proof for these certificates, whose issuers are ours, trusted here or among them: made here for what this platform certified, else asked for.

    Our issuing authority answers for signers by OCSP, our root by its CRL for what it certified. Roots and responders need no proof.
    Raises Unavailable where another authority's answer cannot be had.
    """
    listed = lru_cache(crl)  # one list for all that it speaks of
    around = [*certificates, *x509.load_pem_x509_certificates(authority.trusted())]
    found = [_proof(one, around, listed) for one in dict.fromkeys(certificates)]
    kinds = dict.fromkeys(proof for proof in found if proof)
    return Evidence(*(tuple(der for kind, der in kinds if kind == wanted) for wanted in ("ocsp", "crl")))


def revoke(serial: str, reason: str, *, by: UUID | None = None) -> Revocation:
    """Revoke a certificate that this platform issued; where it is one in use here, another takes its place first.

    Raises NotFound (not one of ours, or a root, which is replaced and taken from what others trust), Conflict (revoked already).
    """
    serial, issuer = revocable(serial)
    for part, certificate, used in authority.own():
        if used and f"{certificate.serial_number:x}" == serial:
            authority.rotate(part.name)
    try:
        with transaction.atomic():
            row = Revocation.objects.create(serial=serial, issuer=issuer, revoked_at=clock.machine(), reason=reason, by=by)
    except IntegrityError as fault:
        raise Conflict(_("This certificate is revoked already."), code="revoked") from fault
    logger.warning("certificate %s revoked (%s) by %s", serial, reason, by or "command")
    return row


def revocable(serial: str) -> tuple[str, str]:
    """The serial number as it is written here, and the name of the key that issued it. Raises NotFound."""
    serial = serial.strip().lower().removeprefix("0x").replace(":", "").lstrip("0")
    issuer = Issued.objects.filter(serial=serial).values_list("issuer", flat=True).first()
    return serial, issuer or _issuer_of_own(serial)


def crl(issuer: Credential) -> bytes:
    """What this authority revoked, signed now (DER)."""
    now = _now()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now)
        .next_update(now + timedelta(seconds=settings.CRL_SECONDS))
        .add_extension(x509.AuthorityKeyIdentifier(bytes.fromhex(issuer.key_id), None, None), critical=False)
        .add_extension(x509.CRLNumber(int(clock.machine().timestamp() * 1_000_000)), critical=False)
        .add_extension(_since(EXPIRED_TOO, issuer), critical=False)
    )
    for one in Revocation.objects.filter(issuer=issuer.key_id).order_by("revoked_at", "pk"):
        builder = builder.add_revoked_certificate(_revoked(one))
    return builder.sign(issuer.signing, SHA256()).public_bytes(Encoding.DER)


def answer(query: bytes) -> bytes:
    """The OCSP answer to a request, both in DER: about one certificate, with the request's nonce."""
    try:
        if len(OCSPRequest.load(query, strict=True)["tbs_request"]["request_list"]) != 1:  # RFC 5019, 2.1.1: one at a time
            return _refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        asked = ocsp.load_der_ocsp_request(query)
        nonce = next((one for one in asked.extensions if isinstance(one.value, x509.OCSPNonce)), None)
        issuer = _named(asked.issuer_name_hash, asked.issuer_key_hash, asked.hash_algorithm)
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension):
        return _refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    if asked.serial_number <= 0:
        return _refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    if issuer is None:
        return _refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        asked.issuer_name_hash, asked.issuer_key_hash, asked.serial_number, asked.hash_algorithm, *_status(asked.serial_number, issuer)
    )
    if nonce and isinstance(nonce.value, x509.OCSPNonce):
        builder = builder.add_extension(nonce.value, critical=False)
    return _answered(builder, issuer)


def _proof(one: x509.Certificate, others: Sequence[x509.Certificate], listed: Callable[[Credential], bytes]) -> tuple[str, bytes] | None:
    if one.issuer == one.subject or _never_asked(one):
        return None
    issuer = next((each for each in authority.certifying() if issued_by(one, each.certificate)), None)
    if issuer is None:
        return foreign.status(one, others)
    if issuer.certificate.issuer == issuer.certificate.subject:
        return "crl", listed(issuer)
    said = _status(one.serial_number, issuer, issued=True)
    builder = ocsp.OCSPResponseBuilder().add_response(one, issuer.certificate, SHA1(), *said)  # noqa: S303 - a name; some know no other
    return "ocsp", _answered(builder, issuer)


def _never_asked(one: x509.Certificate) -> bool:
    """A responder's (RFC 6960, 4.2.2.2.1)."""
    return foreign.extension(one, x509.OCSPNoCheck) is not None


def _status(serial: int, issuer: Credential, *, issued: bool = False) -> Status:
    """(status, this update, next update, revoked at, reason): unknown where no such certificate was issued."""
    now = _now()
    until = now + timedelta(seconds=settings.OCSP_SECONDS)
    revoked = Revocation.objects.filter(serial=f"{serial:x}", issuer=issuer.key_id).first()
    if revoked:
        return ocsp.OCSPCertStatus.REVOKED, now, until, revoked.revoked_at.replace(tzinfo=None), x509.ReasonFlags(revoked.reason)
    known = issued or _issued(serial, issuer)
    return ocsp.OCSPCertStatus.GOOD if known else ocsp.OCSPCertStatus.UNKNOWN, now, until, None, None


def _issued(serial: int, issuer: Credential) -> bool:
    if Issued.objects.filter(serial=f"{serial:x}", issuer=issuer.key_id).exists():
        return True
    own = [*(one for _part, one, _used in authority.own()), authority.responder(issuer).certificate]
    return any(one.serial_number == serial and issued_by(one, issuer.certificate) for one in own)


def _issuer_of_own(serial: str) -> str:
    for _part, certificate, _used in authority.own():
        if f"{certificate.serial_number:x}" == serial and certificate.issuer != certificate.subject:
            return next(each.key_id for each in authority.certifying() if issued_by(certificate, each.certificate))
    raise NotFound(_("No certificate of this platform that can be revoked has this serial number."))


def _named(name: bytes, key: bytes, algorithm: HashAlgorithm) -> Credential | None:
    """The authority that a request names by these digests (RFC 6960, 4.1.1)."""
    for each in authority.certifying():
        if _digest(algorithm, _key_bits(each.certificate)) == key and _digest(algorithm, each.certificate.subject.public_bytes()) == name:
            return each
    return None


def _key_bits(certificate: x509.Certificate) -> bytes:
    public = certificate.public_key()
    encoding = (
        (Encoding.DER, PublicFormat.PKCS1) if certificate.public_key_algorithm_oid.dotted_string.startswith("1.2.840.113549") else None
    )
    return public.public_bytes(*(encoding or (Encoding.X962, PublicFormat.UncompressedPoint)))


def _digest(algorithm: HashAlgorithm, content: bytes) -> bytes:
    digest = Hash(algorithm)
    digest.update(content)
    return digest.finalize()


def _answered(builder: ocsp.OCSPResponseBuilder, issuer: Credential) -> bytes:
    responder = authority.responder(issuer)
    answer = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate).certificates([responder.certificate])
    return answer.add_extension(_since(ARCHIVE_CUTOFF, issuer), critical=False).sign(responder.signing, SHA256()).public_bytes(Encoding.DER)


def _refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def _revoked(one: Revocation) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(int(one.serial, 16)).revocation_date(one.revoked_at)
    if one.reason != Revocation.Reason.UNSPECIFIED:  # RFC 5280, 5.3.1: then rather nothing
        builder = builder.add_extension(x509.CRLReason(x509.ReasonFlags(one.reason)), critical=False)
    return builder.build()


def _since(extension: x509.ObjectIdentifier, issuer: Credential) -> x509.UnrecognizedExtension:
    """From when on what expired is still told: the issuer's beginning."""
    return x509.UnrecognizedExtension(extension, GeneralizedTime(issuer.certificate.not_valid_before_utc).dump())


def _now() -> datetime:
    return clock.machine().replace(microsecond=0)

"""What other authorities say of the certificates they issued: asked at the addresses that the certificates give, and kept as it came."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID
from requests import RequestException, codes

from backend import clock, outgoing
from backend.errors import Unavailable

ADDRESSES_TRIED = 2  # of one kind, in one certificate
SECONDS = 5.0  # for one address: a certificate that leads nowhere holds nobody for more than half a minute
ANSWER_MAX_BYTES = 4 * 1024 * 1024  # a long CRL
# What a certificate, an answer or a list may raise that is not as it should be: whoever made it up gains nothing by it
FAULTY = (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
QUERY = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}

Extension = TypeVar("Extension", bound=x509.ExtensionType)


def status(certificate: x509.Certificate, known: Sequence[x509.Certificate]) -> tuple[str, bytes] | None:
    """("ocsp", answer) or ("crl", list) about a certificate, in DER; None where it gives no address to ask. Raises Unavailable."""
    answering, lists = _access(certificate, AuthorityInformationAccessOID.OCSP), _lists(certificate)
    if not answering and not lists:
        return None
    issuer = _issuer(certificate, known)
    asked: list[tuple[str, str, Callable[[str, x509.Certificate, x509.Certificate], bytes]]] = []
    asked += [("ocsp", url, _asked) for url in answering]
    asked += [("crl", url, _listed) for url in lists]
    for kind, url, ask in asked:
        try:
            return kind, ask(url, certificate, issuer)
        except (Unavailable, *FAULTY):
            continue
    raise Unavailable


def revoked(certificate: x509.Certificate, known: Sequence[x509.Certificate]) -> bytes | None:
    """The list of those that its issuer revoked (DER); None where it names none, or none can be had.

    It is signed by the issuer itself, and so speaks for a time at which whoever answers by OCSP today was not yet there.
    """
    try:
        issuer = _issuer(certificate, known)
    except Unavailable:
        return None
    for url in _lists(certificate):
        try:
            return _listed(url, certificate, issuer)
        except (Unavailable, *FAULTY):
            continue
    return None


def _issuer(certificate: x509.Certificate, known: Sequence[x509.Certificate]) -> x509.Certificate:
    """Among those at hand, else where the certificate says that it is."""
    for one in known:
        if issued_by(certificate, one):
            return one
    for url in _access(certificate, AuthorityInformationAccessOID.CA_ISSUERS):
        for one in _certificates(url):
            if issued_by(certificate, one):
                return one
    raise Unavailable


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the key of `issuer` signed this certificate, under that name."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except FAULTY:
        return False
    return True


def _certificates(url: str) -> list[x509.Certificate]:
    """One certificate, or a bag of them (RFC 5280, 4.2.2.1)."""
    try:
        found = _fetched(url)
        return load_der_pkcs7_certificates(found) if url.endswith(".p7c") else [x509.load_der_x509_certificate(found)]
    except (Unavailable, *FAULTY):
        return []


def _access(certificate: x509.Certificate, method: x509.ObjectIdentifier) -> list[str]:
    found = extension(certificate, x509.AuthorityInformationAccess)
    return _over_http(one.access_location for one in found or () if one.access_method == method)


def _lists(certificate: x509.Certificate) -> list[str]:
    found = extension(certificate, x509.CRLDistributionPoints)
    return _over_http(name for point in found or () for name in point.full_name or ())


def extension(certificate: x509.Certificate, kind: type[Extension]) -> Extension | None:
    """What a certificate says in an extension; None where it says nothing, or nothing that can be read."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, *FAULTY):
        return None


def _over_http(names: Iterable[x509.GeneralName]) -> list[str]:
    urls = [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)]
    return [url for url in urls if url.lower().startswith(("http://", "https://"))][:ADDRESSES_TRIED]


def _fetched(url: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
    """By http too: what comes back bears its issuer's signature. Raises Unavailable."""
    try:
        with outgoing.session(seconds=SECONDS, at_most=ANSWER_MAX_BYTES, plain=True) as session:
            answer = session.request("GET" if data is None else "POST", url, data=data, headers=headers)
            answer.raise_for_status()
    except RequestException as fault:
        raise Unavailable from fault
    return answer.content if answer.status_code == codes.ok else b""


def _asked(url: str, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    query = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA1()).build()  # noqa: S303 - a name; some know no other
    der = _fetched(url, data=query.public_bytes(Encoding.DER), headers=QUERY)
    answer = ocsp.load_der_ocsp_response(der)
    if answer.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL or answer.serial_number != certificate.serial_number:
        raise ValueError("this is no answer about the certificate")
    _signed(answer, issuer)
    _in_time(answer.next_update_utc)
    return der


def _signed(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> None:
    """By the issuer, or by one whom it delegated (RFC 6960, 4.2.2.2)."""
    delegated = next((one for one in answer.certificates if issued_by(one, issuer) and _answers(one)), issuer)
    key, algorithm = delegated.public_key(), answer.signature_hash_algorithm
    if algorithm is None:
        raise ValueError("signed in a way that is not known here")
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(answer.signature, answer.tbs_response_bytes, PKCS1v15(), algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(algorithm))
    else:
        raise ValueError("signed in a way that is not known here")


def _answers(certificate: x509.Certificate) -> bool:
    return ExtendedKeyUsageOID.OCSP_SIGNING in (extension(certificate, x509.ExtendedKeyUsage) or ())


def _listed(url: str, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    der = _fetched(url)
    found = x509.load_der_x509_crl(der)
    if found.issuer != certificate.issuer or not found.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
        raise ValueError("this list is not the issuer's")
    _in_time(found.next_update_utc)
    return der


def _in_time(until: datetime | None) -> None:
    if until is not None and until < clock.machine():
        raise ValueError("this was true until then")

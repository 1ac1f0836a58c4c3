"""What other authorities say of the certificates they issued: asked at the addresses that the certificates give, and kept as it came."""

from collections.abc import Callable, Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from backend import clock
from backend.errors import Unavailable
from signatures import outgoing

ADDRESSES_TRIED = 3  # of one kind, in one certificate
QUERY = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}


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
        except (Unavailable, ValueError, InvalidSignature):
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
        except (Unavailable, ValueError, InvalidSignature):
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
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _certificates(url: str) -> list[x509.Certificate]:
    """One certificate, or a bag of them (RFC 5280, 4.2.2.1)."""
    try:
        found = outgoing.fetch(url)
        return load_der_pkcs7_certificates(found) if url.endswith(".p7c") else [x509.load_der_x509_certificate(found)]
    except (Unavailable, ValueError):
        return []


def _access(certificate: x509.Certificate, method: x509.ObjectIdentifier) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    return _over_http(one.access_location for one in found if one.access_method == method)


def _lists(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    return _over_http(name for point in found for name in point.full_name or ())


def _over_http(names: object) -> list[str]:
    urls = [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)]  # type: ignore[attr-defined]
    return [url for url in urls if url.lower().startswith(("http://", "https://"))][:ADDRESSES_TRIED]


def _asked(url: str, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    query = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA1()).build()  # noqa: S303 - a name; some know no other
    der = outgoing.fetch(url, data=query.public_bytes(Encoding.DER), headers=QUERY)
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
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage


def _listed(url: str, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    der = outgoing.fetch(url)
    found = x509.load_der_x509_crl(der)
    if found.issuer != certificate.issuer or not found.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
        raise ValueError("this list is not the issuer's")
    _in_time(found.next_update_utc)
    return der


def _in_time(until: object) -> None:
    if until is not None and until < clock.machine():  # type: ignore[operator]
        raise ValueError("this was true until then")

"""What each certificate says: root, issuing authority, signer for a few minutes, seal, timestamp authority, responder (RFC 5280, EN 319 412)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from django.conf import settings

from backend import clock
from signatures.providers import Credential, InProcess, key_id, signing

COMMON_NAME_MAX = 64  # RFC 5280, ub-common-name
BACKDATED = timedelta(minutes=1)  # for verifiers whose clock is a little late
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
# NSS, hence pdfsig, knows no document signing: it asks for the usage of signed mail
SIGNING_USAGES = (DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)


@dataclass(frozen=True)
class Profile:
    """What a certificate is for, and for how long."""

    lasts: timedelta
    usage: frozenset[str]
    extended: Sequence[x509.ObjectIdentifier] = ()
    critical: bool = False
    authority: int | None = None  # of an authority: how many authorities may stand below it
    more: Sequence[x509.ExtensionType] = field(default=())


_CERTIFIES = frozenset({"key_cert_sign", "crl_sign"})
ROOT = Profile(timedelta(days=25 * 365), _CERTIFIES, authority=1)
ISSUING = Profile(timedelta(days=12 * 365), _CERTIFIES, authority=0)
SIGNER = Profile(timedelta(minutes=10), frozenset({"content_commitment"}), SIGNING_USAGES)
SEAL = Profile(timedelta(days=3 * 365), frozenset({"content_commitment"}), SIGNING_USAGES)
# RFC 3161, 2.3: this usage, alone and critical
TIMESTAMPS = Profile(timedelta(days=8 * 365), frozenset({"digital_signature"}), (ExtendedKeyUsageOID.TIME_STAMPING,), critical=True)
# RFC 6960, 4.2.2.2: answers in the name of who issued it; nobody asks whether it is revoked itself, so it lives briefly
RESPONDER = Profile(timedelta(days=90), frozenset({"digital_signature"}), (ExtendedKeyUsageOID.OCSP_SIGNING,), more=(x509.OCSPNoCheck(),))


def subject(common_name: str, organisation: str = "", *, serial_number: str = "", title: str = "") -> x509.Name:
    """A distinguished name, each part cut to what X.520 allows."""
    parts = [
        (NameOID.COUNTRY_NAME, "FR"),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.TITLE, title),
        (NameOID.SERIAL_NUMBER, serial_number),
        (NameOID.COMMON_NAME, common_name),
    ]
    return x509.Name([x509.NameAttribute(oid, value[:COMMON_NAME_MAX]) for oid, value in parts if value])


def make(name: x509.Name, profile: Profile, issuer: Credential | None = None, *, published: str | None = None) -> Credential:
    """A new P-256 key and its certificate, signed by `issuer`, or by itself where there is none.

    `published`: the address under which the issuer's certificate, CRL and OCSP answers are found, ours by default; empty: nowhere.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, profile, key.public_key(), issuer)
    if issuer:
        builder = _with_addresses(builder, profile, issuer, address() if published is None else published)
    certificate = builder.sign(issuer.signing if issuer else signing(key), SHA256())
    return Credential(InProcess(key), certificate, (issuer.certificate, *issuer.chain) if issuer else ())


def address() -> str:
    """Where this platform publishes what it certifies and what it revokes."""
    return f"{settings.BASE_URL}/pki"


def _with_addresses(builder: x509.CertificateBuilder, profile: Profile, issuer: Credential, base: str) -> x509.CertificateBuilder:
    """Where to ask about this certificate, and where its issuer's is (RFC 5280, 4.2.1.13 and 4.2.2.1)."""
    if not base:
        return builder
    name = key_id(issuer.certificate)
    found = [(AuthorityInformationAccessOID.CA_ISSUERS, f"{base}/{name}.cer")]
    if profile is not RESPONDER:
        found.insert(0, (AuthorityInformationAccessOID.OCSP, f"{base}/ocsp"))
        crl = x509.DistributionPoint([_uri(f"{base}/{name}.crl")], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([crl]), critical=False)
    access = [x509.AccessDescription(method, _uri(where)) for method, where in found]
    return builder.add_extension(x509.AuthorityInformationAccess(access), critical=False)


def _uri(address: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(address)


def _builder(name: x509.Name, profile: Profile, public: ec.EllipticCurvePublicKey, issuer: Credential | None) -> x509.CertificateBuilder:
    start = clock.machine().replace(microsecond=0) - BACKDATED
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.certificate.subject if issuer else name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(_end(start + profile.lasts, issuer))
        .add_extension(x509.BasicConstraints(ca=profile.authority is not None, path_length=profile.authority), critical=True)
        .add_extension(_key_usage(profile), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    if issuer:
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.certificate.public_key()), critical=False)  # type: ignore[arg-type]
    if profile.extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage(profile.extended), critical=profile.critical)
    for extension in profile.more:
        builder = builder.add_extension(extension, critical=False)
    return builder


def _end(wanted: datetime, issuer: Credential | None) -> datetime:
    """Never later than the issuer's own end."""
    return min(wanted, issuer.certificate.not_valid_after_utc) if issuer else wanted


def _key_usage(profile: Profile) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
    )
    return x509.KeyUsage(**{one: one in profile.usage for one in every}, encipher_only=False, decipher_only=False)

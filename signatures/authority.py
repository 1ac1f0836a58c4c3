"""Who certifies: the embedded authority (root, issuing, seal, timestamps) or the real ones that configuration names."""

from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from backend import clock
from signatures import certificates
from signatures.certificates import Profile, subject
from signatures.keystore import Credential, from_pkcs12, kept
from signatures.models import Issued

RENEWED_BEFORE = timedelta(days=365)  # what an authority signs must outlive it


def root() -> Credential:
    """The embedded root: trusted by this installation, and by those who were given its certificate."""
    return _kept("root", "root authority", certificates.ROOT)


def issuing() -> Credential:
    """What certifies signers: settings.SIGNATURE_PKCS12, else the embedded issuing authority."""
    if not settings.SIGNATURE_PKCS12:
        return _kept("issuing", "signing authority", certificates.ISSUING)
    found = _configured(settings.SIGNATURE_PKCS12, settings.SIGNATURE_PKCS12_PASSPHRASE)
    if not found.certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
        raise ImproperlyConfigured("SIGNATURE_PKCS12 must hold a certification authority, which certifies each signer")
    return found


def seal() -> Credential:
    """What seals the platform's own documents: settings.SEAL_PKCS12, else the embedded seal."""
    if settings.SEAL_PKCS12:
        return _configured(settings.SEAL_PKCS12, settings.SEAL_PKCS12_PASSPHRASE)
    return _kept("seal", "seal", certificates.SEAL)


def timestamps() -> Credential:
    """The embedded timestamp authority (RFC 3161)."""
    return _kept("timestamps", "timestamp authority", certificates.TIMESTAMPS)


def issue(person: UUID, name: str, capacity: str) -> Credential:
    """A one-time certificate for a signer, valid for minutes; its key lives in memory only. What is issued is recorded."""
    who = subject(name, settings.SITE_NAME, serial_number=str(person), title=capacity)
    made = certificates.make(who, certificates.SIGNER, issuing())
    Issued.objects.create(
        serial=f"{made.certificate.serial_number:x}",
        person=person,
        not_before=made.certificate.not_valid_before_utc,
        not_after=made.certificate.not_valid_after_utc,
    )
    return made


def trusted() -> bytes:
    """The certificates (PEM) under which a signature is trusted: the embedded root, and those of the configured authorities."""
    roots = [root().certificate]
    if settings.SIGNATURE_PKCS12:
        roots.append(issuing().root)
    if settings.SEAL_PKCS12:
        roots.append(seal().root)
    more = Path(settings.TRUSTED_ROOTS).read_bytes() if settings.TRUSTED_ROOTS else b""
    return b"".join(one.public_bytes(Encoding.PEM) for one in roots) + more


def forget() -> None:
    """Read the keys again at the next use: after they were replaced on disk."""
    _load.cache_clear()
    _configured.cache_clear()


def _kept(name: str, what: str, profile: Profile) -> Credential:
    return _load(Path(settings.KEYS_DIR) / "authority", settings.KEYS_PASSPHRASE, name, what, profile)


@lru_cache(maxsize=32)
def _load(folder: Path, passphrase: str, name: str, what: str, profile: Profile) -> Credential:
    issuer = None if name == "root" else _load(folder, passphrase, "root", "root authority", certificates.ROOT)
    who = subject(f"{settings.SITE_NAME} - {what}", settings.SITE_NAME)
    return kept(folder, name, passphrase, partial(certificates.make, who, profile, issuer), usable=partial(_usable, profile))


def _usable(profile: Profile, found: Credential) -> bool:
    """The root is never replaced: what it signed would lose its trust."""
    return profile is certificates.ROOT or found.certificate.not_valid_after_utc - clock.machine() > RENEWED_BEFORE


@lru_cache(maxsize=8)
def _configured(path: str, passphrase: str) -> Credential:
    return from_pkcs12(Path(path), passphrase)

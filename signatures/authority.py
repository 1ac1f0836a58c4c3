"""Who certifies: the embedded authority (root, issuing, seal, timestamps) or the real ones that configuration names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from backend import clock
from signatures import certificates, csc, hardware, keystore
from signatures.certificates import Profile, subject
from signatures.models import Issued
from signatures.providers import Credential


@dataclass(frozen=True)
class Part:
    """One of the embedded authority's keys: what it is called, what its certificate says, what replaces it and how early."""

    name: str
    what: str
    profile: Profile
    below: str = "root"  # whose key certifies it; empty: its own
    renewed_before: timedelta = timedelta(days=365)  # what it signs must outlive it

    @property
    def certifies(self) -> bool:
        """Whether it certifies others: it then answers for them as long as anybody asks, whatever replaced it."""
        return self.profile.authority is not None


PARTS = {
    part.name: part
    for part in (
        Part("root", "root authority", certificates.ROOT, below=""),
        Part("issuing", "signing authority", certificates.ISSUING),
        Part("seal", "seal", certificates.SEAL),
        Part("timestamps", "timestamp authority", certificates.TIMESTAMPS),
    )
}


def root() -> Credential:
    """The embedded root: trusted by this installation, and by those who were given its certificate."""
    return _kept(PARTS["root"])


def issuing() -> Credential:
    """What certifies signers: the authority that SIGNATURE_PKCS12 or SIGNATURE_PKCS11 names, else the embedded issuing authority."""
    found = _real_issuing()
    if not found:
        return _kept(PARTS["issuing"])
    if not found.certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
        raise ImproperlyConfigured("SIGNATURE_PKCS12 or SIGNATURE_PKCS11 must name a certification authority, which certifies each signer")
    return found


def seal() -> Credential:
    """What seals the platform's own documents: what SEAL_PKCS12, SEAL_PKCS11 or SEAL_CSC_URL names, else the embedded seal. Raises Unavailable."""
    return _real_seal() or _kept(PARTS["seal"])


def timestamps() -> Credential:
    """The platform's own timestamp authority (RFC 3161): the key that TIMESTAMPS_PKCS11 names, else the embedded one. Raises Unavailable."""
    if settings.TIMESTAMPS_PKCS11:
        return _module(settings.TIMESTAMPS_PKCS11, settings.TIMESTAMPS_PKCS11_PIN)
    return _kept(PARTS["timestamps"])


def responder(issuer: Credential) -> Credential:
    """What answers by OCSP in the name of an authority whose key is here, present or earlier (RFC 6960, 2.6)."""
    name = f"responder-{issuer.key_id[:16]}"
    part = Part(name, "status of certificates", certificates.RESPONDER, below=issuer.key_id, renewed_before=timedelta(days=30))
    return _loaded(part, issuer)


def issue(person: UUID, name: str, capacity: str) -> Credential:
    """A one-time certificate for a signer, valid for minutes; its key lives in memory only. What is issued is recorded."""
    who, issuer = subject(name, settings.SITE_NAME, serial_number=str(person), title=capacity), issuing()
    made = certificates.make(who, certificates.SIGNER, issuer)
    Issued.objects.create(
        serial=f"{made.certificate.serial_number:x}",
        issuer=issuer.key_id,
        person=person,
        not_before=made.certificate.not_valid_before_utc,
        not_after=made.certificate.not_valid_after_utc,
    )
    return made


def rotate(name: str) -> Credential:
    """Replace one of PARTS by a new key. What was certified, signed or sealed before stays trusted and answered for.

    A new root is followed by all that stood below the earlier one. Every process that shares the folder uses the new key from its next signature on.
    """
    present = _kept(PARTS[name]).certificate
    made = _replaced(PARTS[name], unless=lambda found: found.certificate != present)
    for part in PARTS.values():
        if part.below == name:
            _kept(part)
    return made


def certifying() -> list[Credential]:
    """The authorities whose keys are here, present first: they answer by OCSP and CRL for what they certified, however long ago."""
    found = [root(), _kept(PARTS["issuing"]), *(one for part in PARTS.values() if part.certifies for one in _before(part))]
    return [*found, real] if (real := _real_issuing()) else found


def own() -> Iterator[tuple[Part, x509.Certificate, bool]]:
    """Every certificate of the embedded authority, and whether it is the one in use."""
    for part in PARTS.values():
        yield part, _kept(part).certificate, True
        yield from ((part, one, False) for one in keystore.certificates_before(_folder(), part.name))


def trusted() -> bytes:
    """The certificates (PEM) under which a signature is trusted: the embedded roots, those of the configured files, and settings.TRUSTED_ROOTS.

    What a module or a service gives beside its key is trusted only where TRUSTED_ROOTS says so: trust comes from nobody but the operator.
    """
    roots = [root().certificate, *keystore.certificates_before(_folder(), "root")]
    roots += [_file(*given).root for given in (_signature_file(), _seal_file()) if given[0]]
    more = Path(settings.TRUSTED_ROOTS).read_bytes() if settings.TRUSTED_ROOTS else b""
    return b"".join(one.public_bytes(Encoding.PEM) for one in roots) + more


def forget() -> None:
    """Read the keys again at the next use: after they were replaced on disk."""
    _load.cache_clear()
    for source in (_load_before, _file, _module, _service):
        source.cache_clear()


def _folder() -> Path:
    return Path(settings.KEYS_DIR) / "authority"


def _before(part: Part) -> tuple[Credential, ...]:
    return _load_before(_folder(), settings.KEYS_PASSPHRASE, part.name, keystore.replaced(_folder(), part.name))


@lru_cache(maxsize=16)
def _load_before(folder: Path, passphrase: str, name: str, replaced: int) -> tuple[Credential, ...]:
    return tuple(keystore.before(folder, name, passphrase)) if replaced else ()


def _kept(part: Part) -> Credential:
    return _loaded(part, root() if part.below else None)


def _loaded(part: Part, issuer: Credential | None) -> Credential:
    """The one on disk; another where there is none, where its time is nearly over, or where its issuer was replaced."""
    stamp = keystore.stamp(_folder(), part.name)
    found = _load(_folder(), settings.KEYS_PASSPHRASE, part.name, stamp) if stamp else None
    usable = partial(_usable, part, issuer)
    return found if found and usable(found) else _made(part, issuer, usable)


def _replaced(part: Part, *, unless: Callable[[Credential], bool]) -> Credential:
    return _made(part, root() if part.below else None, unless)


def _made(part: Part, issuer: Credential | None, usable: Callable[[Credential], bool]) -> Credential:
    def make(before: int) -> Credential:
        # each generation has a name of its own: a CRL speaks for all that bears the name of its issuer
        who = subject(f"{settings.SITE_NAME} - {part.what}", settings.SITE_NAME, serial_number=str(before + 1) if part.certifies else "")
        return certificates.make(who, part.profile, issuer)

    return keystore.kept(_folder(), part.name, settings.KEYS_PASSPHRASE, make, usable=usable, answers=part.certifies)


def _usable(part: Part, issuer: Credential | None, found: Credential) -> bool:
    """The root is replaced by decision only: others trust it by its certificate."""
    if issuer is None:
        return True
    own = (issuer.certificate, *issuer.chain) == found.chain
    return own and found.certificate.not_valid_after_utc - clock.machine() > part.renewed_before


@lru_cache(maxsize=64)
def _load(folder: Path, passphrase: str, name: str, stamp: tuple[int, int]) -> Credential | None:
    return keystore.read(folder, name, passphrase)


def _real_issuing() -> Credential | None:
    if settings.SIGNATURE_PKCS11:
        return _module(settings.SIGNATURE_PKCS11, settings.SIGNATURE_PKCS11_PIN)
    return _file(*_signature_file()) if settings.SIGNATURE_PKCS12 else None


def _real_seal() -> Credential | None:
    if settings.SEAL_CSC_URL:
        client = settings.SEAL_CSC_CLIENT, settings.SEAL_CSC_SECRET
        hour = int(clock.machine().timestamp() // 3600)  # asked again each hour: the service may have renewed the certificate
        return _service(csc.Service(settings.SEAL_CSC_URL, settings.SEAL_CSC_CREDENTIAL, *client, settings.SEAL_CSC_PIN), hour)
    if settings.SEAL_PKCS11:
        return _module(settings.SEAL_PKCS11, settings.SEAL_PKCS11_PIN)
    return _file(*_seal_file()) if settings.SEAL_PKCS12 else None


def _signature_file() -> tuple[str, str]:
    return settings.SIGNATURE_PKCS12, settings.SIGNATURE_PKCS12_PASSPHRASE


def _seal_file() -> tuple[str, str]:
    return settings.SEAL_PKCS12, settings.SEAL_PKCS12_PASSPHRASE


@lru_cache(maxsize=8)
def _file(path: str, passphrase: str) -> Credential:
    return keystore.from_pkcs12(Path(path), passphrase)


@lru_cache(maxsize=8)
def _module(uri: str, pin: str) -> Credential:
    return hardware.credential(uri, pin)


@lru_cache(maxsize=8)
def _service(service: csc.Service, hour: int) -> Credential:
    return csc.credential(service)

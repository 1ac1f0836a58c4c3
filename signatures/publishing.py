"""What anybody may know of the platform's authorities: their certificates, by the name of their key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from backend.errors import NotFound
from signatures import authority, certificates, revocation
from signatures.models import Revocation
from signatures.providers import Credential


@dataclass(frozen=True)
class Published:
    """An authority that certifies, present or earlier."""

    name: str
    key_id: str
    serial: str
    begins: datetime
    ends: datetime
    fingerprint: str  # SHA-256 of the certificate, as one reads it out to another
    is_root: bool
    in_use: bool
    revoked_at: datetime | None

    @property
    def certificate(self) -> str:
        """Where its certificate is."""
        return f"{certificates.address()}/{self.key_id}.cer"

    @property
    def crl(self) -> str:
        """Where the list of what it revoked is."""
        return f"{certificates.address()}/{self.key_id}.crl"


def authorities() -> Iterator[Published]:
    """The root and the issuing authority in use, then those that they replaced. Raises Unavailable."""
    known = authority.certifying()
    used = {authority.root().key_id, authority.issuing().key_id}
    revoked = dict(Revocation.objects.filter(serial__in=[_serial(each) for each in known]).values_list("serial", "revoked_at"))
    yield from (_published(each, in_use=each.key_id in used, revoked=revoked) for each in known)


def certificate(key_id: str) -> bytes:
    """An authority's certificate (DER). Raises NotFound, Unavailable."""
    return _named(key_id).certificate.public_bytes(Encoding.DER)


def crl(key_id: str) -> bytes:
    """What an authority revoked (DER), signed now. Raises NotFound, Unavailable."""
    return revocation.crl(_named(key_id))


def _named(key_id: str) -> Credential:
    for each in authority.certifying():
        if each.key_id == key_id:
            return each
    raise NotFound


def _published(each: Credential, *, in_use: bool, revoked: dict[str, datetime]) -> Published:
    own = each.certificate
    return Published(
        name=str(own.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value),
        key_id=each.key_id,
        serial=_serial(each),
        begins=own.not_valid_before_utc,
        ends=own.not_valid_after_utc,
        fingerprint=own.fingerprint(SHA256()).hex(" ").upper(),
        is_root=own.subject == own.issuer,
        in_use=in_use,
        revoked_at=revoked.get(_serial(each)),
    )


def _serial(each: Credential) -> str:
    return f"{each.certificate.serial_number:x}"

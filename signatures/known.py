"""What is known beside a file, and how much of it a signature bears with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from asn1crypto import pem, x509


class Level(StrEnum):
    """What a PAdES signature bears with it (EN 319 142-1, 6): a certificate; a time; what shows that nothing was revoked; a time over all that."""

    NONE = ""  # a signature of another form, or a timestamp
    B = "B-B"
    T = "B-T"
    LT = "B-LT"
    LTA = "B-LTA"


@dataclass(frozen=True)
class Stamping:
    """Somebody who may attest the time, known by name and key (`name_and_key`), and for which times; without an end, for all."""

    who: str
    since: datetime | None = None
    until: datetime | None = None

    def attests(self, moment: datetime) -> bool:
        return (self.since is None or self.since <= moment) and (self.until is None or moment <= self.until)

    def as_json(self) -> list[str]:
        return [self.who, *(each.isoformat() if each else "" for each in (self.since, self.until))]

    @classmethod
    def of_json(cls, said: Sequence[str]) -> "Stamping":
        since, until = (datetime.fromisoformat(each) if each else None for each in said[1:])
        return cls(said[0], since, until)


def name_and_key(certificate: x509.Certificate) -> str:
    """What an authority is known by, whichever of its certificates is shown."""
    return sha256(certificate.subject.dump() + certificate.public_key.dump()).hexdigest()


@dataclass(frozen=True)
class Known:
    """What is known of revocation, beside what a file says: OCSP responses and CRLs, and certificates that may be needed (DER)."""

    ocsps: Sequence[bytes] = ()
    crls: Sequence[bytes] = ()
    certificates: Sequence[bytes] = ()

    def armored(self) -> bytes:
        """The same in PEM."""
        kinds = {"OCSP RESPONSE": self.ocsps, "X509 CRL": self.crls, "CERTIFICATE": self.certificates}
        return b"".join(pem.armor(label, der) for label, ders in kinds.items() for der in ders)

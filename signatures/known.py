"""What is known beside a file, and how much of it a signature bears with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from asn1crypto import pem


class Level(StrEnum):
    """What a PAdES signature bears with it (EN 319 142-1, 6): a certificate; a time; what shows that nothing was revoked; a time over all that."""

    NONE = ""  # a signature of another form, or a timestamp
    B = "B-B"
    T = "B-T"
    LT = "B-LT"
    LTA = "B-LTA"


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

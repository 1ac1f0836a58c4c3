"""What a file's signatures are worth, whoever made them and wherever: the validation, under the trusted lists too, with what authorities say today.

A report is JSON values, the same for a page, a program and a letter; its words are in `wording`.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from asn1crypto import pem
from asn1crypto.x509 import Certificate as Asn1
from cryptography import x509

from backend import clock
from backend.errors import Unavailable
from documents import sandbox
from signatures import authority, foreign, revocation, trusted_lists
from signatures.known import Stamping, name_and_key
from signatures.trusted_lists import Listed
from signatures.validation import Known, Problem, SignatureStatus, Verdict, validate

NONE = "none"
WORST = [Verdict.INVALID, Verdict.UNCERTAIN, Verdict.VALID]
ASKED_AT_MOST = 8  # certificates whose authorities are asked about revocation, for one file
ASKING_SECONDS = 12.0  # after which no further one is asked: somebody waits


class Trust(StrEnum):
    """What a signature's certificate leads to."""

    HERE = "here"  # an authority that this installation trusts by its own configuration
    LISTED = "list"  # one that was granted in a trusted list at the time
    NOBODY = ""


@dataclass(frozen=True)
class Signature:
    """One signature, seal or timestamp, with what it is trusted by."""

    status: SignatureStatus
    trust: Trust
    listed: Listed | None
    stamped: Listed | None  # what the lists say of who attests the time

    def as_json(self) -> dict[str, Any]:
        """Its facts. Moments are ISO 8601, in UTC."""
        one, certificate = self.status, self.status.certificate
        return {
            "field": one.field,
            "kind": one.kind,
            "verdict": one.verdict.value,
            "problems": [problem.value for problem in one.problems],
            "signer": one.signer,
            "capacity": one.capacity,
            "organisation": one.organisation,
            "at": _iso(one.at),
            "time_attested": one.timestamp_ok,
            "time_by": one.stamped_by,
            "time_qualified": self.stamped is not None,
            "claimed_at": _iso(one.claimed_at),
            "level": str(one.level),
            "revision": one.revision,
            "covers_whole": one.covers_whole,
            "changes_after": one.modified_after,
            "intact": one.intact,
            "trust": self.trust.value,
            "listed": asdict(self.listed) if self.listed else None,
            "revocation": one.revocation.value,
            "revoked_at": _iso(one.revoked_at),
            "issuer": one.issuer,
            "serial": one.serial,
            "not_before": _iso(certificate.not_before) if certificate else None,
            "not_after": _iso(certificate.not_after) if certificate else None,
            "mechanism": one.mechanism,
            "indication": one.indication,
        }


@dataclass(frozen=True)
class Report:
    """What was found in a file, at a moment."""

    digest: str  # SHA-256, of the file as it was given
    size: int
    at: datetime
    signatures: tuple[Signature, ...]

    @property
    def verdict(self) -> str:
        """That of the worst signature; "none" where there is no signature at all."""
        found = {one.status.verdict for one in self.signatures}
        return next((verdict.value for verdict in WORST if verdict in found), NONE)

    def as_json(self) -> dict[str, Any]:
        """Its facts."""
        return {
            "sha256": self.digest,
            "size": self.size,
            "checked_at": _iso(self.at),
            "verdict": self.verdict,
            "signatures": [one.as_json() for one in self.signatures],
        }


def report(content: bytes | Iterable[bytes]) -> Report:
    """Validate a PDF's signatures, and say by whom they are trusted. Raises Invalid where the file cannot be read.

    A file that comes in pieces is held in memory once, outside this process's own, for the limited process. Slow where authorities are asked about
    revocation, which is done only for certificates that lead to somebody trusted: an address in a certificate that anybody made is never followed.
    """
    digest = sha256()

    def read() -> Iterator[bytes]:
        for chunk in (content,) if isinstance(content, bytes) else content:
            digest.update(chunk)
            yield chunk

    with sandbox.hold(read()) as held:
        found = _validated(held)
        own = _loaded(authority.trusted())
        return Report(digest.hexdigest(), held.size, clock.machine(), tuple(_judged(one, own) for one in found))


def _validated(content: Any) -> tuple[SignatureStatus, ...]:
    """Under our own roots, then under those of the lists too; the time is believed from our own, and from those granted to give it at that time."""
    found, roots = validate(content), authority.trusted()
    known, stamping = trusted_lists.lists(), None
    if known.certificates and (paths := list(_untrusted(found))):
        near = dict.fromkeys(der for path in paths for der in known.issuers_of(path))
        stamping = [Stamping(name_and_key(Asn1.load(der))) for der in _unarmored(roots)]
        stamping += known.stamping([*near, *(der for path in paths for der in path)])
        roots += b"".join(pem.armor("CERTIFICATE", der) for der in near)
        found = validate(content, roots=roots, stamping=stamping)
    if unasked := [one for one in found if one.trusted and Problem.REVOCATION_UNKNOWN in one.problems]:
        found = validate(content, roots=roots, stamping=stamping, known=_asked(unasked, roots))
    return found


def _untrusted(found: Iterable[SignatureStatus]) -> Iterator[list[bytes]]:
    """The paths (DER) of who signed and of who attests the time, where they lead to none of our own roots: each may be listed by another provider."""
    for one in found:
        if one.path and not one.trusted:
            yield _ders(one)
        if one.stamp_path and not one.timestamp_ok and one.kind == "signature":
            yield [each.der for each in one.stamp_path]


def _judged(one: SignatureStatus, own: Sequence[x509.Certificate]) -> Signature:
    """Under whom it is trusted; one that a list granted at another time only is trusted by nobody."""
    at = one.judged_at or clock.machine()
    listed = trusted_lists.listed(_ders(one), at) if one.kind == "signature" else trusted_lists.stamping(_ders(one), one.at or at)
    stamped = trusted_lists.stamping([each.der for each in one.stamp_path], one.at or at) if one.timestamp_ok else None
    if not one.trusted:
        return Signature(one, Trust.NOBODY, listed, stamped)
    if _leads_to(one, own):
        return Signature(one, Trust.HERE, listed, stamped)
    if listed:
        return Signature(one, Trust.LISTED, listed, stamped)
    return Signature(replace(one, trusted=False, problems=(*one.problems, Problem.UNTRUSTED)), Trust.NOBODY, None, stamped)


def _leads_to(one: SignatureStatus, own: Sequence[x509.Certificate]) -> bool:
    top = x509.load_der_x509_certificate(one.path[-1].der)
    return any(top == root or foreign.issued_by(top, root) for root in own)


def _asked(unasked: Iterable[SignatureStatus], roots: bytes) -> Known:
    """What authorities say at this moment; of those that do not answer, nothing."""
    ders = dict.fromkeys(each.der for one in unasked for each in (*one.path, *one.stamp_path))
    certificates = [x509.load_der_x509_certificate(der) for der in list(ders)[:ASKED_AT_MOST]]
    around = [*certificates, *_loaded(roots)]
    ocsps: list[bytes] = []
    crls: list[bytes] = []
    ends = time.monotonic() + ASKING_SECONDS
    for one in certificates:
        if time.monotonic() < ends:
            _ask(one, around, ocsps, crls)
    return Known(ocsps, crls)


def _ask(one: x509.Certificate, around: Sequence[x509.Certificate], ocsps: list[bytes], crls: list[bytes]) -> None:
    """The list of those revoked, which speaks for the time of the signature too; where there is none, the answer about this one."""
    own = next((each for each in authority.certifying() if foreign.issued_by(one, each.certificate)), None)
    if own:
        crls.append(revocation.crl(own))
        return
    if listed := foreign.revoked(one, around):
        crls.append(listed)
        return
    with suppress(Unavailable):
        said = foreign.status(one, around)
        if said and said[0] == "ocsp":
            ocsps.append(said[1])


def _loaded(roots: bytes) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(der) for der in _unarmored(roots)]


def _unarmored(roots: bytes) -> list[bytes]:
    return [der for _kind, _headers, der in pem.unarmor(roots, multiple=True)]


def _ders(one: SignatureStatus) -> list[bytes]:
    return [each.der for each in one.path]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

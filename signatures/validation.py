"""Saying what a file's signatures are worth: who, when, over what, and what happened to the file since."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography import x509
from cryptography.x509 import load_der_x509_certificate
from django.utils.translation import gettext_lazy as _

from backend import clock
from backend.errors import Invalid
from documents import sandbox
from signatures import authority, revocation
from signatures.foreign import issued_by
from signatures.known import Known, Level, Stamping


class Verdict(StrEnum):
    """What a signature is worth, worst last (EN 319 102-1, 5.1.3: total-passed, indeterminate, total-failed)."""

    VALID = "valid"
    UNCERTAIN = "uncertain"  # sound, but who signed or when cannot be relied on
    INVALID = "invalid"


class Problem(StrEnum):
    """Why a signature is not valid."""

    UNREADABLE = "unreadable"
    ALTERED = "altered"
    FORGED = "forged"
    CHANGED_AFTER = "changed-after"
    UNCOVERED = "uncovered"
    GAP = "gap"  # its range leaves out more than its own value
    UNTRUSTED = "untrusted"
    WRONG_PURPOSE = "wrong-purpose"  # the certificate was made for something else
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"  # the certificate had expired when it signed
    EXPIRED_SINCE = "expired-since"  # it has expired, and nothing proves that it signed before
    REVOKED = "revoked"  # the certificate was revoked when it signed
    REVOKED_SINCE = "revoked-since"  # it is revoked, and nothing proves that it signed before
    REVOCATION_UNKNOWN = "revocation-unknown"  # the certificate says where to ask, and no answer is at hand
    WEAK = "weak"  # made with an algorithm that can be broken
    TIMESTAMP_MISSING = "timestamp-missing"
    TIMESTAMP_BROKEN = "timestamp-broken"
    TIMESTAMP_UNTRUSTED = "timestamp-untrusted"


DOUBTS = frozenset(
    {
        Problem.UNTRUSTED,
        Problem.WRONG_PURPOSE,
        Problem.EXPIRED_SINCE,
        Problem.REVOKED_SINCE,
        Problem.REVOCATION_UNKNOWN,
        Problem.WEAK,
        Problem.TIMESTAMP_MISSING,
        Problem.TIMESTAMP_UNTRUSTED,
    }
)
_TIMESTAMPS = {"missing": Problem.TIMESTAMP_MISSING, "broken": Problem.TIMESTAMP_BROKEN, "untrusted": Problem.TIMESTAMP_UNTRUSTED}
_WEAK = frozenset({"CRYPTO_CONSTRAINTS_FAILURE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"})
_ALONE = frozenset({"NO_CERTIFICATE_CHAIN_FOUND", "CHAIN_CONSTRAINTS_FAILURE"})  # nothing leads to a root


class Revocation(StrEnum):
    """What is known of it at the time of the signature."""

    GOOD = "good"
    NOT_NEEDED = "not-needed"  # so short-lived that it is never revoked
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Certificate:
    """What a certificate says."""

    subject: str
    issuer: str
    serial: str  # hexadecimal
    not_before: datetime
    not_after: datetime
    der: bytes = field(repr=False)


@dataclass(frozen=True)
class SignatureStatus:
    """One signature, seal or document timestamp of a file."""

    field: str
    kind: str  # "signature" or "timestamp"
    signer: str
    capacity: str
    organisation: str
    issuer: str
    serial: str  # of the certificate, hexadecimal
    at: datetime | None  # attested where `timestamp_ok`, by its own timestamp or by one of the document; else claimed by the signer
    timestamp_ok: bool
    intact: bool  # the bytes covered have not changed
    trusted: bool  # the certificate leads to a root trusted here, for this use, and was valid and not known to be revoked at the time
    covers_whole: bool  # to the last byte of the file
    modified_after: str  # "none", "lta_updates", "form_filling" (later signatures), "annotations", "other" or "unknown"
    certifies: bool  # it says what may still be done to the file
    problems: tuple[Problem, ...]
    level: Level = Level.NONE
    revision: int = 0  # of the file, from 1: the one that it covers
    covered: int = 0  # bytes of the file, from its beginning, that there were when it was signed
    claimed_at: datetime | None = None  # by the signer
    stamped_by: str = ""  # who attests the time
    revocation: Revocation = Revocation.UNKNOWN
    revoked_at: datetime | None = None
    judged_at: datetime | None = None  # the time at which the certificate was judged: the proven one, else that of asking
    path: tuple[Certificate, ...] = ()  # the signer's certificate, and those above it below the root where they are known
    stamp_path: tuple[Certificate, ...] = ()  # the same of who attests the time
    indication: str = ""  # why it is not trusted, by the name that EN 319 102-1 gives it
    mechanism: str = ""  # its algorithms

    @property
    def unasked(self) -> bool:
        """Whether somebody could be asked about revocation, and nothing that they said is at hand."""
        return Problem.REVOCATION_UNKNOWN in self.problems

    @property
    def verdict(self) -> Verdict:
        """Valid, uncertain or invalid."""
        if not self.problems:
            return Verdict.VALID
        return Verdict.UNCERTAIN if DOUBTS.issuperset(self.problems) else Verdict.INVALID

    @property
    def ok(self) -> bool:
        return self.verdict == Verdict.VALID

    @property
    def certificate(self) -> Certificate | None:
        """The signer's."""
        return self.path[0] if self.path else None


def validate(
    content: bytes,
    *,
    roots: bytes | None = None,
    at: datetime | None = None,
    known: Known | None = None,
    stamping: Sequence[Stamping] | None = None,
) -> tuple[SignatureStatus, ...]:
    """The signatures of a PDF in the order in which they were made; none: an empty tuple.

    Judged by pyHanko in the limited process, without a network, under `roots` (PEM; those trusted here by default), as of `at` (now by default).
    What the file says of revocation is used, what is `known` beside, and what this platform says of certificates that it issued.
    The time is believed from those in `stamping`; by default, from whoever leads to a root.
    Raises Invalid where the file cannot be read.
    """
    given = (content, roots if roots is not None else authority.trusted(), at or clock.machine(), stamping)
    handed = known or Known()
    found = _examined(*given, handed)
    if own := _issued_here(found):
        said = revocation.evidence(own)
        return _examined(*given, Known((*handed.ocsps, *said.ocsps), (*handed.crls, *said.crls), handed.certificates))
    return found


def _examined(content: bytes, roots: bytes, at: datetime, stamping: Sequence[Stamping] | None, known: Known) -> tuple[SignatureStatus, ...]:
    stampers = None if stamping is None else [one.as_json() for one in stamping]
    given = (content, roots, known.armored())
    try:
        facts = sandbox.run("signatures.examining:examine", *given, at=at.isoformat(), stamping=stampers).facts
    except sandbox.Failed as fault:
        raise Invalid(_("The signatures of this file cannot be read."), code="unreadable") from fault
    return tuple(_status(fact) for fact in facts)


def _issued_here(found: Iterable[SignatureStatus]) -> list[x509.Certificate]:
    """The certificates that this platform can answer for, of signatures whose revocation the file does not tell."""
    unknown = [one for one in found if one.unasked]
    certificates = {each.der for one in unknown for each in (*one.path, *one.stamp_path)}
    issuers = [one.certificate for one in authority.certifying()] if certificates else []
    loaded = [load_der_x509_certificate(der) for der in certificates]
    return [one for one in loaded if any(issued_by(one, issuer) for issuer in issuers)]


def _status(fact: dict[str, Any]) -> SignatureStatus:
    path = _certificates(fact.get("path", ()))
    stamps = path if fact["kind"] == "timestamp" else _certificates(fact.get("stamped_by", ()))
    return SignatureStatus(
        field=fact["field"] or "",
        kind=fact["kind"],
        signer=fact.get("signer", ""),
        capacity=fact.get("capacity", ""),
        organisation=fact.get("organisation", ""),
        issuer=path[0].issuer if path else "",
        serial=path[0].serial if path else "",
        at=_moment(fact.get("at")),
        timestamp_ok=bool(fact.get("proven")) and fact.get("timestamp") in ("trusted", "missing"),
        intact=fact.get("intact", False) and fact.get("valid", False),
        trusted=fact.get("trusted", False),
        covers_whole=fact.get("covers") == "entire_file",
        modified_after=fact.get("changes", "unknown"),
        certifies=fact.get("certifies", False),
        problems=tuple(_problems(fact, path)),
        level=_level(fact),
        revision=fact.get("revision", 0),
        covered=fact.get("covered", 0),
        claimed_at=_moment(fact.get("claimed")),
        stamped_by=stamps[0].subject if stamps else "",
        revocation=Revocation(fact.get("revocation", "unknown")),
        revoked_at=_moment(fact.get("revoked_at")),
        judged_at=_moment(fact.get("judged_at")),
        path=path,
        stamp_path=stamps,
        indication=fact.get("distrust", ""),
        mechanism=fact.get("mechanism", ""),
    )


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _certificates(said: Sequence[dict[str, Any]]) -> tuple[Certificate, ...]:
    return tuple(
        Certificate(
            one["subject"],
            one["issuer"],
            one["serial"],
            datetime.fromisoformat(one["not_before"]),
            datetime.fromisoformat(one["not_after"]),
            base64.b64decode(one["der"]),
        )
        for one in said
    )


def _level(fact: dict[str, Any]) -> Level:
    """The level at which a sound signature stands: each one needs those before it."""
    if not fact.get("pades") or "unreadable" in fact:
        return Level.NONE
    if not fact["proven"]:
        return Level.B
    if not fact["kept"]:
        return Level.T
    return Level.LTA if fact["archived"] else Level.LT


def _problems(fact: dict[str, Any], path: Sequence[Certificate]) -> list[Problem]:
    if "unreadable" in fact:
        return [Problem.UNREADABLE]
    found = {
        Problem.ALTERED: not fact["intact"],
        Problem.FORGED: fact["intact"] and not fact["valid"],
        Problem.CHANGED_AFTER: not fact["allowed"],
        Problem.UNCOVERED: fact["tail"] or fact["covers"] not in ("entire_file", "entire_revision"),
        Problem.GAP: fact["gap"],
        Problem.REVOCATION_UNKNOWN: fact["unasked"] or fact.get("stamp_unasked", False),
    }
    timestamp = _timestamp(fact)
    return [problem for problem, present in found.items() if present] + _distrust(fact, path) + ([timestamp] if timestamp else [])


def _timestamp(fact: dict[str, Any]) -> Problem | None:
    """A signature without a timestamp of its own is none the worse where one of the document follows."""
    if fact["timestamp"] == "missing" and fact["proven"]:
        return None
    return _TIMESTAMPS.get(fact["timestamp"])


def _distrust(fact: dict[str, Any], path: Sequence[Certificate]) -> list[Problem]:
    """Why the certificate cannot be relied on, where the signature itself is sound."""
    if fact["trusted"] or not (fact["intact"] and fact["valid"]):
        return []
    proven, moment = fact["proven"], datetime.fromisoformat(fact["judged_at"])
    if fact["revocation"] == "revoked":
        return [Problem.REVOKED if proven else Problem.REVOKED_SINCE]
    if fact["distrust"] in _WEAK:
        return [Problem.WEAK]
    if not fact["fit"]:
        return [Problem.WRONG_PURPOSE]
    if fact["distrust"] not in _ALONE:
        if any(moment > one.not_after for one in path):
            return [Problem.EXPIRED if proven else Problem.EXPIRED_SINCE]
        if any(moment < one.not_before for one in path):
            return [Problem.NOT_YET_VALID]
    return [Problem.UNTRUSTED]

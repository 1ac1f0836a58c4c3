"""Saying what a file's signatures are worth: who, when, over what, and what happened to the file since."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.errors import Invalid
from documents import sandbox
from signatures import authority


class Verdict(StrEnum):
    """What a signature is worth, worst last."""

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
    UNTRUSTED = "untrusted"
    TIMESTAMP_MISSING = "timestamp-missing"
    TIMESTAMP_BROKEN = "timestamp-broken"
    TIMESTAMP_UNTRUSTED = "timestamp-untrusted"


DOUBTS = frozenset({Problem.UNTRUSTED, Problem.TIMESTAMP_MISSING, Problem.TIMESTAMP_UNTRUSTED})
_TIMESTAMPS = {"missing": Problem.TIMESTAMP_MISSING, "broken": Problem.TIMESTAMP_BROKEN, "untrusted": Problem.TIMESTAMP_UNTRUSTED}


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
    at: datetime | None  # attested by the timestamp where `timestamp_ok`, else claimed by the signer
    timestamp_ok: bool
    intact: bool  # the bytes covered have not changed
    trusted: bool  # the certificate leads to a root trusted here, and was valid at the time
    covers_whole: bool  # to the last byte of the file
    modified_after: str  # "none", "lta_updates", "form_filling" (later signatures), "annotations", "other" or "unknown"
    certifies: bool  # it says what may still be done to the file
    problems: tuple[Problem, ...]

    @property
    def verdict(self) -> Verdict:
        """Valid, uncertain or invalid."""
        if not self.problems:
            return Verdict.VALID
        return Verdict.UNCERTAIN if DOUBTS.issuperset(self.problems) else Verdict.INVALID

    @property
    def ok(self) -> bool:
        return self.verdict == Verdict.VALID


def validate(content: bytes) -> tuple[SignatureStatus, ...]:
    """The signatures of a PDF in the order in which they were made; none: an empty tuple.

    Judged by pyHanko in the limited process, without a network, under the roots trusted here. Raises Invalid where the file cannot be read.
    """
    try:
        facts = sandbox.run("signatures.examining:examine", content, authority.trusted()).facts
    except sandbox.Failed as fault:
        raise Invalid(_("The signatures of this file cannot be read."), code="unreadable") from fault
    return tuple(_status(fact) for fact in facts)


def _status(fact: dict[str, Any]) -> SignatureStatus:
    at = fact.get("at")
    return SignatureStatus(
        field=fact["field"] or "",
        kind=fact["kind"],
        signer=fact.get("signer", ""),
        capacity=fact.get("capacity", ""),
        organisation=fact.get("organisation", ""),
        issuer=fact.get("issuer", ""),
        serial=fact.get("serial", ""),
        at=datetime.fromisoformat(at) if at else None,
        timestamp_ok=fact.get("timestamp") == "trusted",
        intact=fact.get("intact", False) and fact.get("valid", False),
        trusted=fact.get("trusted", False),
        covers_whole=fact.get("covers") == "entire_file",
        modified_after=fact.get("changes", "unknown"),
        certifies=fact.get("certifies", False),
        problems=tuple(_problems(fact)),
    )


def _problems(fact: dict[str, Any]) -> list[Problem]:
    if "unreadable" in fact:
        return [Problem.UNREADABLE]
    found = {
        Problem.ALTERED: not fact["intact"],
        Problem.FORGED: fact["intact"] and not fact["valid"],
        Problem.CHANGED_AFTER: not fact["allowed"],
        Problem.UNCOVERED: fact["tail"] or fact["covers"] not in ("entire_file", "entire_revision"),
        Problem.UNTRUSTED: not fact["trusted"],
    }
    timestamp = _TIMESTAMPS.get(fact["timestamp"])
    return [problem for problem, present in found.items() if present] + ([timestamp] if timestamp else [])

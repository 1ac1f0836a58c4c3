"""The one form in which an entry is hashed: RFC 8785, NFC text, UTC times, no fractions."""

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import rfc8785

CHAIN = b"commun-accord register chain v1\n"
ENTRY = b"commun-accord register entry v1\n"
SEAL = b"commun-accord register seal v1\n"
TREE = b"commun-accord register tree v1\n"


def genesis(chain: UUID) -> bytes:
    """What the first entry of a chain points back to: its own chain's name, so that no entry can be moved to another."""
    return hashlib.sha256(CHAIN + chain.bytes).digest()


def digest(previous: bytes, payload: bytes) -> bytes:
    """The hash of an entry: of the 32 bytes before it, and of the digest of its own canonical bytes.

    Of the digest, so that who may not see an entry can still follow the chain past it (`proof`).
    """
    return hashlib.sha256(ENTRY + previous + hashlib.sha256(payload).digest()).digest()


def sealed(payload: bytes) -> bytes:
    """The hash of what a seal says of the tree: what the timestamp and the signature are over."""
    return hashlib.sha256(TREE + payload).digest()


def payload(fields: Mapping[str, Any]) -> bytes:
    """The canonical bytes of an entry's fields. Raises TypeError for a value that has no single canonical form."""
    return rfc8785.dumps(plain(fields))


def moment(at: datetime) -> str:
    """A time as it stands in the bytes: `2026-03-01T09:30:00.000000Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Any) -> Any:
    """JSON without fractions; ids, days and times become text, text becomes NFC."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return unicodedata.normalize("NFC", value)
        case UUID():
            return str(value)
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {plain(str(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")

#!/usr/bin/env python3
"""Checks a proof of the register by itself: Python and its standard library, nothing of the platform, no network.

    python3 verifier.py preuve.json

It recomputes, from what the proof holds, each entry, the chain they make, the tree that the chain's head stands in, and the seal over that tree's
root. It then writes beside the proof the timestamp of that seal (`jeton.der`) and the certificate of who gave it (`autorite.pem`), and the one line
of openssl that checks them. Hashes are SHA-256; `a ‖ b` is one after the other; everything is described in backend/register/README.md.
"""

import base64
import json
import sys
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

FORMAT = "commun-accord register proof v1"
CHAIN = b"commun-accord register chain v1\n"
ENTRY = b"commun-accord register entry v1\n"
TREE = b"commun-accord register tree v1\n"


class Wrong(Exception):
    """The proof does not hold; says where."""


def check(proof: dict[str, Any]) -> bytes:
    """Recompute everything but the timestamp. Returns the digest that the timestamp must be over; raises Wrong."""
    if proof.get("format") != FORMAT:
        raise Wrong(f"this is no '{FORMAT}'")
    head = entries(UUID(proof["chain"]), proof["entries"])
    leaf = sha256(b"\x00" + UUID(proof["chain"]).bytes + len(proof["entries"]).to_bytes(8, "big") + head).digest()
    root = climb(leaf, proof["position"], proof["seal"]["size"], [bytes.fromhex(each) for each in proof["path"]])
    if root.hex() != proof["seal"]["root"]:
        raise Wrong("the chain does not stand in the tree that was sealed")
    return sha256(TREE + canonical(proof["seal"])).digest()


def entries(chain: UUID, told: list[dict[str, Any]]) -> bytes:
    """Follow the chain from its name to its head: of an entry that its reader may not see, only the digest is there, and binds as well."""
    previous = sha256(CHAIN + chain.bytes).digest()
    for place, entry in enumerate(told, 1):
        digest = bytes.fromhex(entry["digest"])
        if entry["payload"] is not None:
            if sha256(entry["payload"].encode()).digest() != digest:
                raise Wrong(f"entry {place} does not say what was recorded")
            said = json.loads(entry["payload"])
            if (said["seq"], said["chain"]) != (place, str(chain)):
                raise Wrong(f"entry {place} is of another place")
        previous = sha256(ENTRY + previous + digest).digest()
        if previous.hex() != entry["hash"]:
            raise Wrong(f"entry {place} does not follow the one before it")
    return previous


def climb(leaf: bytes, position: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root of a tree of `size` leaves in which `leaf` stands at `position`, by its audit path (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        raise Wrong("the tree has no such place")
    place, last, found = position, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Wrong("the path is too long")
        if place % 2 or place == last:
            found = sha256(b"\x01" + sibling + found).digest()
            while not place % 2 and place:
                place, last = place >> 1, last >> 1
        else:
            found = sha256(b"\x01" + found + sibling).digest()
        place, last = place >> 1, last >> 1
    if last:
        raise Wrong("the path is too short")
    return found


def canonical(values: dict[str, Any]) -> bytes:
    """The one form in which a seal is hashed (RFC 8785, for plain values)."""
    return unicodedata.normalize("NFC", json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)).encode()


def command(proof: dict[str, Any], digest: bytes) -> str:
    """The line that checks the timestamp, at the time that the seal tells: its authority's certificate may have run out since."""
    at = int(datetime.fromisoformat(proof["seal"]["at"].replace("Z", "+00:00")).timestamp())
    return f"openssl ts -verify -digest {digest.hex()} -token_in -in jeton.der -CAfile autorite.pem -attime {at}"


def main(path: str) -> int:
    proof = json.loads(Path(path).read_text(encoding="utf-8"))
    try:
        digest = check(proof)
    except (Wrong, KeyError, TypeError, ValueError) as wrong:
        print(f"FAUX / WRONG: {wrong}")
        return 1
    folder = Path(path).resolve().parent
    (folder / "jeton.der").write_bytes(base64.b64decode(proof["token"]))
    (folder / "autorite.pem").write_text(proof["authority"], encoding="ascii")
    shown = sum(entry["payload"] is not None for entry in proof["entries"])
    print(
        f"OK: {len(proof['entries'])} entries ({shown} readable), the last one sealed on {proof['seal']['at']} (seal {proof['seal']['number']})"
    )
    print("The timestamp is checked in that folder by:")
    print(f"  {command(proof, digest)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else "usage: python3 verifier.py preuve.json")

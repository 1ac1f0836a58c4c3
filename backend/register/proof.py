"""The proof of a chain: that its entries stood as they are when a seal was put, to be checked by anybody, with nothing of ours."""

import base64
from collections.abc import Collection
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from backend.errors import NotFound
from backend.register import canonical, checker
from backend.register.models import Entry, Seal, Sealed
from backend.register.tree import Frontier, leaf, path

Proof = dict[str, Any]


def last_sealed(chain: UUID) -> tuple[int, Seal] | None:
    """How many entries of a chain are sealed, and by which seal; None where none is yet."""
    found = _leaf(chain)
    return (found.seq, _seal_over(found)) if found else None


def proof_of(chain: UUID, readable: Collection[int]) -> Proof:
    """The proof of a chain up to its last sealed entry: JSON values, in the form that `checker` reads.

    `readable` are the sequences whose content may be told; of the others only a digest, from which nothing can be guessed (each entry holds an id of
    74 random bits). Raises NotFound while no entry is sealed, Invalid where the seal's timestamp does not hold.
    """
    found = _leaf(chain)
    if found is None:
        raise NotFound
    seal = _seal_over(found)
    attested = import_string(settings.REGISTER_TIMESTAMP_CHECK)(bytes(seal.token), bytes(seal.hash))
    rows = Entry.objects.filter(chain=chain, seq__lte=found.seq).order_by("seq").values_list("seq", "payload", "hash")
    return {
        "format": checker.FORMAT,
        "chain": str(chain),
        "entries": [_entry(bytes(payload), bytes(digest), seq in readable) for seq, payload, digest in rows],
        "position": found.position,
        "path": [each.hex() for each in _path(found, seal)],
        "seal": canonical.plain(seal.fields()),
        "token": base64.b64encode(bytes(seal.token)).decode(),
        "authority": attested.root.decode(),
    }


def _leaf(chain: UUID) -> Sealed | None:
    return Sealed.objects.filter(chain_id=chain).order_by("-position").first()


def _seal_over(found: Sealed) -> Seal:
    seal = Seal.objects.over(found.position)
    if seal is None:
        raise NotFound
    return seal


def _path(found: Sealed, seal: Seal) -> list[bytes]:
    before = Seal.objects.filter(number=seal.number - 1).first()
    grown = before.tree() if before else Frontier()
    put_on = Sealed.objects.filter(position__gte=grown.size, position__lt=seal.size).order_by("position")
    leaves = [leaf(chain, seq, bytes(head)) for chain, seq, head in put_on.values_list("chain_id", "seq", "head")]
    return path(found.position, grown, leaves)


def _entry(payload: bytes, digest: bytes, readable: bool) -> dict[str, str | None]:
    return {"payload": payload.decode() if readable else None, "digest": sha256(payload).hexdigest(), "hash": digest.hex()}

"""The tree over the heads of the chains: a Merkle tree that only grows (RFC 6962, 2.1), each leaf one head of one chain.

Its algorithms are some sixty lines; the libraries there are keep a store of their own and an older form, and are little kept.
"""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

HASH_BYTES = 32


def leaf(chain: UUID, seq: int, head: bytes) -> bytes:
    """The hash of a leaf: this chain had so many entries, and the last of them this hash."""
    return sha256(b"\x00" + chain.bytes + seq.to_bytes(8, "big") + head).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """What must be kept of a tree to let it grow: the roots of its complete subtrees, the largest first. Never more than 64 of them."""

    def __init__(self, size: int = 0, kept: bytes = b"") -> None:
        """Of the first `size` leaves, as `kept` was given by `bytes()`. Raises ValueError where the two do not belong together."""
        if len(kept) != size.bit_count() * HASH_BYTES:
            raise ValueError("a frontier has one hash for each complete subtree")
        self.size = size
        self._roots = [kept[begin : begin + HASH_BYTES] for begin in range(0, len(kept), HASH_BYTES)]

    def append(self, leaf: bytes) -> None:
        """Put one more leaf at the end."""
        self.size += 1
        rest = self.size
        while rest % 2 == 0:
            leaf = node(self._roots.pop(), leaf)
            rest //= 2
        self._roots.append(leaf)

    def root(self) -> bytes:
        """The hash of the whole tree."""
        if not self._roots:
            return sha256(b"").digest()
        *others, whole = self._roots
        for left in reversed(others):
            whole = node(left, whole)
        return whole

    def __bytes__(self) -> bytes:
        return b"".join(self._roots)

    def subtrees(self) -> dict[tuple[int, int], bytes]:
        """The complete subtrees by where they begin and where they end."""
        found, begin = {}, 0
        for root in self._roots:
            length = 1 << (self.size - begin).bit_length() - 1
            found[begin, begin + length] = root
            begin += length
        return found


def path(position: int, before: Frontier, leaves: Sequence[bytes]) -> list[bytes]:
    """The audit path (RFC 6962, 2.1.1) of the leaf at `position`, nearest first, in the tree that `leaves` made of `before`.

    `position` is one of the leaves that were put on, for nothing else is known of those before.
    """
    start, size = before.size, before.size + len(leaves)
    if not start <= position < size:
        raise ValueError("the leaf is not one of those put on")
    known = before.subtrees()

    def root(begin: int, end: int) -> bytes:
        if end <= start:
            return known[begin, end]
        if end - begin == 1:
            return leaves[begin - start]
        middle = _split(begin, end)
        return node(root(begin, middle), root(middle, end))

    found, begin, end = [], 0, size
    while end - begin > 1:
        middle = _split(begin, end)
        if position < middle:
            found.append(root(middle, end))
            end = middle
        else:
            found.append(root(begin, middle))
            begin = middle
    return found[::-1]


def _split(begin: int, end: int) -> int:
    """Where a subtree divides: after the largest power of two that is smaller than it."""
    return begin + (1 << (end - begin - 1).bit_length() - 1)

"""The tree that only grows: the roots of RFC 6962, and paths that lead to them."""

from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.register import checker
from backend.register.tree import Frontier, leaf, node, path

LEAVES = [sha256(bytes([number])).digest() for number in range(70)]


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node(root_by_definition(leaves[:split]), root_by_definition(leaves[split:]))


def grown(leaves: list[bytes]) -> Frontier:
    tree = Frontier()
    for each in leaves:
        tree.append(each)
    return tree


@pytest.mark.parametrize("size", range(len(LEAVES) + 1))
def test_the_root_is_the_one_of_the_rfc(size: int) -> None:
    assert grown(LEAVES[:size]).root() == root_by_definition(LEAVES[:size])


def test_the_test_vector_of_certificate_transparency() -> None:
    """The hashes of its reference implementation: of the empty tree, and of the tree of one empty leaf."""
    assert Frontier().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert sha256(b"\x00").hexdigest() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert node(b"", b"") != sha256(b"\x00").digest()


@given(st.integers(0, 69), st.integers(1, 70))
def test_a_path_leads_from_every_new_leaf_to_the_root(before: int, more: int) -> None:
    size = min(before + more, len(LEAVES))
    kept = Frontier(before, bytes(grown(LEAVES[:before])))
    root = root_by_definition(LEAVES[:size])
    for place in range(before, size):
        found = path(place, kept, LEAVES[before:size])
        assert checker.climb(LEAVES[place], place, size, found) == root
        if found:
            with pytest.raises(checker.Wrong):
                checker.climb(LEAVES[place], place, size, found[:-1])
        with pytest.raises(checker.Wrong):
            checker.climb(LEAVES[place], place, size, [*found, bytes(32)])


def test_the_path_of_a_leaf_that_was_there_before_is_not_known() -> None:
    with pytest.raises(ValueError, match="put on"):
        path(2, grown(LEAVES[:3]), LEAVES[3:6])


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="complete subtree"):
        Frontier(3, bytes(32))


def test_a_leaf_is_of_one_chain_one_length_and_one_head() -> None:
    one = UUID(int=1)
    assert len({leaf(one, 1, bytes(32)), leaf(UUID(int=2), 1, bytes(32)), leaf(one, 2, bytes(32)), leaf(one, 1, b"\x01" * 32)}) == 4

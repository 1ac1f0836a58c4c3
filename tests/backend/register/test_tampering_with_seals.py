"""What hashes and signatures of a chain alone could not show, and the seals do: a tail cut off with its row, a chain gone, a history written anew."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from backend.people.actor import Actor
from backend.register import canonical, seal, sealing
from backend.register.entries import open_chain, record
from backend.register.models import Chain, Seal
from backend.register.sealing import seal_all, seal_changed
from backend.register.verify import Break, Fault, verify
from backend.register.verify_seals import SealBreak, verify_heads, verify_seals
from signatures.tokens import token_over

PLATFORM = Actor(user_id=None, name="Commun Accord")
TABLES = ("register_entry", "register_chain", "register_seal", "register_sealed")


@pytest.fixture
def chains(committed: Any, settings: Any) -> list[Chain]:
    """Three chains of six entries, sealed after four and after six; then the night's seal."""
    settings.REGISTER_SUBSCRIBERS = []
    books = [open_chain() for _ in range(3)]
    for length in (4, 2):
        with transaction.atomic():
            for book in books:
                for number in range(length):
                    record(book, "case.noted", PLATFORM, audience=["court"], facts={"number": number})
        seal_changed()
    seal_all()
    return books


@pytest.fixture
def tamper(committed: Any, chains: list[Chain]) -> Callable[..., None]:
    """Run a statement as the owner of the database, with every guard switched off."""

    def run(statement: str, **values: Any) -> None:
        with committed.as_owner() as owner:
            for table in TABLES:
                owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            owner.execute(statement, {"chain": chains[1].pk, **values})

    return run


def refused(capsys: Any) -> str:
    """What the operator is told."""
    with pytest.raises(SystemExit):
        call_command("verify_register")
    told: str = capsys.readouterr().out
    return told


def test_what_was_left_alone_holds(chains: list[Chain]) -> None:
    assert (verify_seals(all_tokens=True), list(verify_heads())) == (None, [])


def test_a_tail_cut_off_with_the_chain_s_row_is_found(chains: list[Chain], tamper: Any, capsys: Any) -> None:
    fourth = bytes(chains[1].entries.get(seq=4).hash)
    tamper("DELETE FROM register_entry WHERE chain_id = %(chain)s AND seq > 4")
    tamper("UPDATE register_chain SET seq = 4, head = %(head)s WHERE id = %(chain)s", head=fourth)

    assert list(verify(all_signatures=True)) == []
    assert list(verify_heads()) == list(verify_heads(chains[1].pk)) == [Break(chains[1].pk, 6, Fault.REWOUND)]
    assert list(verify_heads(chains[0].pk)) == []
    assert f"{chains[1].pk}: broken at 6: rewound" in refused(capsys)


def test_a_whole_chain_gone_with_its_row_is_found(chains: list[Chain], tamper: Any, capsys: Any) -> None:
    tamper("DELETE FROM register_entry WHERE chain_id = %(chain)s")
    tamper("DELETE FROM register_chain WHERE id = %(chain)s")

    assert list(verify(all_signatures=True)) == []
    assert list(verify_heads()) == [Break(chains[1].pk, 4, Fault.REWOUND)]
    assert "rewound" in refused(capsys)


def test_a_history_written_anew_with_the_seal_s_own_key_is_found(chains: list[Chain], tamper: Any) -> None:
    """By one who owns the database and holds the key of the entries: each entry is signed again, and the chain verifies."""
    previous = canonical.genesis(chains[1].pk)
    for entry in chains[1].entries.order_by("seq"):
        payload = bytes(entry.payload).replace(b'"number":3', b'"number":9')
        digest = canonical.digest(previous, payload)
        signature, _key = seal.current().sign(digest)
        tamper(
            "UPDATE register_entry SET payload = %(payload)s, previous = %(previous)s, hash = %(hash)s, signature = %(signature)s,"
            " facts = replace(facts::text, '3', '9')::jsonb WHERE id = %(id)s",
            **{"payload": payload, "previous": previous, "hash": digest, "signature": signature, "id": entry.pk},
        )
        previous = digest
    tamper("UPDATE register_chain SET head = %(head)s WHERE id = %(chain)s", head=previous)

    assert list(verify(all_signatures=True)) == []
    assert list(verify_heads()) == [Break(chains[1].pk, 4, Fault.UNLIKE)]


def test_the_night_tells_of_a_chain_that_was_rewound_and_does_not_seal_it(chains: list[Chain], tamper: Any, caplog: Any) -> None:
    fourth = bytes(chains[1].entries.get(seq=4).hash)
    tamper("DELETE FROM register_entry WHERE chain_id = %(chain)s AND seq > 4")
    tamper("UPDATE register_chain SET seq = 4, head = %(head)s WHERE id = %(chain)s", head=fourth)
    size = Seal.objects.last_put().size  # type: ignore[union-attr]

    sealing.work(sealing.ALL)
    assert f"chain {chains[1].pk} is not as it was sealed: rewound at 6" in caplog.text
    assert Seal.objects.last_put().size == size  # type: ignore[union-attr]


def test_the_night_tells_of_a_chain_that_is_gone_and_of_a_seal_that_does_not_hold(chains: list[Chain], tamper: Any, caplog: Any) -> None:
    assert sealing.watch() == 0
    tamper("DELETE FROM register_entry WHERE chain_id = %(chain)s")
    tamper("DELETE FROM register_chain WHERE id = %(chain)s")
    tamper("UPDATE register_seal SET root = sha256(root) WHERE number = 2")

    sealing.work(sealing.ALL)
    assert f"chain {chains[1].pk} is not as it was sealed: rewound at 4" in caplog.text
    assert "seal 2 does not hold: changed" in caplog.text


@pytest.mark.parametrize(
    ("change", "number", "fault"),
    [
        ("UPDATE register_sealed SET seq = 5 WHERE position = 1", 1, Fault.UNLIKE),
        ("UPDATE register_sealed SET head = sha256(head) WHERE position = 4", 2, Fault.UNLIKE),
        ("DELETE FROM register_sealed WHERE chain_id = %(chain)s", 1, Fault.UNLIKE),
        ("DELETE FROM register_sealed WHERE position = 5", 2, Fault.UNLIKE),
        ("UPDATE register_sealed SET position = position + 10 WHERE position >= 3", 2, Fault.UNLIKE),
        ("UPDATE register_seal SET root = sha256(root) WHERE number = 2", 2, Fault.CHANGED),
        ("UPDATE register_seal SET at = at - interval '1 day' WHERE number = 1", 1, Fault.CHANGED),
        ("UPDATE register_seal SET whole = true WHERE number = 1", 1, Fault.CHANGED),
        ("UPDATE register_seal SET frontier = sha256(frontier) WHERE number = 3", 3, Fault.UNLIKE),
        ("UPDATE register_seal SET signature = '\\x00' WHERE number = 3", 3, Fault.UNSIGNED),
        ("UPDATE register_seal SET token = '\\x00' WHERE number = 3", 3, Fault.UNSTAMPED),
        ("UPDATE register_seal SET token = (SELECT token FROM register_seal WHERE number = 1) WHERE number = 3", 3, Fault.UNSTAMPED),
        ("DELETE FROM register_seal WHERE number = 1", 1, Fault.MISSING),
        ("DELETE FROM register_seal WHERE number = 2", 2, Fault.MISSING),
        ("DELETE FROM register_seal", 1, Fault.MISSING),
        ("DELETE FROM register_seal WHERE number > 1", 2, Fault.MISSING),
        ("UPDATE register_seal SET number = number + 5 WHERE number = 3", 3, Fault.MISSING),
    ],
)
def test_a_seal_changed_moved_or_removed_is_found(
    chains: list[Chain], tamper: Any, change: str, number: int, fault: Fault, capsys: Any
) -> None:
    tamper(change)

    assert verify_seals() == SealBreak(number, fault)
    assert f"seal {number}: {fault}" in refused(capsys)


def test_seals_that_changed_places_are_found(chains: list[Chain], tamper: Any) -> None:
    for number, to in ((1, 99), (2, 1), (99, 2)):
        tamper(f"UPDATE register_seal SET number = {to} WHERE number = {number}")

    assert verify_seals() == SealBreak(1, Fault.MOVED)


def test_the_tokens_of_earlier_seals_are_looked_at_when_asked(chains: list[Chain], tamper: Any) -> None:
    tamper("UPDATE register_seal SET token = '\\x00' WHERE number = 1")

    assert verify_seals() is None
    assert verify_seals(all_tokens=True) == SealBreak(1, Fault.UNSTAMPED)


def forged(previous: bytes, **changed: Any) -> Seal:
    """A seal that nobody here put: hashed as it should be, with a true timestamp of now, signed by nobody."""
    made = Seal.objects.last_put()
    assert made
    made.number, made.previous = made.number + 1, previous
    for name, value in changed.items():
        setattr(made, name, value)
    made.hash = canonical.sealed(made.payload())
    made.token = token_over(bytes(made.hash))
    return made


def test_a_forged_seal_lacks_the_signature(chains: list[Chain]) -> None:
    forged(bytes(Seal.objects.last_put().hash)).save(force_insert=True)  # type: ignore[union-attr]

    assert verify_seals() == SealBreak(4, Fault.UNSIGNED)


def test_a_seal_signed_now_for_an_earlier_day_lacks_the_timestamp(chains: list[Chain]) -> None:
    """Even the seal's own key does not bring back the hour."""
    last = Seal.objects.last_put()
    assert last
    late = forged(bytes(last.hash), at=last.at.replace(year=last.at.year - 1))
    late.signature, late.key_id = seal.current().sign(bytes(late.hash))
    late.save(force_insert=True)

    assert verify_seals() == SealBreak(4, Fault.UNSTAMPED)


ATTACKS = [
    "UPDATE register_seal SET at = at",
    "DELETE FROM register_seal",
    "TRUNCATE register_seal",
    "UPDATE register_sealed SET seq = seq",
    "DELETE FROM register_sealed",
    "TRUNCATE register_sealed",
    "INSERT INTO register_sealed SELECT position + 9, chain_id, seq, head FROM register_sealed",
    "INSERT INTO register_sealed SELECT 6, chain_id, 7, head FROM register_sealed LIMIT 1",
    "INSERT INTO register_seal SELECT number + 9, at, size, root, previous, whole, frontier, hash, signature, key_id, token FROM register_seal",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_application_s_own_role_is_refused(chains: list[Chain], attack: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)

    assert verify_seals(all_tokens=True) is None


@pytest.mark.parametrize("attack", ATTACKS)
def test_even_the_owner_must_first_switch_the_guard_off(chains: list[Chain], committed: Any, attack: str) -> None:
    with committed.as_owner() as owner, pytest.raises(Exception, match=r"append-only|does not follow"):
        owner.execute(attack)

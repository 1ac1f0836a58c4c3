"""The database refuses to change the register; whoever owns the database can, and verification says where."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from backend.people.actor import Actor
from backend.register import canonical
from backend.register.entries import open_chain, record
from backend.register.models import Chain
from backend.register.verify import Break, Fault, verify

PLATFORM = Actor(user_id=None, name="Commun Accord")
EVERYONE = ["court", "parties"]
LENGTH = 6


@pytest.fixture
def chain(committed: Any, settings: Any) -> Chain:
    """A chain of six entries, between two others."""
    settings.REGISTER_SUBSCRIBERS = []
    books = [open_chain() for _ in range(3)]
    for book in books:
        with transaction.atomic():
            for number in range(LENGTH):
                record(book, "case.noted", PLATFORM, audience=EVERYONE, facts={"number": number})
    return books[1]


@pytest.fixture
def tamper(committed: Any, chain: Chain) -> Callable[..., None]:
    """Run a statement on the chain as the owner of the database, with every guard switched off."""

    def run(statement: str, **values: Any) -> None:
        with committed.as_owner() as owner:
            for table in ("register_entry", "register_chain"):
                owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            owner.execute(statement, {"chain": chain.pk, **values})

    return run


def broken(chain: Chain, seq: int, fault: Fault) -> list[Break]:
    return [Break(chain.pk, seq, fault)]


def test_an_untouched_register_holds(chain: Chain, capsys: Any) -> None:
    assert list(verify(all_signatures=True)) == []
    call_command("verify_register")
    call_command("verify_register", str(chain.pk))
    assert capsys.readouterr().out.count("the register holds") == 2


def test_a_register_without_entries_holds(committed: Any) -> None:
    open_chain()
    assert list(verify()) == []


COPY = (
    "INSERT INTO register_entry SELECT (json_populate_record(e, json_build_object('id', uuidv7(), 'seq', {seq}))).*"
    " FROM register_entry e WHERE seq = {of}"
)
FORGE = "UPDATE register_entry SET payload = %(payload)s, hash = %(hash)s, facts = %(facts)s WHERE seq = %(seq)s AND chain_id = %(chain)s"
ATTACKS = [
    "UPDATE register_entry SET kind = 'case.closed' WHERE seq = 3",
    "UPDATE register_entry SET kind = kind",
    "DELETE FROM register_entry WHERE seq = 6",
    "TRUNCATE register_entry CASCADE",
    "TRUNCATE register_chain CASCADE",
    "ALTER TABLE register_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER entry_kept ON register_entry",
    "SET session_replication_role = replica",
    "DELETE FROM register_chain",
    "UPDATE register_chain SET seq = seq - 1",
    "UPDATE register_chain SET seq = seq + 1",
    "UPDATE register_chain SET seq = seq + 1, head = '\\x00'",
    COPY.format(seq=7, of=6),
    COPY.format(seq=9, of=6),
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_application_s_own_role_is_refused(chain: Chain, attack: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)

    assert list(verify(all_signatures=True)) == []


@pytest.mark.parametrize("attack", [*ATTACKS[:5], *ATTACKS[8:12]])
def test_even_the_owner_must_first_switch_the_guard_off(chain: Chain, committed: Any, attack: str) -> None:
    with committed.as_owner() as owner, pytest.raises(Exception, match=r"append-only|only advances"):
        owner.execute(attack)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("kind = 'case.closed'", Fault.REWRITTEN),
        ("at = at - interval '1 day'", Fault.REWRITTEN),
        ("actor_id = uuidv7()", Fault.REWRITTEN),
        ("on_behalf_of = uuidv7()", Fault.REWRITTEN),
        ("organisation_id = uuidv7()", Fault.REWRITTEN),
        ("about_type = 'people.user'", Fault.REWRITTEN),
        ("about_id = uuidv7()", Fault.REWRITTEN),
        ("id = uuidv7()", Fault.REWRITTEN),
        ('digests = \'{"petition": "00"}\'', Fault.REWRITTEN),
        ("facts = '{\"number\": 7}'", Fault.REWRITTEN),
        ("audience = '{court}'", Fault.REWRITTEN),
        ("payload = payload || '\\x20'", Fault.CHANGED),
        ("hash = sha256(hash)", Fault.CHANGED),
        ("previous = sha256(previous)", Fault.MOVED),
    ],
)
def test_a_changed_entry_is_found_where_it_stands(chain: Chain, tamper: Any, change: str, fault: Fault) -> None:
    tamper(f"UPDATE register_entry SET {change} WHERE seq = 3 AND chain_id = %(chain)s")

    assert list(verify()) == broken(chain, 3, fault)


def test_an_entry_changed_with_its_hash_breaks_the_next(chain: Chain, tamper: Any) -> None:
    entry = chain.entries.get(seq=3)
    payload = bytes(entry.payload).replace(b'"number":2', b'"number":5')
    forged = canonical.digest(bytes(entry.previous), payload)
    tamper(
        FORGE,
        seq=3,
        facts='{"number": 5}',
        payload=payload,
        hash=forged,
    )

    assert list(verify()) == broken(chain, 4, Fault.MOVED)


def test_a_whole_chain_hashed_anew_lacks_the_seal(chain: Chain, tamper: Any) -> None:
    last = chain.entries.get(seq=LENGTH)
    payload = bytes(last.payload).replace(b'"number":5', b'"number":6')
    forged = canonical.digest(bytes(last.previous), payload)
    tamper(
        FORGE,
        seq=6,
        facts='{"number": 6}',
        payload=payload,
        hash=forged,
    )
    tamper("UPDATE register_chain SET head = %(head)s WHERE id = %(chain)s", head=forged)

    assert list(verify()) == broken(chain, LENGTH, Fault.UNSIGNED)


def test_each_signature_is_looked_at_when_asked(chain: Chain, tamper: Any) -> None:
    tamper("UPDATE register_entry SET signature = '\\x00' WHERE seq = 2 AND chain_id = %(chain)s")

    assert list(verify()) == []
    assert list(verify(all_signatures=True)) == broken(chain, 2, Fault.UNSIGNED)


def test_a_key_that_is_not_ours_vouches_for_nothing(chain: Chain, tamper: Any) -> None:
    tamper("UPDATE register_entry SET key_id = '../../etc/passwd' WHERE seq = 6 AND chain_id = %(chain)s")

    assert list(verify()) == broken(chain, LENGTH, Fault.UNSIGNED)


@pytest.mark.parametrize("gone", [1, 3])
def test_a_removed_entry_leaves_a_hole(chain: Chain, tamper: Any, gone: int) -> None:
    tamper(f"DELETE FROM register_entry WHERE seq = {gone} AND chain_id = %(chain)s")

    assert list(verify()) == broken(chain, gone, Fault.MISSING)


def test_a_removed_entry_is_missed_though_the_others_close_up(chain: Chain, tamper: Any) -> None:
    tamper("DELETE FROM register_entry WHERE seq = 3 AND chain_id = %(chain)s")
    tamper("UPDATE register_entry SET seq = seq - 1 WHERE seq > 3 AND chain_id = %(chain)s")
    tamper("UPDATE register_chain SET seq = seq - 1 WHERE id = %(chain)s")

    assert list(verify()) == broken(chain, 3, Fault.MOVED)


def test_entries_that_changed_places_are_found(chain: Chain, tamper: Any) -> None:
    for seq, to in ((3, 99), (4, 3), (99, 4)):
        tamper(f"UPDATE register_entry SET seq = {to} WHERE seq = {seq} AND chain_id = %(chain)s")

    assert list(verify()) == broken(chain, 3, Fault.MOVED)


def test_an_entry_slipped_in_is_found(chain: Chain, tamper: Any) -> None:
    tamper("UPDATE register_entry SET seq = seq + 101 WHERE seq > 2 AND chain_id = %(chain)s")
    tamper("UPDATE register_entry SET seq = seq - 100 WHERE seq > 100 AND chain_id = %(chain)s")
    tamper(COPY.format(seq=3, of=2) + " AND chain_id = %(chain)s")
    tamper("UPDATE register_chain SET seq = seq + 1 WHERE id = %(chain)s")

    assert list(verify()) == broken(chain, 3, Fault.MOVED)


def test_an_entry_moved_to_another_chain_is_found(chain: Chain, tamper: Any) -> None:
    other = open_chain()
    tamper("UPDATE register_entry SET chain_id = %(other)s WHERE seq = 1 AND chain_id = %(chain)s", other=other.pk)

    assert {(found.chain, found.seq, found.fault) for found in verify()} == {(chain.pk, 1, Fault.MISSING), (other.pk, 1, Fault.MOVED)}


@pytest.mark.parametrize("kept", [0, 2, 5])
def test_a_tail_cut_off_is_missed(chain: Chain, tamper: Any, kept: int) -> None:
    tamper(f"DELETE FROM register_entry WHERE seq > {kept} AND chain_id = %(chain)s")

    assert list(verify()) == broken(chain, kept + 1, Fault.CUT)


def test_an_emptied_register_is_missed_in_every_chain(chain: Chain, tamper: Any) -> None:
    tamper("TRUNCATE register_entry CASCADE")

    assert [(found.seq, found.fault) for found in verify()] == [(1, Fault.CUT)] * 3


def test_the_command_says_where_and_fails(chain: Chain, tamper: Any, capsys: Any) -> None:
    tamper("UPDATE register_entry SET kind = 'case.closed' WHERE seq = 3 AND chain_id = %(chain)s")

    with pytest.raises(SystemExit) as end:
        call_command("verify_register")

    assert end.value.code == 1
    assert f"{chain.pk}: broken at 3: rewritten" in capsys.readouterr().out

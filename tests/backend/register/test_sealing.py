"""Seals over all chains: what they hold, when they are put, and that nothing waits for them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction

from backend import clock
from backend.errors import Invalid, Unavailable
from backend.people.actor import Actor
from backend.register import checks, rounds, sealing
from backend.register.entries import open_chain, record
from backend.register.models import Chain, Seal, Sealed
from backend.register.tree import Frontier, leaf
from backend.register.verify_seals import standing, verify_heads, verify_seals
from backend.work import Later, doing
from backend.work.models import Owed

PLATFORM = Actor(user_id=None, name="Commun Accord")


@pytest.fixture(autouse=True)
def nobody_listens(settings: Any) -> None:
    settings.REGISTER_SUBSCRIBERS = []


def written(chain: Chain | None = None, entries: int = 1) -> Chain:
    book = chain or open_chain()
    for _ in range(entries):
        record(book, "case.noted", PLATFORM, audience=["court"])
    return book


def silent(_digest: bytes) -> bytes:
    raise Unavailable


def test_what_went_on_is_sealed_and_the_rest_stays_in_the_tree(db: None) -> None:
    first, second = written(), written(entries=3)
    open_chain()  # nothing in it yet: nothing to seal

    assert sealing.seal_changed() == 2
    written(first)
    assert sealing.seal_changed() == 1
    assert sealing.seal_changed() == 0

    heads = [(head.chain_id, head.seq) for head in Sealed.objects.order_by("position")]
    assert (set(heads[:2]), heads[2]) == ({(first.pk, 1), (second.pk, 3)}, (first.pk, 2))
    tree = Frontier()
    for one in Sealed.objects.order_by("position"):
        tree.append(leaf(one.chain_id, one.seq, bytes(one.head)))
    last = Seal.objects.last_put()
    assert last
    assert (last.number, last.size, bytes(last.root)) == (2, 3, tree.root())
    assert (standing().number, standing().size) == (2, 3)
    assert verify_seals(all_tokens=True) is None
    assert list(verify_heads()) == []


def test_the_night_looks_at_every_chain_and_seals_the_whole_even_where_nothing_is_new(db: None, monkeypatch: Any) -> None:
    missed = written()
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "CHANGED_SINCE", sealing.CHANGED_SINCE.replace("ORDER BY", "AND false ORDER BY"))
        assert sealing.seal_changed() == 0

    sealing.seal_all()
    assert list(Sealed.objects.values_list("chain_id", "seq")) == [(missed.pk, 1)]
    again = sealing.seal_all()
    assert (again.whole, again.size, again.number) == (True, 1, 3)
    assert verify_seals(all_tokens=True) is None


def test_a_chain_left_alone_for_a_year_is_sealed_again(db: None, monkeypatch: Any) -> None:
    written()
    sealing.seal_changed()
    sealing.seal_all()
    assert Sealed.objects.count() == 1

    monkeypatch.setattr(sealing, "RENEWED_AFTER", timedelta(seconds=-1))
    sealing.seal_all()
    assert Sealed.objects.count() == 2
    assert verify_seals(all_tokens=True) is None


def test_many_heads_go_under_several_seals(db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(sealing, "AT_ONCE", 2)
    chains = [written() for _ in range(5)]

    assert sealing.seal_changed() == 5
    assert [seal.size for seal in Seal.objects.order_by("number")] == [2, 4, 5]
    written(chains[3])
    assert sealing.seal_all().number == 5
    assert verify_seals(all_tokens=True) is None


def test_without_a_timestamp_nothing_is_kept_and_it_is_asked_for_again(db: None, settings: Any) -> None:
    written()
    settings.REGISTER_TIMESTAMP = f"{__name__}.silent"
    with pytest.raises(Later):
        sealing.work(sealing.CHANGED)
    assert not Seal.objects.exists()
    assert not Sealed.objects.exists()

    settings.REGISTER_TIMESTAMP = "signatures.tokens.token_over"
    sealing.work(sealing.CHANGED)
    assert Sealed.objects.count() == 1


def test_a_timestamp_that_is_not_trusted_here_seals_nothing(db: None, settings: Any) -> None:
    written()
    settings.REGISTER_TIMESTAMP = f"{__name__}.of_something_else"
    with pytest.raises(Invalid):
        sealing.work(sealing.CHANGED)
    assert not Seal.objects.exists()


def of_something_else(_digest: bytes) -> bytes:
    from signatures.tokens import token_over

    return token_over(bytes(32))


def test_an_authority_that_is_silent_all_day_parks_no_job_and_holds_back_nothing(committed: Any, settings: Any) -> None:
    chain = written()
    settings.REGISTER_TIMESTAMP = f"{__name__}.silent"
    for hour in range(24):
        with clock.at(clock.now() + timedelta(hours=hour)):
            rounds.owe_seals()
            doing.run_due(20, tolerant=True)
    assert not Owed.objects.parked().exists()
    written(chain)

    settings.REGISTER_TIMESTAMP = "signatures.tokens.token_over"
    with clock.at(clock.now() + timedelta(days=2)):
        doing.run_due()
    assert not Owed.objects.exists()
    assert Sealed.objects.get().seq == 2


def test_two_beats_owe_one_seal_and_one_night(committed: Any) -> None:
    written()
    noon = clock.now().replace(hour=12)
    for _ in range(2):
        with clock.at(noon):
            rounds.owe_seals()
    assert Owed.objects.filter(kind=rounds.KIND).count() == 2

    with clock.at(noon):
        doing.run_due()
        rounds.owe_seals()
        doing.run_due()
    assert list(Seal.objects.order_by("number").values_list("whole", flat=True)) == [False, True]


def test_of_two_who_seal_at_once_one_does(db: None) -> None:
    """The second finds its place taken: nothing of it is kept."""
    chain = written()
    stale = Seal.following(None, Frontier(), clock.machine(), whole=True)
    stale.token = b""
    sealing.seal_changed()

    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        stale.save(force_insert=True)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Sealed.objects.create(position=0, chain_id=chain.pk, seq=1, head=chain.head)
    assert verify_seals(all_tokens=True) is None


def test_a_register_that_was_never_sealed_says_so(db: None, capsys: Any) -> None:
    written()
    call_command("verify_register")
    assert "not sealed yet" in capsys.readouterr().out

    sealing.seal_changed()
    call_command("verify_register", "--all-signatures")
    assert "seal 1, 1 heads" in capsys.readouterr().out


def test_a_function_of_timestamps_that_is_not_there_is_told_before_deployment(settings: Any) -> None:
    assert checks.timestamps_can_be_had_and_checked() == []
    settings.REGISTER_TIMESTAMP = "signatures.tokens.none"
    assert [fault.id for fault in checks.timestamps_can_be_had_and_checked()] == ["register.E001"]

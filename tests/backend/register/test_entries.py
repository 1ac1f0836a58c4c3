"""Recording: what is written, what is bound, what is owed."""

import json
from datetime import UTC, datetime
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend import clock
from backend.errors import Conflict, NotFound
from backend.people.actor import Actor
from backend.register import canonical
from backend.register import verify as verifying
from backend.register.entries import open_chain, record
from backend.register.models import Chain, Entry
from backend.register.verify import verify
from backend.work.models import Owed

PLATFORM = Actor(user_id=None, name="Commun Accord")
EVERYONE = ["court", "parties"]
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
VALUE = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT | st.uuids()
FACTS = st.dictionaries(TEXT, st.recursive(VALUE, st.lists, max_leaves=5))


def test_an_entry_says_who_for_whom_what_and_when(db: None) -> None:
    clerk, helped, court = uuid4(), uuid4(), uuid4()
    actor = Actor(user_id=clerk, name="Greffe", organisation_id=court, on_behalf_of=helped)
    chain = open_chain()

    with clock.at(datetime(2026, 3, 2, 9, 30, tzinfo=UTC)):
        bound = {"digests": {"petition": "ab" * 32}, "facts": {"rg": "26/00001"}}
        entry = record(chain, "filing.accepted", actor, about=chain, audience=["court"], **bound)

    told = json.loads(Entry.objects.get(pk=entry.pk).payload)
    assert told == {
        "id": str(entry.pk),
        "chain": str(chain.pk),
        "seq": 1,
        "kind": "filing.accepted",
        "at": "2026-03-02T09:30:00.000000Z",
        "actor": str(clerk),
        "on_behalf_of": str(helped),
        "organisation": str(court),
        "about": ["register.chain", str(chain.pk)],
        "digests": {"petition": "ab" * 32},
        "facts": {"rg": "26/00001"},
        "audience": ["court"],
    }


def test_entries_follow_one_another_and_the_chain_knows_its_end(db: None) -> None:
    chain = open_chain()
    first, second = record(chain, "case.opened", PLATFORM, audience=EVERYONE), record(chain, "party.joined", PLATFORM, audience=EVERYONE)

    stored = Chain.objects.get(pk=chain.pk)
    assert (first.seq, second.seq, stored.seq, stored.head) == (1, 2, 2, second.hash)
    assert (first.previous, second.previous) == (canonical.genesis(chain.pk), first.hash)


def test_an_entry_is_owed_to_each_subscriber_in_the_order_of_its_chain(db: None, settings: Any) -> None:
    settings.REGISTER_SUBSCRIBERS = ["feed", "mail"]
    chain = open_chain()
    entries = [record(chain, "case.opened", PLATFORM, audience=EVERYONE) for _ in range(3)]

    for name in settings.REGISTER_SUBSCRIBERS:
        owed = Owed.objects.filter(kind=f"register.{name}", lane=f"{chain.pk}:{name}").order_by("position")
        assert [job.subject for job in owed] == [str(entry.pk) for entry in entries]


def test_recording_takes_three_statements(db: None, django_assert_num_queries: Any) -> None:
    chain = open_chain()
    record(chain, "case.opened", PLATFORM, audience=EVERYONE)

    with django_assert_num_queries(3):
        record(chain, "case.opened", PLATFORM, audience=EVERYONE)


def test_a_chain_that_is_not_there_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        Chain.objects.locked(pk=uuid4())


@pytest.mark.parametrize("value", [1.5, b"bytes", object(), {"nested": [0.1]}])
def test_a_fact_without_one_canonical_form_is_refused(db: None, value: Any) -> None:
    with pytest.raises(TypeError):
        record(open_chain(), "case.opened", PLATFORM, audience=EVERYONE, facts={"value": value})


def test_a_kind_is_a_matter_and_a_verb(db: None) -> None:
    with pytest.raises(IntegrityError, match="entry_kind_is_matter_and_verb"):
        record(open_chain(), "Opened", PLATFORM, audience=EVERYONE)


def test_the_same_text_written_in_two_ways_has_one_form() -> None:
    assert canonical.payload({"name": "e\u0301"}) == canonical.payload({"name": "\u00e9"})


@given(FACTS)
def test_the_canonical_form_does_not_depend_on_the_order_of_keys(facts: dict[str, Any]) -> None:
    assert canonical.payload(facts) == canonical.payload(dict(reversed(facts.items())))
    assert canonical.plain(canonical.plain(facts)) == canonical.plain(facts)


@given(st.lists(FACTS, min_size=1, max_size=6))
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_recorded_verifies(db: None, written: list[dict[str, Any]]) -> None:
    chain = open_chain()
    for facts in written:
        record(chain, "case.noted", PLATFORM, audience=EVERYONE, facts=facts)

    assert list(verify(chain.pk, all_signatures=True)) == []


def test_many_at_once_leave_one_chain_without_gap_or_fork(committed: Any, settings: Any) -> None:
    settings.REGISTER_SUBSCRIBERS = []
    chain = open_chain()

    def write() -> None:
        for _ in range(20):
            with transaction.atomic():
                record(Chain.objects.locked(pk=chain.pk), "case.noted", PLATFORM, audience=EVERYONE)
        connection.close()

    writers = [Thread(target=write) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 121))
    assert list(verify(all_signatures=True)) == []


def test_who_did_not_lock_the_chain_cannot_fork_it(committed: Any, settings: Any) -> None:
    settings.REGISTER_SUBSCRIBERS = []
    chain = open_chain()
    stale = Chain.objects.get(pk=chain.pk)
    record(chain, "case.opened", PLATFORM, audience=EVERYONE)

    with pytest.raises((Conflict, DatabaseError)), transaction.atomic():
        record(stale, "case.opened", PLATFORM, audience=EVERYONE)

    assert list(verify()) == []


MARKS = st.text(st.sampled_from('",: {}[]\\ax\u00e9'), max_size=6)
NESTED = st.dictionaries(MARKS, st.recursive(MARKS | st.integers(0, 12) | st.none(), st.lists, max_leaves=3), max_size=3)


@given(NESTED, NESTED, st.lists(MARKS, max_size=3), MARKS, st.sampled_from(["", " ", ", ", ": "]))
@hypothesis_settings(max_examples=400, deadline=None)
def test_the_fast_comparison_never_takes_what_the_slow_one_refuses(
    digests: dict[str, Any], facts: dict[str, Any], audience: list[str], kind: str, gone: str
) -> None:
    """The columns as the database gives them, against the bytes of other columns, from which some marks were taken out."""
    row = {name: str(uuid4()) for name in ("id", "chain", "actor")} | {"at": "2026-03-02T09:30:00.000000Z", "seq": 1, "about": ["", None]}

    def without(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(gone, gone.strip()) if gone else value
        if isinstance(value, list):
            return [without(one) for one in value]
        return {without(key): without(one) for key, one in value.items()} if isinstance(value, dict) else value

    told = row | {"on_behalf_of": None, "organisation": None, "kind": without(kind), "digests": without(digests), "facts": without(facts)}
    payload = canonical.payload(told | {"audience": without(audience)})
    given = [json.dumps(one, ensure_ascii=False) if one else None for one in (digests, facts)]
    columns = [row["id"], row["chain"], kind, row["at"], row["actor"], None, None, "", None, *given, audience]
    if verifying._written(1, columns) == payload:
        assert verifying._read(payload, 1, columns)


def test_an_ordinary_entry_is_compared_without_being_read(db: None, monkeypatch: Any) -> None:
    chain = open_chain()
    record(chain, "filing.accepted", PLATFORM, about=chain, audience=EVERYONE, digests={"petition": "ab" * 32}, facts={"rg": "26/00001"})
    monkeypatch.setattr(verifying, "_read", lambda *_: False)
    assert list(verify(chain.pk)) == []

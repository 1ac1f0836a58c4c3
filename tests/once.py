"""What is done once in a run and put back wherever it is asked for again: the very rows, objects and letters that the actions made.

A case brought to its hearing costs seconds, and hundreds of tests begin there. Whoever asks first plays it, and keeps what has become of the
database since the cast came; the others get the same rows with the same identities, in their own transaction and bucket. Where something
is not as it was when the cast came (a clock that is set, another case), it is played anew; settings that are changed keep plays of their own.
"""

import fcntl
import hashlib
import json
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.conf import UserSettingsHolder, settings
from django.core import mail
from django.db import IntegrityError, connection, models, transaction

from backend import clock
from backend.errors import NotFound
from documents import storage
from tests import servers

LEFT_ALONE = {"django_content_type", "auth_permission", "django_session"}
REGISTER = ("register_chain", "register_entry")
Rows = dict[str, dict[str, str]]  # of each table, each row by its primary key, as JSON


@dataclass(frozen=True)
class Kept:
    """What a piece of play answered, and left behind."""

    answer: Any
    added: dict[str, list[str]]
    changed: dict[str, list[str]]
    objects: dict[str, bytes]
    letters: tuple[Any, ...]
    end: str  # the digest of all rows afterwards


def once(name: str, play: Callable[[], Any], since: str = "") -> tuple[Any, str]:
    """What `play` answers, played by whoever asks first in this run, and the digest of the rows there were then.

    `since` is that digest where the play begins: it is not kept where something else is there already.
    """
    path = Path(servers.here().folder) / f"once-{name}-{changed_settings()}.pickle"
    with open(path.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            kept = pickle.loads(path.read_bytes())
            try:
                put_back(kept)
            except IntegrityError:  # a number that one of its rows has is taken here: something else was owed meanwhile
                return play(), ""
        elif since in ("", digest(before := rows())):
            kept = watched(play, before if since else rows())
            path.write_bytes(pickle.dumps(kept))
        else:
            return play(), ""
    return kept.answer, kept.end


def as_usual() -> bool:
    """Whether this is a run of tests where nobody has set the clock."""
    return "TEST_SERVERS" in os.environ and abs((clock.now() - clock.machine()).total_seconds()) < 1


def changed_settings() -> str:
    """The digest of the settings that a test has changed."""
    found, held = {}, settings._wrapped
    while isinstance(held, UserSettingsHolder):
        found = {name: repr(value) for name, value in held.__dict__.items() if name.isupper() and name != "S3_BUCKET"} | found
        held = held.__dict__["default_settings"]
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:16]


def watched(play: Callable[[], Any], before: Rows) -> Kept:
    """Play, and keep what has become of rows, objects and letters."""
    keys: list[str] = []
    letters, store = len(getattr(mail, "outbox", ())), storage.put

    def put(key: str, *rest: Any) -> None:
        store(key, *rest)
        keys.append(key)

    with patch.object(storage, "put", put):
        answer = play()
    after = rows()
    assert all(before[table].keys() <= found.keys() for table, found in after.items()), "rows that went are not put back"
    added = {table: [row for key, row in found.items() if key not in before[table]] for table, found in after.items()}
    changed = {table: [row for key, row in found.items() if before[table].get(key, row) != row] for table, found in after.items()}
    return Kept(answer, added, changed, dict(contents(keys)), tuple(getattr(mail, "outbox", ())[letters:]), digest(after))


def contents(keys: list[str]) -> Iterator[tuple[str, bytes]]:
    """The objects that are still there."""
    for key in keys:
        with suppress(NotFound):
            yield key, b"".join(storage.get(key))


def put_back(kept: Kept) -> None:
    """The same rows, objects and letters, here."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables():
            if table.name not in REGISTER and (added := kept.added[table.name]):
                cursor.execute(table.insert, [f"[{','.join(added)}]"])
            for row in kept.changed[table.name] if table.name not in REGISTER else ():
                cursor.execute(table.update, [row, json.loads(row)[table.key]])
        enter(cursor, kept)
    for key, content in kept.objects.items():
        storage.put(key, BytesIO(content), len(content))
    count_on([table for table in tables() if table.counted and kept.added[table.name]])
    if hasattr(mail, "outbox"):
        mail.outbox += kept.letters


def enter(cursor: Any, kept: Kept) -> None:
    """The register guards itself: a chain begins empty, and each entry follows the one before."""
    chain, entry = (next(table for table in tables() if table.name == name) for name in REGISTER)
    entries = sorted(map(json.loads, kept.added[entry.name]), key=lambda row: row["seq"])
    before = {row["chain_id"]: row["previous"] for row in entries if row["seq"] == 1}
    begun = [row | {"seq": 0, "head": before.get(row["id"], row["head"])} for row in map(json.loads, kept.added[chain.name])]
    cursor.execute(chain.insert, [json.dumps(begun)])
    for row in entries:
        cursor.execute(entry.insert, [json.dumps([row])])
        cursor.execute(f"UPDATE {chain.name} SET seq = %s, head = %s::bytea WHERE id = %s", [row["seq"], row["hash"], row["chain_id"]])


def rows() -> Rows:
    """Every row there is."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT {table.key}::text, to_jsonb(row)::text FROM {table.name} AS row")
            found[table.name] = dict(cursor.fetchall())
    return found


def digest(found: Rows) -> str:
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Table:
    """One table, and how rows of JSON get into it."""

    name: str
    key: str
    columns: str
    counted: bool

    @property
    def insert(self) -> str:
        columns, given = self.columns, f"jsonb_populate_recordset(NULL::{self.name}, %s)"
        return f"INSERT INTO {self.name} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {given}"

    @property
    def update(self) -> str:
        columns, given = self.columns, f"jsonb_populate_record(NULL::{self.name}, %s)"
        return f"UPDATE {self.name} SET ({columns}) = (SELECT {columns} FROM {given}) WHERE {self.key} = %s"


@cache
def tables() -> list[Table]:
    found = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy]
    return [
        Table(
            meta.db_table,
            meta.pk.column,
            ", ".join(f'"{field.column}"' for field in meta.local_concrete_fields if not field.generated),
            isinstance(meta.pk, models.AutoField | models.BigAutoField),
        )
        for meta in found
        if meta.db_table not in LEFT_ALONE
    ]


def count_on(counted: list[Table]) -> None:
    """The numbers that a table gives come after those put back."""
    with servers.here().postgres.connect("owner", connection.settings_dict["NAME"]) as owner, connection.cursor() as cursor:
        for table in counted:
            cursor.execute(f"SELECT max({table.key}), pg_get_serial_sequence(%s, %s) FROM {table.name}", [table.name, table.key])
            last, sequence = cursor.fetchone()
            owner.execute(f"SELECT setval(%s, greatest(%s, (SELECT last_value FROM {sequence})))", [sequence, last])

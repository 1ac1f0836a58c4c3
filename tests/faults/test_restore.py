"""A backup restored as docs/operating.md says, on another database, another bucket, another folder of keys."""

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from backend.register.models import Entry
from backend.register.seal import current
from backend.register.verify import verify
from backend.stack.postgres import binary
from cases.models import Case
from documents import sweeping, vault
from documents.models import Version
from signatures import validation
from tests import servers
from tests.conftest import _clone, _drop, _pointed_at
from tests.world import World

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"


def counts() -> dict[str, int]:
    """How many rows each table holds."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        found = {}
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            found[name] = cursor.fetchone()[0]
    return found


def postgres(program: str, *options: str) -> None:
    subprocess.run([binary(program), *options], check=True)


@pytest.fixture
def elsewhere(committed: Any) -> Any:
    """A database just prepared, as on a new machine."""
    name = f"{committed.name}_restored"
    _clone(name)
    yield servers.here().postgres.url("postgres", name)
    _drop(name)


def test_the_register_verifies_documents_open_and_counts_match(committed: Any, elsewhere: str, settings: Any, tmp_path: Path) -> None:
    settings.REGISTER_SUBSCRIBERS = []
    case = World().joint_petition(at="check")
    before, key = counts(), current().key_id
    here = servers.here().postgres.url("postgres", committed.name)

    postgres("pg_dump", "--format=custom", f"--file={tmp_path / 'database'}", here)
    call_command("carry_objects", "save", tmp_path / "objects")
    shutil.copytree(settings.KEYS_DIR, tmp_path / "keys")

    settings.S3_BUCKET = f"{settings.S3_BUCKET}-restored"
    settings.KEYS_DIR = tmp_path / "keys"
    postgres("pg_restore", "--clean", "--if-exists", f"--dbname={elsewhere}", str(tmp_path / "database"))
    call_command("carry_objects", "load", tmp_path / "objects")

    with _pointed_at(elsewhere.rpartition("/")[2]):
        assert counts() == before
        assert list(verify(all_signatures=True)) == []
        assert Entry.objects.order_by("-at")[0].key_id == key
        assert sweeping.sweep().missing == ()
        for version in Version.objects.ready():
            assert sha256(vault.content(version)).hexdigest() == version.sha256
        signed = Case.objects.get(pk=case.pk).instruments.get(kind="petition").document.head
        assert all(one.ok for one in validation.validate(vault.content(signed)))


def test_the_restored_database_still_refuses_a_change_of_the_register(committed: Any, elsewhere: str, tmp_path: Path) -> None:
    here = servers.here().postgres.url("postgres", committed.name)
    postgres("pg_dump", "--format=custom", f"--file={tmp_path / 'database'}", here)
    postgres("pg_restore", "--clean", "--if-exists", f"--dbname={elsewhere}", str(tmp_path / "database"))

    name = elsewhere.rpartition("/")[2]
    for role, refusal in (("app", psycopg.errors.InsufficientPrivilege), ("owner", psycopg.errors.RestrictViolation)):
        with psycopg.connect(servers.here().postgres.url(role, name)) as database, pytest.raises(refusal):
            database.execute("TRUNCATE register_entry CASCADE")

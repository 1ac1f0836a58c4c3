"""`python -m backend.stack prepare`, on a server of its own: roles, schema and courts, as often as one likes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from backend.stack.checks import ROOT
from backend.stack.postgres import Postgres
from backend.stack.processes import wait_until

PASSWORDS = {"postgres": "super", "owner": "the:owner's", "app": "p@ss/word%"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A new cluster, as a container of PostgreSQL would be: one superuser, one empty database."""
    folder: Path = tmp_path_factory.mktemp("cluster")
    server = Postgres(folder / "data", PASSWORDS, folder / "log", hasty=True)
    server.start()
    wait_until(server.answers, server.process, server.log, name="PostgreSQL")
    with server.connect("postgres") as connection:
        connection.execute("CREATE DATABASE commun_accord")
    yield server
    server.ask = signal.SIGQUIT
    server.stop()


def address(server: Postgres, role: str) -> str:
    return f"postgres://{role}:{quote(PASSWORDS[role], safe='')}@127.0.0.1:{server.port}/commun_accord"


def prepare(server: Postgres, **more: str) -> "subprocess.CompletedProcess[str]":
    given = {"DATABASE_URL": address(server, "app"), "MIGRATOR_DATABASE_URL": address(server, "owner"), **more}
    command = [sys.executable, "-m", "backend.stack", "prepare"]
    return subprocess.run(command, cwd=ROOT, env=os.environ | given, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def prepared(server: Postgres) -> Postgres:
    done = prepare(server, SUPERUSER_DATABASE_URL=address(server, "postgres"))
    assert done.returncode == 0, done.stdout + done.stderr
    return server


def test_the_application_finds_the_schema_and_the_courts_and_makes_no_table(prepared: Postgres) -> None:
    with psycopg.connect(address(prepared, "app"), autocommit=True) as database:
        assert database.execute("SELECT count(*) > 150 FROM people_organisation WHERE kind = 'court'").fetchone() == (True,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            database.execute("CREATE TABLE mine (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            database.execute("DELETE FROM register_entry")


def test_neither_role_is_a_superuser_or_makes_databases(prepared: Postgres) -> None:
    with psycopg.connect(address(prepared, "postgres")) as database:
        rights = database.execute("SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname IN ('owner', 'app')").fetchall()
    assert rights == [(False, False, False)] * 2


def test_a_second_time_without_the_superuser_leaves_all_as_it_was(prepared: Postgres) -> None:
    with psycopg.connect(address(prepared, "app"), autocommit=True) as database:
        database.execute("UPDATE people_organisation SET city = 'Ailleurs' WHERE name LIKE '%Rouen%'")

    assert prepare(prepared).returncode == 0

    with psycopg.connect(address(prepared, "app")) as database:
        assert database.execute("SELECT count(*) FROM people_organisation WHERE city = 'Ailleurs'").fetchone() == (1,)


def test_a_migration_that_fails_is_told_to_the_one_who_waits(prepared: Postgres) -> None:
    assert prepare(prepared, MIGRATOR_DATABASE_URL=address(prepared, "app").replace("app:", "nobody:")).returncode != 0

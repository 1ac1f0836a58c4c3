"""The databases, workers and servers of the tests: all real, each test's own, nothing left afterwards."""

import fcntl
import gc
import itertools
import os
import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from channels.layers import channel_layers
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import translation
from psycopg import sql

from backend.stack.postgres import grant
from tests import servers, strict
from tests.programs import Program, server_on, worker_on

_numbers = itertools.count(1)
LONGEST = ("test_role_table", "test_in_the_browser", "test_demo", "test_run", "test_over_the_api", "test_case_pages", "test_every_page")


def pytest_collection_finish() -> None:
    """What was loaded stays: the collector need not look through it again and again, which takes a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest modules begin first, so that no process is alone with one of them at the end."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


def _owner() -> "psycopg.Connection[tuple[object, ...]]":
    """The owner's connection, to make and drop databases."""
    return servers.here().postgres.connect("owner")


def _clone(name: str, template: str = "") -> None:
    template = template or servers.here().template
    with _owner() as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def _drop(name: str) -> None:
    """Drop a database whoever is connected; where the server itself is vacuuming it, which its owner may not end, a moment later."""
    for _attempt in range(40):
        with _owner() as server, suppress(psycopg.errors.InsufficientPrivilege):
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            return
        time.sleep(0.25)
    raise RuntimeError(f"{name} could not be dropped")


@contextmanager
def _pointed_at(name: str) -> Iterator[None]:
    """Make both of Django's aliases work on database `name`."""
    before = connections.settings["default"]["NAME"]
    _point(name)
    try:
        yield
    finally:
        _point(before)


def _point(name: str) -> None:
    connections.close_all()
    for alias in ("default", "migrator"):
        connections.settings[alias]["NAME"] = name


@pytest.fixture(scope="session")
def template(django_db_blocker: Any) -> str:
    """The migrated database that every other is cloned from: made once per run, by whoever needs it first."""
    here = servers.here()
    with open(Path(here.folder) / "template.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _owner() as server:
            made = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [here.template]).fetchone()
        if not made:
            _migrate(here.template, django_db_blocker)
    return here.template


def _migrate(name: str, blocker: Any) -> None:
    """Make the template under another name first: a failed migration must not leave half of one."""
    half = f"{name}_half"
    postgres = servers.here().postgres
    _drop(half)
    with _owner() as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(half)))
    with postgres.connect("postgres", half) as database:
        database.execute("ALTER SCHEMA public OWNER TO owner")
    with postgres.connect("owner", half) as database:
        grant(database)
    with blocker.unblock(), _pointed_at(half):
        call_command("migrate", database="migrator", verbosity=0, interactive=False)
    with _owner() as server:
        server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name)))


@pytest.fixture(scope="session")
def django_db_setup(template: str) -> Iterator[None]:
    """This process's own database; `db` tests run in it as the application's role and roll back. No other may ask it anything."""
    name = servers.here().database
    _drop(name)
    _clone(name)
    with _pointed_at(name):
        yield
    _drop(name)


@pytest.fixture(scope="session", autouse=True)
def bucket() -> str:
    """This process's own bucket."""
    name = os.environ["S3_BUCKET"]
    servers.ensure_bucket(name)
    return name


@pytest.fixture(scope="module")
def _bucket_of_module(bucket: str) -> str:
    name = f"{bucket}-own-{next(_numbers)}"
    servers.ensure_bucket(name)
    return name


@pytest.fixture
def own_bucket(_bucket_of_module: str, settings: Any) -> str:
    """A bucket of this module's tests: whoever walks the whole store meets nothing that the others of the run left there."""
    settings.S3_BUCKET = _bucket_of_module
    return _bucket_of_module


@pytest.fixture(autouse=True)
def strictly() -> Iterator[None]:
    """What Django would pass over in silence fails, in every test: the template engine is made anew where one changes the settings.

    Each begins in the installation's language, whatever the one before asked a page in.
    """
    translation.activate(settings.LANGUAGE_CODE)
    with pytest.MonkeyPatch.context() as patch:
        strict.be_strict(patch)
        yield


@pytest.fixture(autouse=True)
def fresh_valkey() -> None:
    """Each test finds an empty cache, empty throttles and an empty queue."""
    with redis.Redis.from_url(os.environ["VALKEY_URL"]) as client:
        client.flushdb()


@dataclass(frozen=True)
class Committed:
    """A database of one test, where what is done is committed."""

    name: str
    environment: dict[str, str]
    url: str
    owner_url: str

    def as_owner(self) -> "psycopg.Connection[tuple[object, ...]]":
        """A connection of the database's owner: to tamper, to look, never to set up."""
        return psycopg.connect(self.owner_url, autocommit=True)


@pytest.fixture
def committed(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Committed]:
    """A database of the test's own, cloned from the template, with real commits. Excludes `db`."""
    if "db" in request.fixturenames:
        raise pytest.UsageError("a test takes `db` or `committed`, not both")
    with _database(django_db_blocker) as made:
        yield made


@contextmanager
def _database(blocker: Any, template: str = "", **more: str) -> Iterator[Committed]:
    """A database of one's own, which Django works on meanwhile; `more` goes to the programs that work on it."""
    here = servers.here()
    name = f"{here.database}_{next(_numbers)}"
    _clone(name, template)
    channel_layers.backends.clear()
    with blocker.unblock(), _pointed_at(name):
        environment = os.environ | here.environment(name) | more
        yield Committed(name, environment, here.postgres.url("app", name), here.postgres.url("owner", name))
    channel_layers.backends.clear()
    _drop(name)


@pytest.fixture
def worker(committed: Committed, tmp_path: Path) -> Iterator[Program]:
    """A real Celery worker with its beat, on the test's database."""
    program = worker_on(committed.environment, tmp_path).start()
    yield program
    program.stop()


@pytest.fixture
def server(committed: Committed, tmp_path: Path) -> Iterator[Program]:
    """The real web server, on the test's database."""
    program = server_on(committed.environment, tmp_path / "server.log").start()
    yield program
    program.stop()


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A running platform (`tests.outside.Site`) with its people and no case yet, shared by the tests of a module; what is done there stays."""
    from tests.outside import Site  # not above: the bricks' tests know no case
    from tests.world import World

    with (
        _database(django_db_blocker) as database,
        _serving(database, tmp_path_factory) as serve,
        closing(Site(serve().address, database, World(), serve)) as site,
    ):
        yield site


@pytest.fixture(scope="module")
def busy_site(played: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The same, where the cases of `played` went their way."""
    from tests.outside import Site

    with (
        pytest.MonkeyPatch.context() as patch,
        _database(django_db_blocker, played.database, S3_BUCKET=played.bucket) as database,
        _serving(database, tmp_path_factory) as serve,
        closing(Site(serve().address, database, played.world, serve)) as site,
    ):
        patch.setattr(settings, "S3_BUCKET", played.bucket)
        yield site


@contextmanager
def _serving(database: Committed, folders: pytest.TempPathFactory) -> Iterator[Callable[..., Program]]:
    """Start as many web servers as wanted. Their sockets look by themselves so seldom that what they hear, they were told."""
    folder, programs = folders.mktemp("site"), []

    def serve(**environment: str) -> Program:
        settings = {"LIVE_LOOK_SECONDS": "3600", "DOCUMENT_MAX_BYTES": "8000000", **environment}
        programs.append(server_on(database.environment | settings, folder / f"server-{len(programs)}.log"))
        return programs[-1].start()

    try:
        yield serve
    finally:
        for program in programs:
            program.stop()


@pytest.fixture(scope="session")
def played(django_db_setup: None, django_db_blocker: Any, bucket: str) -> Any:
    """Cases played once per run, by whoever needs them first (`tests.outside.Played`): what a test does, it does to a clone."""
    from tests.outside import Played

    name = f"played_{servers.here().run}"
    kept = Path(servers.here().folder) / "played"
    with open(kept.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            _drop(name)
            _clone(name)
            with django_db_blocker.unblock(), _pointed_at(name):
                cases = Played.in_database(name)
            kept.write_bytes(pickle.dumps(cases))
    return pickle.loads(kept.read_bytes())

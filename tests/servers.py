"""Starts the real servers once per run, before Django reads its settings; each worker gets its own share of them."""

import atexit
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from minio import Minio

from backend.stack.postgres import Elsewhere, Postgres
from backend.stack.services import Services, write_private
from backend.stack.translations import compile_all

PREFIX = "commun-accord-test-"


@dataclass(frozen=True)
class Servers:
    """Where this run's servers are; the same value in every process of the run."""

    folder: str
    host: str
    port: int
    passwords: dict[str, str]
    valkey: str
    s3: dict[str, str]
    run: str = field(default_factory=lambda: str(os.getpid()))

    @property
    def worker(self) -> str:
        """The name of this process among those that run tests."""
        return os.environ.get("PYTEST_XDIST_WORKER", "main")

    @property
    def number(self) -> int:
        return int(self.worker.removeprefix("gw")) + 1 if self.worker != "main" else 0

    @property
    def postgres(self) -> Postgres:
        return Elsewhere(Path(), self.passwords, Path(os.devnull), self.port, hasty=True, host=self.host, identity="same")

    @property
    def template(self) -> str:
        return f"template_{self.run}"

    @property
    def database(self) -> str:
        return f"test_{self.run}_{self.worker}"

    def environment(self, database: str) -> dict[str, str]:
        """What a program needs to work on `database` as this worker does."""
        mine = Path(self.folder) / self.worker
        mine.mkdir(exist_ok=True)
        return {
            "ENVIRONMENT": "test",
            "DATABASE_URL": self.postgres.url("app", database),
            "MIGRATOR_DATABASE_URL": self.postgres.url("owner", database),
            "VALKEY_URL": f"{self.valkey}/{self.number}",
            "VALKEY_PREFIX": f"test-{self.worker}",
            **self.s3,
            "S3_BUCKET": f"test-{self.worker}",
            "VAR_DIR": str(mine),
            "KEYS_DIR": str(Path(self.folder) / "keys"),
            "SWEEP_SECONDS": "1",
            "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
        }


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Give the addresses before anything, Django's settings first of all, is loaded."""
    options = early_config.known_args_namespace
    if not (options.help or options.version):
        if "TEST_SERVERS" not in os.environ:
            os.environ["TEST_SERVERS"] = str(begin())
        os.environ.update(here().environment(here().database))
    return (yield)


@cache
def here() -> Servers:
    """This run's servers."""
    return Servers(**json.loads(Path(os.environ["TEST_SERVERS"]).read_text()))


def begin() -> Path:
    """Start the servers in a folder of their own, which nothing survives; answers the file that says where they are."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    hold(folder)
    given = os.environ.get("TEST_POSTGRES_URL")
    services = Services.over(folder, {"DATABASE_URL": given} if given else {}, hasty=True)
    postgres = Elsewhere.at(given) if given else services.postgres
    assert postgres is not None
    assert services.valkey is not None
    atexit.register(end, services, os.getpid())
    services.start()
    if given:
        postgres.wait()
    compile_all()
    s3 = {name: value for name, value in services.environment().items() if name.startswith("S3_")}
    valkey = services.valkey.url().removesuffix("/0")
    path = folder / "servers.json"
    write_private(path, asdict(Servers(str(folder), postgres.host, postgres.port, postgres.passwords, valkey, s3)))
    return path


def ensure_bucket(name: str) -> None:
    """Make a bucket where it is not yet there."""
    s3 = here().s3
    address = urlsplit(s3["S3_ENDPOINT"])
    client = Minio(address.netloc, s3["S3_ACCESS_KEY"], s3["S3_SECRET_KEY"], secure=address.scheme == "https")
    if not client.bucket_exists(name):
        client.make_bucket(name, object_lock=True)


def end(services: Services, owner: int) -> None:
    """Stop what was started and remove its folder."""
    if os.getpid() == owner:
        services.stop()
        shutil.rmtree(services.folder, ignore_errors=True)


def hold(folder: Path) -> bool:
    """Mark a folder as in use, for as long as this process lives; False when another process uses it."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    return True


def sweep() -> None:
    """Remove the folders of runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if folder.stat().st_uid == os.getuid() and (folder / "lock").exists() and hold(folder):
                shutil.rmtree(folder, ignore_errors=True)

"""Real workers on a database of the test's own, with short leases, and ways of hurting them."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend.stack.valkey import Valkey
from tests.faults import labour
from tests.faults import settings as with_labour


@pytest.fixture
def committed(committed: Any, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The test's own database, known to workers that have the jobs of `labour`."""
    monkeypatch.setenv("LABOUR_BOOK", str(tmp_path / "book"))
    settings.WORK_HANDLERS = with_labour.WORK_HANDLERS
    more = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "LABOUR_BOOK": str(tmp_path / "book"), "WORK_LEASE_SECONDS": "1.5"}
    return replace(committed, environment=committed.environment | more)


@pytest.fixture
def another(worker: Any, tmp_path: Path) -> Iterator[Any]:
    """A second worker, with a beat of its own."""
    command = [word.replace(str(tmp_path / "beat"), str(tmp_path / "second-beat")) for word in worker.command]
    program = replace(worker, command=command, log=tmp_path / "second.log", process=None).start()
    yield program
    program.stop()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey of the test's own, to be killed."""
    valkey = Valkey(tmp_path / "valkey", "secret", tmp_path / "valkey.log", hasty=True)
    valkey.start()
    valkey.wait()
    yield valkey
    valkey.stop()


def until(what: Callable[[], Any], seconds: float = 30) -> Any:
    """Wait for something to be true, and say what was done when it is not."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, labour.lines()
        time.sleep(0.05)
    return found

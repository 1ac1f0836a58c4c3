"""What the benches stand on: real servers of their own, a database each, medians, and a ratio beside a target.

A program of this folder runs alone (`python -m tests.bench.register`) or with the others (`make bench`).
"""

import os
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from statistics import median
from typing import Any

import django

from tests import servers

SERVERS = "TEST_SERVERS"


@dataclass(frozen=True)
class Result:
    """One measure: what we did, what it is held against, and whether it is what was aimed at."""

    what: str
    ours: str
    beside: str = ""
    ratio: float | None = None
    aim: float | None = None  # the ratio is to stay under it

    @property
    def verdict(self) -> str:
        if self.ratio is None or self.aim is None:
            return ""
        return "yes" if self.ratio <= self.aim else "no"

    def __str__(self) -> str:
        beside = f"; beside {self.beside}" if self.beside else ""
        ratio = f": {self.ratio:.2f} ×" if self.ratio is not None else ""
        aim = f" (aim: under {self.aim:g} ×: {self.verdict})" if self.aim is not None else ""
        return f"{self.what}: {self.ours}{beside}{ratio}{aim}"


def stand() -> None:
    """Stand on servers (those of `make bench`, or new ones) with a database and a bucket of this program's own; Django is set up."""
    if SERVERS not in os.environ:
        os.environ[SERVERS] = str(servers.begin())
    here = servers.here()
    name = f"bench_{os.getpid()}"
    os.environ |= here.environment(name) | {"S3_BUCKET": f"bench-{os.getpid()}", "S3_OBJECT_LOCK": "none"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
    django.setup()
    _make(name)


class Free:
    """Nobody keeps a bench from its database, as pytest keeps a test."""

    unblock = staticmethod(nullcontext)


def _make(name: str) -> None:
    """A database cloned from the run's own template, which the first program makes."""
    from tests import conftest

    here = servers.here()
    with here.postgres.connect("owner") as server:
        made = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [here.template]).fetchone()
    if not made:
        conftest._migrate(here.template, Free())
    conftest._clone(name)
    servers.ensure_bucket(os.environ["S3_BUCKET"])


def say(*results: Result) -> None:
    """Tell results to whoever looks."""
    for result in results:
        print(f"  {result}", flush=True)


def against(what: str, ours: float, beside: float, name: str, aim: float | None = None) -> Result:
    """Our seconds beside the bare ones."""
    return Result(what, spelled(ours), f"{name} {spelled(beside)}", ours / beside, aim)


def spelled(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def seconds(work: Callable[[], Any], rounds: int = 7) -> float:
    """Median wall seconds, after one round that does not count."""
    return clocked(work, rounds)[0]


def clocked(work: Callable[[], Any], rounds: int = 7) -> tuple[float, float]:
    """Median wall seconds and seconds of this process's processor, after one round that does not count."""
    work()
    walls, processors = [], []
    for _ in range(rounds):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return median(walls), median(processors)


def alternately(first: Callable[[], Any], second: Callable[[], Any], rounds: int = 15) -> tuple[float, float]:
    """The medians of two works done in turn, so that a busy moment of the machine falls on both."""
    first(), second()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, into in zip((first, second), taken, strict=True):
            began = time.perf_counter()
            work()
            into.append(time.perf_counter() - began)
    return median(taken[0]), median(taken[1])


def number(name: str, default: int) -> int:
    """How much to do, where the operator says (`CASES=1000000 python -m tests.bench.lists`)."""
    return int(os.environ.get(name, default))

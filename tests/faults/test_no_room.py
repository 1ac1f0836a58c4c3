"""A machine that can make no more processes, or loses the helper that makes them: nothing is said of the files, and all goes on once it can."""

import os
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from backend.errors import Unavailable
from backend.work.doing import run_due
from documents import intake, reading, sandbox
from documents.models import State, Version
from documents.sandbox.client import _zygote
from tests.pdfs import pdf

HERE = "tests.documents.misbehaving"


def run(job: str, *contents: bytes, **arguments: Any) -> sandbox.Result:
    return sandbox.run(f"{HERE}:{job}", *contents, **arguments)


@contextmanager
def descriptors_left(count: int) -> Iterator[None]:
    """The helper may open so many more."""
    run("echo", b"it is there")
    assert _zygote._process
    helper = _zygote._process.pid
    taken = {int(name) for name in os.listdir(f"/proc/{helper}/fd")}
    free = [number for number in range(max(taken) + count + 2) if number not in taken]
    before = resource.prlimit(helper, resource.RLIMIT_NOFILE)
    resource.prlimit(helper, resource.RLIMIT_NOFILE, (free[count], before[1]))
    try:
        yield
    finally:
        resource.prlimit(helper, resource.RLIMIT_NOFILE, before)
    assert _zygote._process.pid == helper, "it went on"


@pytest.mark.parametrize("left", range(6))
def test_a_helper_that_can_make_no_child_says_so_and_goes_on(left: int) -> None:
    with ThreadPoolExecutor(1) as pool:
        with descriptors_left(left), pytest.raises(sandbox.NotStarted):
            run("echo", b"x")
        under_way = pool.submit(run, "wait_for", b"", seconds=0.3)
        time.sleep(0.1)
        with descriptors_left(left), pytest.raises(Unavailable):
            run("echo", b"x")
        assert under_way.result().facts
    assert run("echo", b"again").output == b"again"


def test_what_a_helper_that_dies_takes_with_it_was_no_fault_of_the_file() -> None:
    with ThreadPoolExecutor(1) as pool:
        run("echo", b"")
        under_way = pool.submit(run, "sleep")
        time.sleep(0.3)
        assert _zygote._process
        _zygote._process.kill()
        with pytest.raises(sandbox.NotStarted):
            under_way.result()
    assert run("echo", b"again").output == b"again"


def test_what_goes_wrong_before_the_limits_hold_is_no_fault_of_the_file() -> None:
    with pytest.raises(sandbox.NotStarted):
        run("absent", b"x")


@pytest.mark.django_db
def test_a_file_is_not_refused_because_the_machine_is_full(settings: Any) -> None:
    settings.DOCUMENTS_CHANGED = ""
    version = intake.take_in_bytes(pdf("Acte de mariage"), name="x.pdf", created_by=None, limit=100_000)
    with descriptors_left(0), pytest.raises(Unavailable):
        run_due()
    assert Version.objects.get(pk=version.pk).state == State.CHECKING
    Version.objects.filter(pk=version.pk).update(state=State.READY, stage="text", pages=1)
    with descriptors_left(0), pytest.raises(Unavailable):
        reading.read(version.pk)
    version.refresh_from_db()
    assert reading.pages(version) == ()
    reading.read(version.pk)
    assert "mariage" in "".join(page.text for page in reading.pages(version))

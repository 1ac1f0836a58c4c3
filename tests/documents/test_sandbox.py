"""The limited process holds whatever runs in it, and its owner goes on."""

import asyncio
import multiprocessing
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from documents import sandbox
from documents.sandbox import Failed, Limits, TooHeavy
from documents.sandbox.client import ROOM, _zygote
from documents.sandbox.served import Served

HERE = "tests.documents.misbehaving"


def run(job: str, *contents, **arguments):
    return sandbox.run(f"{HERE}:{job}", *contents, **arguments)


def test_bytes_and_arguments_go_in_and_come_out():
    result = run("echo", b"one ", iter([b"two ", b"three"]), word="é")
    assert (result.output, result.facts) == (b"one two three", {"word": "é"})


@pytest.mark.parametrize(
    ("job", "limits"),
    [
        ("eat_memory", Limits()),
        ("spin", Limits(cpu=1)),
        ("sleep", Limits(wall=0.3)),
        ("answer_much", Limits()),
        ("die", Limits()),
    ],
)
def test_what_takes_too_much_is_stopped(job, limits):
    with pytest.raises(TooHeavy):
        run(job, limits=limits)
    assert run("echo", b"still here").output == b"still here"


@pytest.mark.parametrize(
    ("job", "limits"), [("write_much", Limits(output=1024 * 1024)), ("answer_no_json", Limits()), ("raise_something", Limits())]
)
def test_what_fails_says_only_what_kind_of_failure(job, limits):
    with pytest.raises(Failed) as failure:
        run(job, limits=limits)
    assert str(failure.value) in {"OSError", "TypeError", "ValueError"}


def test_the_child_knows_no_secret():
    assert run("surroundings").facts["environment"] == {}


def test_the_child_opens_no_file(tmp_path):
    if not run("surroundings").facts["able"]["landlock"]:
        pytest.skip("this kernel has no Landlock")
    (tmp_path / "secret").write_text("secret")
    with pytest.raises(Failed, match="PermissionError"):
        run("read_a_file", path=str(tmp_path / "secret"))


def test_the_child_reaches_no_network():
    if not run("surroundings").facts["able"]["network"]:
        pytest.skip("no network namespace may be made here")
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(Failed, match=r"OSError|PermissionError"):
        run("reach", host="127.0.0.1", port=server.getsockname()[1])


@pytest.mark.parametrize("job", ["fork", "execute", "kill_another"])
def test_the_child_starts_no_program_and_touches_no_other_process(job):
    if not run("surroundings").facts["able"]["calls"]:
        pytest.skip("system calls cannot be refused here")
    with subprocess.Popen(["sleep", "60"]) as another:
        with pytest.raises(Failed, match="PermissionError"):
            run(job, **({"process": another.pid} if job == "kill_another" else {}))
        assert another.poll() is None
        another.kill()


@pytest.mark.parametrize("job", ["change_the_input", "write_on_the_input"])
def test_the_child_cannot_change_what_it_was_given(job):
    with sandbox.hold(b"as it was") as held:
        with pytest.raises(Failed, match=r"PermissionError|OSError"):
            run(job, held)
        assert run("echo", held).output == b"as it was"


def test_what_is_held_serves_several_jobs_at_once():
    with sandbox.hold(iter([b"one ", b"two"])) as held, ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: run("echo", held).output, range(8))) == [b"one two"] * 8


def test_of_what_is_served_only_what_is_read_is_fetched():
    fetched: list[tuple[int, int]] = []

    def read(start: int, end: int) -> bytes:
        fetched.append((start, end))
        return bytes(end - start)

    size = 300 * 1024 * 1024
    assert run("ends", b"before", Served(size, read)).facts == [6, 10, 10, size]
    assert sum(end - start for start, end in fetched) <= 3 * 1024 * 1024


def test_what_stands_in_the_way_of_serving_comes_out_as_it_is():
    def read(start: int, end: int) -> bytes:
        raise LookupError

    with pytest.raises(LookupError):
        run("ends", b"before", Served(100, read))


def test_a_file_larger_than_the_memory_of_a_job_is_read_all_the_same():
    size = 96 * 1024 * 1024
    assert run("size", bytes(size), limits=Limits(memory=160 * 1024 * 1024)).facts == size


def test_what_a_parser_complains_of_is_not_in_our_logs(capfd):
    assert run("complain").facts == "done"
    assert "name" not in capfd.readouterr().err


def overlapping(spans) -> int:
    """The most spans that have a moment in common."""
    return max(sum(start <= moment < end for start, end in spans) for moment, _ in spans)


@pytest.fixture
def room(tmp_path):
    """A room of the test's own."""
    before = ROOM.folder, ROOM.at_once, ROOM.large_at_once

    def make(at_once: int, large_at_once: int) -> None:
        sandbox.configure(tmp_path / "room", at_once=at_once, large_at_once=large_at_once)

    yield make
    ROOM.folder, ROOM.at_once, ROOM.large_at_once = before


def test_no_more_jobs_run_at_once_than_was_said(room):
    room(at_once=2, large_at_once=2)
    with ThreadPoolExecutor(6) as pool:
        spans = list(pool.map(lambda _: run("wait_for", b"", seconds=0.2).facts, range(6)))
    assert overlapping(spans) <= 2


def test_large_files_take_their_turn_and_small_ones_pass(room, monkeypatch):
    monkeypatch.setattr("documents.sandbox.room.LARGE", 1024)
    room(at_once=4, large_at_once=1)
    with ThreadPoolExecutor(4) as pool:
        large = [pool.submit(run, "wait_for", bytes(2048), seconds=0.3) for _ in range(3)]
        small = pool.submit(run, "wait_for", b"", seconds=0.1)
        spans = [job.result().facts for job in large]
    assert overlapping(spans) == 1
    assert small.result().facts[1] < max(end for _, end in spans)


def test_a_thread_that_holds_a_large_file_may_give_it_with_another(room, monkeypatch):
    monkeypatch.setattr("documents.sandbox.room.LARGE", 1024)
    room(at_once=1, large_at_once=1)
    with sandbox.hold(bytes(2048)) as held:
        assert len(run("echo", held, bytes(2048)).output) == 4096


def test_a_place_is_free_again_when_its_holder_dies(room, tmp_path):
    room(at_once=1, large_at_once=1)
    code = f"import fcntl,os,time; fcntl.flock(os.open({str(tmp_path / 'room' / 'job-0')!r}, os.O_RDWR), fcntl.LOCK_EX); print('held', flush=True); time.sleep(60)"
    run("echo", b"makes the folder")
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(run, "echo", b"after")
            assert not waiting.done()
            holder.kill()
            assert waiting.result().output == b"after"


def test_a_child_that_was_stopped_is_gone():
    before = time.monotonic()
    with pytest.raises(TooHeavy):
        run("sleep", limits=Limits(wall=0.2))
    assert time.monotonic() - before < 30


def test_each_job_has_a_process_of_its_own():
    assert run("pid").facts != run("pid").facts


def test_a_helper_that_died_is_started_again():
    run("echo", b"")
    _zygote._process.kill()
    _zygote._process.wait()
    assert run("echo", b"again").output == b"again"


def test_it_works_in_a_forked_child_that_may_have_none_of_its_own():
    """As in a Celery pool, whose processes are daemonic."""
    run("echo", b"the parent has its helper already")
    answers = multiprocessing.get_context("fork").SimpleQueue()
    child = multiprocessing.get_context("fork").Process(target=lambda: answers.put(run("echo", b"from a fork").output), daemon=True)
    child.start()
    assert answers.get() == b"from a fork"
    child.join()
    assert run("echo", b"the parent's still works").output


async def test_many_at_once_from_a_server():
    results = await asyncio.gather(*(asyncio.to_thread(run, "echo", bytes([n])) for n in range(12)))
    assert [result.output for result in results] == [bytes([n]) for n in range(12)]


def test_no_descriptor_is_left_open():
    run("echo", b"warm")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        run("echo", b"x")
    assert len(os.listdir("/proc/self/fd")) == before

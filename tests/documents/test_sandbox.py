"""The limited process holds whatever runs in it, and its owner goes on."""

import asyncio
import multiprocessing
import os
import socket
import time

import pytest

from documents import sandbox
from documents.sandbox import Failed, Limits, TooHeavy
from documents.sandbox.client import _zygote

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

"""Asking the limited process: bytes go in by descriptors, a small JSON answer and bytes come out."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from documents.sandbox import memory
from documents.sandbox.memory import Content, Held
from documents.sandbox.room import Room
from documents.sandbox.served import Served, Server

ROOT = Path(__file__).resolve().parents[2]
ANSWER_BYTES = 1024 * 1024
MAX_INPUTS = 200
ROOM = Room()
DYING_SECONDS = 0.2
Helper = subprocess.Popen[bytes]


class Failed(Exception):
    """The job ended without an answer: it died, or its answer cannot be read."""


class TooHeavy(Failed):
    """The job was stopped: more time, memory or output than it may have."""


class NotStarted(Exception):
    """The machine could not make or hold a child for the job, or lost it with its helper: nothing is said of the contents. May be tried again."""


@dataclass(frozen=True)
class Limits:
    """What one job may use."""

    memory: int = 1024 * 1024 * 1024  # bytes of address space beyond what the empty child maps and what it is given
    cpu: int = 20  # seconds
    wall: float = 40.0  # seconds
    output: int = 512 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Result:
    """A job's answer: facts of JSON types, and the bytes it wrote."""

    facts: Any
    output: bytes = field(repr=False)

    def pieces(self) -> Iterator[bytes]:
        """The output, cut where the facts' `sizes` say."""
        start = 0
        for size in self.facts["sizes"]:
            yield self.output[start : start + size]
            start += size


def run(job: str, *contents: Content | Served, limits: Limits | None = None, **arguments: Any) -> Result:
    """Run `package.module:function` in a new limited process and return what it answers.

    The function takes one binary file per content (those Served after the others: of them only what is read is fetched), then `output` (a binary
    file) and the JSON `arguments`. Whatever it answers is data: it is never run. Raises TooHeavy or Failed, NotStarted, or what `Served.read`
    raised; blocks the thread, so call it from a worker or through `asyncio.to_thread`.
    """
    limits = limits or Limits()
    if len(contents) > MAX_INPUTS:
        raise ValueError(f"at most {MAX_INPUTS} contents at once")
    with ROOM.load() as load, ExitStack() as held:
        served = [content for content in contents if isinstance(content, Served)]
        given = [content for content in contents if not isinstance(content, Served)]
        inputs = [content if isinstance(content, Held) else memory.place(held, content, load) for content in given]
        limits = replace(limits, memory=limits.memory + sum(content.size for content in inputs))
        output = memory.empty(held)
        with ROOM.job():
            descriptors = [output, *(memory.to_read(held, content) for content in inputs)]
            return _asked({"job": job, "arguments": arguments}, limits, descriptors, served)


@contextmanager
def hold(content: bytes | Iterable[bytes]) -> Iterator[Held]:
    """Keep bytes in memory for several jobs, given to `run` in place of the bytes."""
    with ROOM.load() as load, memory.loaded(load, content) as kept:
        yield kept


def configure(folder: Path, *, at_once: int, large_at_once: int) -> None:
    """Bound, over all the processes of this machine that know `folder`: jobs at once, and those among them that hold a large file."""
    ROOM.folder, ROOM.at_once, ROOM.large_at_once = folder, at_once, large_at_once


def raise_when_not_started(kind: type[NotStarted]) -> None:
    """Say by which of its kinds whoever calls us knows NotStarted."""
    global _not_started
    _not_started = kind


def preload(*modules: str) -> None:
    """Have the helper load further modules of jobs before it forks: a child would load them again for each job. Before the first job."""
    _zygote.modules += modules


def _asked(request: dict[str, Any], limits: Limits, descriptors: list[int], served: Sequence[Served]) -> Result:
    """`descriptors`: the output, then the contents given."""
    with ExitStack() as held:
        ours, theirs = socket.socketpair()
        held.enter_context(ours)
        held.enter_context(theirs)
        server = held.enter_context(Server(served)) if served else None
        request |= {"limits": asdict(limits), "served": [content.size for content in served]}
        helper = ask(request, [theirs.fileno(), *descriptors, *([server.theirs.fileno()] if server else [])])
        theirs.close()
        if server:
            server.theirs.close()
        answer = _answer(ours, time.monotonic() + limits.wall, server)
        if not answer:
            raise not_started("no child could be made")
        if server and server.fault:
            raise server.fault
        return Result(facts_of(answer[1:], helper), memory.read(descriptors[0]))


def _answer(ours: socket.socket, deadline: float, server: Server | None) -> bytes:
    """All that the child says until it ends, which it does in time, not counting what it waits for, or is made to."""
    pidfds: list[int] = []
    said = bytearray()
    try:
        while (left := deadline + (server.waited if server else 0.0) - time.monotonic()) > 0 and len(said) <= ANSWER_BYTES:
            ours.settimeout(max(0.01, left))
            try:
                chunk, received, _, _ = socket.recv_fds(ours, 65536, 1)
            except TimeoutError:
                continue
            pidfds += received
            if not chunk:
                return bytes(said)
            said += chunk
    finally:
        for pidfd in pidfds:
            _end(pidfd)
    raise TooHeavy("too long an answer" if len(said) > ANSWER_BYTES else "no answer in time")


def _end(pidfd: int) -> None:
    with suppress(ProcessLookupError):  # it has ended by itself
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    os.close(pidfd)


def not_started(why: str) -> NotStarted:
    """The exception to raise."""
    return _not_started(why)


def facts_of(answer: bytes, helper: Helper) -> Any:
    """The facts of an answer, without the byte by which the zygote said that it had made the child. Raises TooHeavy, Failed, NotStarted."""
    try:
        said = json.loads(answer)
    except ValueError:
        if _ended(helper):
            raise not_started("the helper died, and its children with it") from None
        raise TooHeavy("the process died without an answer") from None
    if "unable" in said:
        raise not_started(said["unable"])
    if "error" in said:
        raise (TooHeavy if said["error"] == "MemoryError" else Failed)(said["error"])
    return said["facts"]


def _ended(helper: Helper) -> bool:
    """Whether the helper has died: its children may have a moment's advance."""
    try:
        helper.wait(DYING_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True


class _Zygote:
    """Our own helper process: it has the parsers loaded and forks one child per job. Started on first use, again if it dies.

    One for each process of ours: a fork (Celery's pool) starts anew. It ends when its socket closes, that is, with us.
    """

    def __init__(self) -> None:
        self.modules: tuple[str, ...] = ()
        self._forget()

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._process: Helper | None = None

    def after_fork(self) -> None:
        """A child of ours must not share the socket, nor wait for a process that is not its own."""
        if self._socket:
            self._socket.close()
        if self._process:
            self._process.returncode = 0
        self._forget()

    def send(self, request: Mapping[str, Any], descriptors: list[int]) -> Helper:
        message = json.dumps(request).encode()
        with self._lock:
            for _attempt in (1, 2):
                try:
                    door, helper = self._started()
                    socket.send_fds(door, [message], descriptors)
                    return helper
                except OSError:
                    self.stop()
        raise not_started("the helper cannot be started")

    def _started(self) -> tuple[socket.socket, Helper]:
        if self._socket and self._process:
            return self._socket, self._process
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from documents.sandbox.zygote import serve; "
        code += f"serve({theirs.fileno()}, {self.modules!r})"
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", code],
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                cwd="/",
            )
        self._socket = ours
        return ours, self._process

    def stop(self) -> None:
        """End the helper; the next job starts another."""
        if self._socket:
            self._socket.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._socket = self._process = None


_not_started: type[NotStarted] = NotStarted
_zygote = _Zygote()
os.register_at_fork(after_in_child=_zygote.after_fork)
atexit.register(_zygote.stop)


def ask(request: Mapping[str, Any], descriptors: list[int]) -> Helper:
    """Have a child made for a request, by this helper. Descriptors: where it answers, where it writes, its contents. Raises NotStarted."""
    return _zygote.send(request, descriptors)

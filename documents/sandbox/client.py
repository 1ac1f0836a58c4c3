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
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ANSWER_BYTES = 1024 * 1024
MAX_INPUTS = 200
Content = bytes | Iterable[bytes]


class Failed(Exception):
    """The job ended without an answer: it died, or its answer cannot be read."""


class TooHeavy(Failed):
    """The job was stopped: more time, memory or output than it may have."""


@dataclass(frozen=True)
class Limits:
    """What one job may use."""

    memory: int = 1024 * 1024 * 1024  # bytes of address space beyond what the empty child maps
    cpu: int = 20  # seconds
    wall: float = 40.0  # seconds
    output: int = 512 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Result:
    """A job's answer: facts of JSON types, and the bytes it wrote."""

    facts: Any
    output: bytes = field(repr=False)


def run(job: str, *contents: Content, limits: Limits | None = None, **arguments: Any) -> Result:
    """Run `package.module:function` in a new limited process and return what it answers.

    The function takes one binary file per content, then `output` (a binary file) and the JSON `arguments`. Whatever it answers is data: it
    is never run. Raises TooHeavy or Failed; blocks the thread, so call it from a worker or through `asyncio.to_thread`.
    """
    limits = limits or Limits()
    if len(contents) > MAX_INPUTS:
        raise ValueError(f"at most {MAX_INPUTS} contents at once")
    with ExitStack() as held:
        inputs = [_memory(held, content) for content in contents]
        output = _memory(held, b"")
        ours, theirs = socket.socketpair()
        held.enter_context(ours)
        with theirs:
            request = {"job": job, "arguments": arguments, "limits": asdict(limits)}
            _zygote.send(request, [theirs.fileno(), output, *inputs])
        answer = _answer(ours, time.monotonic() + limits.wall)
        return Result(_facts(answer), _read(output))


def _memory(held: ExitStack, content: Content) -> int:
    """An anonymous file in memory (no plaintext touches a disk), closed with `held`."""
    descriptor = os.memfd_create("content")
    held.callback(os.close, descriptor)
    for chunk in (content,) if isinstance(content, bytes) else content:
        view = memoryview(chunk)
        while view:
            view = view[os.write(descriptor, view) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _read(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    parts, offset = [], 0
    while offset < size and (part := os.pread(descriptor, size - offset, offset)):
        parts.append(part)
        offset += len(part)
    return b"".join(parts)


def _answer(ours: socket.socket, deadline: float) -> bytes:
    """All that the child says until it ends, which it does in time or is made to."""
    pidfds: list[int] = []
    said = bytearray()
    try:
        while time.monotonic() < deadline and len(said) <= ANSWER_BYTES:
            ours.settimeout(max(0.01, deadline - time.monotonic()))
            chunk, received, _, _ = socket.recv_fds(ours, 65536, 1)
            pidfds += received
            if not chunk:
                return bytes(said)
            said += chunk
    except TimeoutError as late:
        raise TooHeavy("no answer in time") from late
    finally:
        for pidfd in pidfds:
            _end(pidfd)
    raise TooHeavy("too long an answer")


def _end(pidfd: int) -> None:
    with suppress(ProcessLookupError):  # it has ended by itself
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    os.close(pidfd)


def _facts(answer: bytes) -> Any:
    """The answer's facts. First byte: what the zygote said when it made the child."""
    try:
        said = json.loads(answer[1:])
    except ValueError:
        raise TooHeavy("the process died without an answer") from None
    if "error" in said:
        raise (TooHeavy if said["error"] == "MemoryError" else Failed)(said["error"])
    return said["facts"]


class _Zygote:
    """Our own helper process: it has the parsers loaded and forks one child per job. Started on first use, again if it dies.

    One for each process of ours: a fork (Celery's pool) starts anew. It ends when its socket closes, that is, with us.
    """

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def after_fork(self) -> None:
        """A child of ours must not share the socket, nor wait for a process that is not its own."""
        if self._socket:
            self._socket.close()
        if self._process:
            self._process.returncode = 0
        self._forget()

    def send(self, request: Mapping[str, Any], descriptors: list[int]) -> None:
        message = json.dumps(request).encode()
        with self._lock:
            for attempt in (1, 2):
                try:
                    socket.send_fds(self._socket or self._start(), [message], descriptors)
                    return
                except OSError:
                    self.stop()
                    if attempt == 2:
                        raise Failed("the limited process cannot be started") from None

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from documents.sandbox.zygote import serve; serve({theirs.fileno()})"
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
        return ours

    def stop(self) -> None:
        """End the helper; the next job starts another."""
        if self._socket:
            self._socket.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._socket = self._process = None


_zygote = _Zygote()
os.register_at_fork(after_in_child=_zygote.after_fork)
atexit.register(_zygote.stop)

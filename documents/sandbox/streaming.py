"""A job whose output is read while it is written, and whose contents are served as it asks: for what is larger than memory."""

import fcntl
import os
import select
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from typing import Any

from documents.sandbox import memory
from documents.sandbox.client import ROOM, Helper, Limits, TooHeavy, ask, facts_of, not_started
from documents.sandbox.served import Served, Server

CHUNK = 256 * 1024
PIPE = 1024 * 1024  # the most that an ordinary user may ask for


class Running:
    """A job under way. Read `chunks` to their end, then `facts`; both raise what ended it."""

    def __init__(self, reply: socket.socket, output: int, limits: Limits, server: Server, helper: Helper) -> None:
        self._reply, self._output, self._server, self._helper = reply, output, server, helper
        self._left, self._deadline = limits.output, time.monotonic() + limits.wall
        self._facts: Any = None
        reply.settimeout(limits.wall)
        begun, received, _, _ = socket.recv_fds(reply, 1, 1)
        if not begun:
            raise not_started("no child could be made")
        self._pidfd = received[0] if received else -1

    def chunks(self) -> Iterator[bytes]:
        """What it writes. Raises TooHeavy, Failed, NotStarted, or what `Served.read` raised, so that whoever keeps the chunks keeps none."""
        while chunk := self._next():
            self._left -= len(chunk)
            if self._left < 0:
                raise TooHeavy("too long an output")
            yield chunk
        self._facts = self._end()

    def facts(self) -> Any:
        """What it answers once its chunks have been read."""
        return self._facts

    def _next(self) -> bytes:
        while not select.select([self._output], [], [], max(0.0, self._left_of_time()))[0]:
            if self._left_of_time() <= 0:
                raise TooHeavy("no answer in time")
        return os.read(self._output, CHUNK)

    def _left_of_time(self) -> float:
        """Seconds, not counting those in which the child waited for what it reads."""
        return self._deadline + self._server.waited - time.monotonic()

    def _end(self) -> Any:
        said = bytearray()
        self._reply.settimeout(max(0.01, self._left_of_time()))
        with suppress(TimeoutError):
            while chunk := self._reply.recv(65536):
                said += chunk
        if self._server.fault:
            raise self._server.fault
        return facts_of(bytes(said), self._helper)

    def close(self) -> None:
        """End the child if it has not ended."""
        if self._pidfd >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            os.close(self._pidfd)


@contextmanager
def stream(job: str, contents: Sequence[bytes], served: Sequence[Served], limits: Limits, **arguments: Any) -> Iterator[Running]:
    """Run a job as `sandbox.run` does; its function takes the contents, then those served, each as a file that can be sought."""
    with ROOM.load() as load, ROOM.job(), ExitStack() as held:
        inputs = [memory.to_read(held, memory.place(held, content, load)) for content in contents]
        server = held.enter_context(Server(served))
        ours, theirs = socket.socketpair()
        held.enter_context(ours)
        output, written = os.pipe()
        with suppress(PermissionError):  # a user who holds many pipes gets small ones
            fcntl.fcntl(written, fcntl.F_SETPIPE_SZ, PIPE)
        held.callback(os.close, output)
        request = {"job": job, "arguments": arguments, "limits": asdict(limits), "served": [content.size for content in served]}
        try:
            helper = ask(request, [theirs.fileno(), written, *inputs, *([server.theirs.fileno()] if served else [])])
        finally:
            theirs.close()
            os.close(written)
            server.theirs.close()
        running = Running(ours, output, limits, server, helper)
        held.callback(running.close)
        yield running

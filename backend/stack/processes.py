"""Processes held by their id and start time, so that a number the system gave to another program is never taken for ours."""

import os
import random
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LEASH = str(Path(__file__).with_name("leash.py"))


class StackError(Exception):
    """A server could not be started; the message says which, and what it last said."""


@dataclass(frozen=True)
class Mark:
    """A process as it is written down: its id and the moment it started, in the kernel's ticks."""

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> "Mark":
        return cls(pid, started_at(pid) or 0)

    @property
    def alive(self) -> bool:
        return self.started != 0 and started_at(self.pid) == self.started

    def end(self, ask: signal.Signals = signal.SIGTERM, seconds: float = 10.0) -> None:
        """Ask the process to end, wait, then end it; does nothing when it is not the one written down."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return
        try:
            if not self.alive:
                return
            for number, patience in ((ask, seconds), (signal.SIGKILL, 5.0)):
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(handle, number)
                if select.select([handle], [], [], patience)[0]:
                    return
        finally:
            os.close(handle)


def started_at(pid: int) -> int | None:
    """When the process started (field 22 of its stat), or None when there is none or only its corpse."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def start(
    command: Sequence[str],
    *,
    log: Path | None = None,
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
    identity: str = "same",
    ask: signal.Signals = signal.SIGTERM,
    keep: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own; it receives `ask` if we end without ending it. Call from the main thread.

    `keep` lists the file descriptors it inherits; `log` takes what it says (None: our own output).
    """
    leash = [sys.executable, "-I", LEASH, str(os.getpid()), str(int(ask)), identity]
    output = open(log, "ab") if log else None  # noqa: SIM115 - closed just below, once the child has it
    try:
        return subprocess.Popen(
            [*leash, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            env=env,
            cwd=folder,
            start_new_session=True,
            pass_fds=keep,
        )
    finally:
        if output:
            output.close()


def ended(process: subprocess.Popen[bytes], seconds: float = 0.0) -> bool:
    """Whether a child has ended, within so many seconds; it keeps its number until `clear` takes note."""
    if process.returncode is not None:
        return True
    handle = os.pidfd_open(process.pid)
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


def clear(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a child's session and take note of the child's end."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def stop(process: subprocess.Popen[bytes], ask: signal.Signals = signal.SIGTERM, seconds: float = 10.0) -> None:
    """Ask a child to end, wait, and leave nothing of it."""
    if not ended(process):
        process.send_signal(ask)
        ended(process, seconds)
    clear(process)


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes] | None, log: Path, *, name: str, seconds: float = 30.0) -> None:
    """Wait for a server to answer. Raises StackError with the end of its log when it ends, or does not answer in time."""
    deadline = time.monotonic() + seconds
    while process and not ended(process) and time.monotonic() < deadline:
        if ready():
            return
        time.sleep(0.02)
    raise StackError(f"{name} did not start:\n{tail(log)}")


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""


def free_port(preferred: int | None = None) -> int:
    """A free port on loopback: the preferred one where nobody has it, else one below those the kernel hands to clients.

    A client that keeps trying a port of the kernel's own range while its server restarts can be connected to itself,
    and the port is then taken.
    """
    candidates = ([preferred] if preferred else []) + random.sample(range(15_000, first_client_port()), 50) + [0]
    for port in candidates:
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise StackError("no free port on 127.0.0.1")


def first_client_port() -> int:
    """Where the kernel's own range of ports begins."""
    try:
        first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except OSError:
        first = 32_768
    return first if first > 16_000 else 32_768

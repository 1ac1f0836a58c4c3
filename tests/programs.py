"""The programs of the platform as a test runs them: real processes, ended with all they started."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from backend.stack import processes


@dataclass
class Program:
    """A program of the platform, run as a process of its own for one test."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    ready: Callable[["Program"], bool]
    address: str = ""
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> "Program":
        self.begin()
        self.wait()
        return self

    def begin(self) -> None:
        self.log.write_bytes(b"")
        self.process = processes.start(self.command, log=self.log, env=self.environment, ask=signal.SIGKILL)

    def wait(self) -> None:
        """Until it is ready."""
        assert self.process is not None
        processes.wait_until(lambda: self.ready(self), self.process, self.log, name=self.command[2], seconds=60)

    def kill(self) -> None:
        """End it as a power cut would, with all it started."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end, then see that nothing of it is left."""
        assert self.process is not None
        processes.stop(self.process, signal.SIGTERM, seconds=5)
        self.kill()


def _says(words: str) -> Callable[[Program], bool]:
    return lambda program: words in program.log.read_text(errors="replace")


def _healthy(program: Program) -> bool:
    try:
        with urllib.request.urlopen(f"{program.address}/health", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def worker_on(environment: dict[str, str], folder: Path) -> Program:
    """A real Celery worker with its beat, not started yet."""
    options = [
        "--beat",
        f"--schedule={folder / 'beat'}",
        "--concurrency=2",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    ]
    command = [sys.executable, "-m", "celery", "-A", "backend.config", "worker", "--loglevel=INFO", *options]
    return Program(command, environment, folder / "worker.log", _says(" ready."))


def server_on(environment: dict[str, str], log: Path) -> Program:
    """The real web server, not started yet; once it is, its `address` answers on /health."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "backend.stack.web", "--port", str(port)]
    return Program(command, environment | {"BASE_URL": address}, log, _healthy, address)

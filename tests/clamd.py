"""A real ClamAV for the tests: clamd on loopback with one signature of the tests' own, in a folder that goes away. Nothing is downloaded."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
ABSENT = "clamd is not here (Debian: apt-get install clamav-daemon)"
SETTINGS = """
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}/passing
LocalSocket {folder}/clamd.sock
TCPSocket {port}
TCPAddr 127.0.0.1
Foreground yes
AlertExceedsMax yes
StreamMaxLength 8M
MaxThreads 2
"""


@dataclass
class Clamd:
    """One clamd, which can be stopped and started again at the same address."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def socket(self) -> str:
        return f"unix:{self.folder}/clamd.sock"

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            command = [str(CLAMD), "--config-file", str(self.folder / "clamd.conf")]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text()[-2000:])

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def running(folder: Path) -> Iterator[Clamd]:
    """A clamd in `folder`, whose path must be short enough for a socket."""
    for name in ("signatures", "passing"):
        (folder / name).mkdir()
    (folder / "signatures" / "tests.ndb").write_text(f"Tests.Eicar:0:*:{EICAR.hex()}\n")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (folder / "clamd.conf").write_text(SETTINGS.format(folder=folder, port=port))
    clamd = Clamd(folder, port)
    clamd.start()
    try:
        yield clamd
    finally:
        clamd.stop()

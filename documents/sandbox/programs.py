"""Running a program of the system (LibreOffice, Ghostscript) on one file: no network, few paths, a folder of memory that goes with it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from documents.sandbox import client, limits, memory
from documents.sandbox.client import ROOM, ROOT, Failed, Limits, TooHeavy
from documents.sandbox.memory import Content, Held

ALONE = "/tmp"  # noqa: S108 - another one: a folder of memory is mounted over it, which the program alone sees
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - where no folder may be mounted: still memory, never a disk
PLACES = {
    **dict.fromkeys(("/usr", "/bin", "/lib", "/lib64"), limits.EXECUTE | limits.READ | limits.LIST),
    **dict.fromkeys(("/etc/fonts", "/etc/ld.so.cache", "/var/cache/fontconfig", limits.CHANCE), limits.READ | limits.LIST),
    "/dev/null": limits.READ | limits.WRITE,
}
STARTS = 3  # LibreOffice asks to be started again (81) when its profile is new
AGAIN = 81
UNABLE = 71  # what the keeper says where the machine, and not the file, is in the way (EX_OSERR)


@dataclass(frozen=True)
class Program:
    """A command whose `{folder}` stands for the folder it works in, `{input}` and `{output}` for its files there."""

    command: Sequence[str]
    input: str = "input"
    output: str = "output.pdf"
    files: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)  # further ones it may go to, with its rights there
    limits: Limits = field(default_factory=Limits)


def able() -> bool:
    """Whether this machine can hold a program back: without a network, and in memory."""
    can = _able()
    return bool((can["network"] or can["landlock"] >= 4) and (can["folder"] or os.path.isdir(SHARED_MEMORY)))


@cache
def _able() -> Mapping[str, int]:
    return dict(client.run("documents.sandbox.limits:told").facts)


def run(program: Program, content: Content) -> bytes:
    """What the program makes of the content. Raises TooHeavy, Failed, NotStarted; blocks the thread."""
    if not able():
        raise Failed("programs cannot be held back on this machine")
    with ROOM.load() as load, ROOM.job(), ExitStack() as held:
        placed = content if isinstance(content, Held) else memory.place(held, content, load)
        given, made = memory.to_read(held, placed), memory.empty(held)
        folder = ALONE
        if not _able()["folder"]:
            folder = held.enter_context(tempfile.TemporaryDirectory(dir=SHARED_MEMORY))
        ended = _started({**asdict(program), "folder": folder}, given, made, program.limits.wall)
        if ended < 0 or ended > 128:
            raise TooHeavy(f"ended by signal {-ended if ended < 0 else ended - 128}")
        if ended == UNABLE:
            raise client.not_started("the program could not be held back")
        if ended or not os.fstat(made).st_size:
            raise Failed("the program made nothing")
        return memory.read(made)


def _started(request: Mapping[str, Any], given: int, made: int, wall: float) -> int:
    """Start the keeper in a process of its own, wait for it, and end it and all it started if it dawdles. Returns its exit status."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from documents.sandbox.programs import keep; keep({given}, {made})"
    with subprocess.Popen(
        [sys.executable, "-I", "-c", code, json.dumps(request)],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[given, made],
        start_new_session=True,
        cwd="/",
    ) as keeper:
        try:
            return keeper.wait(wall)
        except subprocess.TimeoutExpired as late:
            raise TooHeavy("no answer in time") from late
        finally:
            if keeper.poll() is None:
                os.killpg(keeper.pid, signal.SIGKILL)


def keep(given: int, made: int) -> None:
    """In the keeper: go apart, and wait for the one child that does the work there. Ends this process."""
    request = json.loads(sys.argv[1])
    limits.die_with_parent()
    try:
        if limits.detect()["folder"]:
            limits.go_apart()
        child = os.fork()
    except OSError:
        os._exit(UNABLE)
    if child == 0:
        os._exit(_work(request, given, made))
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)


def _work(request: Mapping[str, Any], given: int, made: int) -> int:
    """Lay the files out, let the program run within its limits, and bring back what it made. Returns an exit status."""
    limits.die_with_parent()
    folder, output = Path(request["folder"]), int(request["limits"]["output"])
    if limits.detect()["folder"] and not limits.mount_memory(str(folder), 2 * output):
        return UNABLE
    here = {"folder": str(folder), "input": str(folder / request["input"]), "output": str(folder / request["output"])}
    _lay_out(request, given, here)
    try:
        limits.confine({**PLACES, **request["places"], str(folder): limits.EVERYTHING})
        limits.cap(request["limits"], int(request["limits"]["memory"]))
    except OSError:
        return UNABLE
    ended = _run([part.format(**here) for part in request["command"]], str(folder))
    if ended == 0:
        with open(here["output"], "rb") as source, os.fdopen(made, "wb") as target:
            shutil.copyfileobj(source, target)
    return ended if ended >= 0 else 128 - ended


def _lay_out(request: Mapping[str, Any], given: int, here: Mapping[str, str]) -> None:
    with os.fdopen(given, "rb") as source, open(here["input"], "wb") as target:
        shutil.copyfileobj(source, target)
    for name, text in request["files"].items():
        path = Path(here["folder"]) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _run(command: Sequence[str], folder: str) -> int:
    ended = AGAIN
    for _ in range(STARTS):
        if ended == AGAIN:
            environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder}
            ended = subprocess.run(command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, check=False).returncode
    return ended

"""What a child gives up before it reads a byte: memory, time, files, network, new privileges. All of it for good."""

import contextlib
import ctypes
import os
import resource
import signal
import struct
from collections.abc import Mapping
from typing import Any

from documents.sandbox import calls

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWNS, CLONE_NEWPID = 0x10000000, 0x40000000, 0x08000000, 0x00020000, 0x20000000
APART = CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC
MS_NOSUID, MS_NODEV, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x4000, 0x40000
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
LANDLOCK_VERSION = 1
LANDLOCK_RULE_PATH_BENEATH = 1
EXECUTE, WRITE, READ, LIST, TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
REMOVE, MAKE_SOCKET = 1 << 5, 1 << 9
OF_A_FILE = EXECUTE | WRITE | READ | TRUNCATE
EVERYTHING = ~0
CHANCE = "/dev/urandom"  # qpdf draws from it to open what is encrypted
# Every right over files the kernel's version knows: access bits by Landlock ABI (1, 2, 3, 4, 5)
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}

_libc = ctypes.CDLL(None, use_errno=True)
_able: dict[str, int] = {}


def detect() -> Mapping[str, int]:
    """What this kernel and container allow. Tried once.

    `landlock`: its ABI, 0: none; `network`: 1 where the child has a namespace of its own; `calls`: 1 where system calls can be refused;
    `folder`: 1 where a folder of memory can be mounted that nobody else sees.
    """
    if not _able:
        _able["landlock"] = max(0, _libc.syscall(LANDLOCK_CREATE_RULESET, None, 0, LANDLOCK_VERSION))
        _able["network"] = int(_tried(lambda: _libc.unshare(APART) == 0))
        _able["calls"] = int(_tried(lambda: _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and calls.refuse()))
        _able["folder"] = int(_tried(_mounted))
    return _able


def _mounted() -> bool:
    go_apart()
    return mount_memory("/tmp", 4096)  # noqa: S108 - seen by nobody else


def told(*, output: Any) -> dict[str, int]:
    """What the child of a job found: a job of its own, for whoever asks how well this machine holds it."""
    return dict(detect())


def take_on(limits: Mapping[str, Any]) -> None:
    """Take every limit on, in this process, for good."""
    die_with_parent()
    os.environ.clear()
    able, mapped = detect(), _mapped()
    if able["network"]:
        _libc.unshare(APART)
    confine({CHANCE: READ})
    cap(limits, mapped + int(limits["memory"]))
    if os.getuid() != 0 and not able["calls"]:
        _set(
            resource.RLIMIT_NPROC, 0
        )  # counts threads too, and the decoder of HEIC needs one; the filter below lets threads begin, no process
    if able["calls"] and not calls.refuse():
        raise OSError("the filter of system calls was promised and does not hold")


def die_with_parent() -> None:
    """Be killed when the process that started this one is."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def go_apart() -> None:
    """Leave for namespaces where a folder can be mounted and nothing else is seen: users, network, processes. Raises OSError."""
    user, group = os.getuid(), os.getgid()
    if _libc.unshare(APART | CLONE_NEWNS | CLONE_NEWPID):
        raise OSError(ctypes.get_errno(), "no namespace of one's own")
    for name, line in (("setgroups", "deny"), ("uid_map", f"1000 {user} 1"), ("gid_map", f"1000 {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(line)


def mount_memory(folder: str, size: int) -> bool:
    """Put a folder of memory, of at most `size` bytes, over `folder`, for this process and its children; gone with them."""
    _libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    options = f"size={size},mode=700".encode()
    return bool(_libc.mount(b"tmpfs", folder.encode(), b"tmpfs", MS_NOSUID | MS_NODEV, options) == 0)


def confine(paths: Mapping[str, int]) -> None:
    """No new privilege, and with Landlock no file by any path but these, each with its rights; what is open already stays."""
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if abi := detect()["landlock"]:
        _landlock(abi, paths)


def cap(limits: Mapping[str, Any], memory: int) -> None:
    """Address space, processor time, size and number of files."""
    _set(resource.RLIMIT_AS, memory)
    _set(resource.RLIMIT_CPU, int(limits["cpu"]))
    _set(resource.RLIMIT_FSIZE, int(limits["output"]))
    _set(resource.RLIMIT_NOFILE, 256)
    _set(resource.RLIMIT_CORE, 0)


def _landlock(abi: int, paths: Mapping[str, int]) -> None:
    """From its fourth version on it closes TCP as well, where there is no network namespace."""
    rights = (1 << FILE_RIGHTS[min(abi, 5)]) - 1
    attribute = struct.pack("QQ", rights, 0b11 if abi >= 4 else 0)
    ruleset = _libc.syscall(LANDLOCK_CREATE_RULESET, attribute, 16 if abi >= 4 else 8, 0)
    refused = [path for path, given in paths.items() if os.path.exists(path) and _rule(ruleset, path, given & rights)]
    if ruleset < 0 or refused or _libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0):
        raise OSError(ctypes.get_errno(), "Landlock was promised and does not hold")


def _rule(ruleset: int, path: str, rights: int) -> int:
    opened = os.open(path, os.O_PATH)
    try:
        rule = struct.pack("=Qi", rights if os.path.isdir(path) else rights & OF_A_FILE, opened)
        return int(_libc.syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_PATH_BENEATH, rule, 0))
    finally:
        os.close(opened)


def _set(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def _mapped() -> int:
    """Bytes of address space already in use."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def _tried(step: Any) -> bool:
    """Whether a step works, tried in a child so that nothing of it stays."""
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os._exit(0 if step() else 1)
        os._exit(1)
    return os.waitpid(child, 0)[1] == 0

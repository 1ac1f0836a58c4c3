"""What a child gives up before it reads a byte: memory, time, files, network, new privileges. All of it for good."""

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Mapping
from typing import Any

from documents.sandbox import calls

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
LANDLOCK_VERSION = 1
LANDLOCK_RULE_PATH_BENEATH = 1
LANDLOCK_READ_FILE = 1 << 2
CHANCE = "/dev/urandom"  # qpdf draws from it to open what is encrypted
# Every right over files the kernel's version knows: access bits by Landlock ABI (1, 2, 3, 4, 5)
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}

_libc = ctypes.CDLL(None, use_errno=True)
_able: dict[str, int] = {}


def detect() -> Mapping[str, int]:
    """What this kernel and container allow. Tried once.

    `landlock`: its ABI, 0: none; `network`: 1 where the child has a namespace of its own; `calls`: 1 where system calls can be refused.
    """
    if not _able:
        _able["landlock"] = max(0, _libc.syscall(LANDLOCK_CREATE_RULESET, None, 0, LANDLOCK_VERSION))
        _able["network"] = int(_tried(lambda: _libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) == 0))
        _able["calls"] = int(_tried(lambda: _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and calls.refuse()))
    return _able


def told(*, output: Any) -> dict[str, int]:
    """What the child of a job found: a job of its own, for whoever asks how well this machine holds it."""
    return dict(detect())


def take_on(limits: Mapping[str, Any]) -> None:
    """Take every limit on, in this process, for good."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.environ.clear()
    able, mapped = detect(), _mapped()
    if able["network"]:
        _libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC)
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if able["landlock"]:
        _no_path(able["landlock"])
    _set(resource.RLIMIT_AS, mapped + int(limits["memory"]))
    _set(resource.RLIMIT_CPU, int(limits["cpu"]))
    _set(resource.RLIMIT_FSIZE, int(limits["output"]))
    _set(resource.RLIMIT_NOFILE, 256)
    _set(resource.RLIMIT_CORE, 0)
    if os.getuid() != 0:
        _set(resource.RLIMIT_NPROC, 0)
    if able["calls"] and not calls.refuse():
        raise OSError("the filter of system calls was promised and does not hold")


def _no_path(abi: int) -> None:
    """Landlock: no file can be opened, made or removed by any path but the source of chance; what is open already stays."""
    rights = (1 << FILE_RIGHTS[min(abi, 5)]) - 1
    attribute = struct.pack("QQ", rights, 0b11 if abi >= 4 else 0)
    ruleset = _libc.syscall(LANDLOCK_CREATE_RULESET, attribute, 16 if abi >= 4 else 8, 0)
    with open(CHANCE, "rb") as chance:
        rule = struct.pack("=Qi", LANDLOCK_READ_FILE, chance.fileno())
        allowed = _libc.syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_PATH_BENEATH, rule, 0)
    if ruleset < 0 or allowed or _libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0):
        raise OSError(ctypes.get_errno(), "Landlock was promised and does not hold")


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
        os._exit(0 if step() else 1)
    return os.waitpid(child, 0)[1] == 0

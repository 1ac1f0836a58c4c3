"""System calls that no parser has a use for: the kernel refuses them to the limited process (seccomp, as a filter of numbers)."""

import ctypes
import os
import platform
import struct

PR_SET_SECCOMP, MODE_FILTER = 22, 2
ALLOW, KILL, REFUSE, ABSENT = 0x7FFF0000, 0x80000000, 0x00050000 | 1, 0x00050000 | 38  # EPERM, ENOSYS
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, MACHINE, FIRST_ARGUMENT = 0, 4, 16  # where they are in what the kernel shows the filter
THREAD = 0x00010000  # CLONE_THREAD: a thread, not a process
OTHER_NUMBERING = 0x40000000  # x32, which has numbers of its own

MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
REFUSED = {  # by name: its numbers on x86_64 and aarch64; -1 where there is none
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, -1), "vfork": (58, -1),
    "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202),
    "accept4": (288, 242), "sendmmsg": (307, 269),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "kexec_load": (246, 104), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171), "acct": (163, 89), "quotactl": (179, 60),
    "sethostname": (170, 161), "setdomainname": (171, 162), "syslog": (103, 116), "personality": (135, 92), "prlimit64": (302, 261),
    "iopl": (172, -1), "ioperm": (173, -1), "chmod": (90, -1), "fchmodat": (268, 53), "chown": (92, -1), "fchownat": (260, 54),
}  # fmt: skip
CLONE, CLONE3, SIGNAL_THREAD = (56, 220), (435, 435), (234, 131)

_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def refuse() -> bool:
    """Refuse them to this process, for good. False where the kernel or the machine does not know how."""
    if platform.machine() not in MACHINES:
        return False
    architecture, column = MACHINES[platform.machine()]
    instructions = _filter(architecture, column, os.getpid())
    program = _Program(len(instructions) // 8, instructions)
    return _libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(program), 0, 0) == 0


def _filter(architecture: int, column: int, own: int) -> bytes:
    """The filter's instructions: another machine's calls end the process; threads, and signals to oneself, stay allowed."""
    refused = [numbers[column] for numbers in REFUSED.values() if numbers[column] >= 0]
    steps = [
        *(_step(LOAD, MACHINE), _step(EQUAL, architecture, 1, 0), _step(RETURN, KILL)),
        *(_step(LOAD, NUMBER), _step(AT_LEAST, OTHER_NUMBERING, 0, 1), _step(RETURN, REFUSE)),
        *(_step(EQUAL, CLONE3[column], 0, 1), _step(RETURN, ABSENT)),
        *(step for number in refused for step in (_step(EQUAL, number, 0, 1), _step(RETURN, REFUSE))),
        *(_step(EQUAL, CLONE[column], 0, 4), _step(LOAD, FIRST_ARGUMENT), _step(ANY_BIT, THREAD, 1, 0), _step(RETURN, REFUSE)),
        _step(RETURN, ALLOW),
        *(_step(EQUAL, SIGNAL_THREAD[column], 0, 3), _step(LOAD, FIRST_ARGUMENT), _step(EQUAL, own, 1, 0), _step(RETURN, REFUSE)),
        _step(RETURN, ALLOW),
    ]
    return b"".join(steps)


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, value)

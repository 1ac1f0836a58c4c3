"""Becomes another program that cannot outlive its parent: `python -I leash.py PARENT SIGNAL IDENTITY command…`.

IDENTITY says as whom the program runs: "same" (this user), "namespace" (root, shown to the program as an ordinary user:
PostgreSQL refuses to run as root) or a number (that unprivileged user, where user namespaces are refused).
"""

import ctypes
import os
import signal
import sys

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1


def main() -> None:
    """Take the identity, ask the kernel for SIGNAL when the parent ends, and become the command."""
    parent, number, identity, *command = sys.argv[1:]
    libc = ctypes.CDLL(None, use_errno=True)
    if identity == "namespace":
        enter_namespace(libc)
    elif identity != "same":
        drop_to(int(identity))
    libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit("the parent has ended")
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.execv(command[0], command)


def enter_namespace(libc: ctypes.CDLL) -> None:
    """Enter a user namespace of our own, where root is seen as user 1000: files stay root's."""
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", "1000 0 1"), ("gid_map", "1000 0 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def drop_to(user: int) -> None:
    """Give up root for good."""
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


if __name__ == "__main__":
    main()

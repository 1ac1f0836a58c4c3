"""Jobs that do what a taken-over parser would, for the tests of the limited process."""

import os
import signal
import socket
import subprocess
import time

from documents.sandbox import limits


def echo(*contents, output, **arguments):
    for content in contents:
        output.write(content.read())
    return arguments


def ends(before, content, *, output):
    """How much there is before; of a content, how much its beginning and its end give, and how long it is."""
    first, size = len(content.read(10)), content.seek(0, 2)
    content.seek(-10, 2)
    return [len(before.read()), first, len(content.read(10)), size]


def eat_memory(*, output):
    return len(bytearray(2 * 1024**3))


def spin(*, output):
    while True:
        pass


def sleep(*, output):
    time.sleep(60)


def die(*, output):
    os.abort()


def raise_something(*, output):
    raise ValueError("a secret that must not come out")


def write_much(*, output):
    output.write(bytes(2 * 1024 * 1024))
    output.flush()


def answer_much(*, output):
    return "x" * (2 * 1024 * 1024)


def answer_no_json(*, output):
    return object()


def read_a_file(*, output, path):
    with open(path) as file:
        return file.read()


def reach(*, output, host, port):
    socket.create_connection((host, port), timeout=1)


def surroundings(*, output):
    return {"environment": dict(os.environ), "able": dict(limits.detect())}


def pid(*, output):
    return os.getpid()


def fork(*, output):
    return os.fork()


def execute(*, output):
    return subprocess.run(["/bin/true"], check=True).returncode


def kill_another(*, output, process):
    os.kill(process, signal.SIGTERM)


def change_the_input(content, *, output):
    os.write(os.open(f"/proc/self/fd/{content.fileno()}", os.O_WRONLY), b"changed")


def write_on_the_input(content, *, output):
    os.write(content.fileno(), b"changed")


def size(content, *, output):
    return len(content.read())


def complain(*, output):
    os.write(2, b"a name that was in the file")
    return "done"


def wait_for(content, *, output, seconds):
    """Until others have had the time to be there too."""
    time.sleep(seconds)
    return [time.monotonic() - seconds, time.monotonic()]

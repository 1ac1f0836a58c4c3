"""Jobs that do what a taken-over parser would, for the tests of the limited process."""

import os
import socket
import time

from documents.sandbox import limits


def echo(*contents, output, **arguments):
    for content in contents:
        output.write(content.read())
    return arguments


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

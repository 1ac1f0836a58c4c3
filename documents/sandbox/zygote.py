"""The helper that has the parsers loaded, and forks one limited child for each job. It never reads a document itself."""

import codecs
import contextlib
import encodings
import gc
import importlib
import json
import os
import pkgutil
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from documents.sandbox import limits
from documents.sandbox.served import asked

PRELOADED = (
    "lxml.etree",
    "pyhanko.sign.signers",
    "pyhanko.sign.validation",
    "pypdf",
    "pypdf._codecs._codecs",
    "pypdf.filters",
    "pypdf.generic._image_xobject",
    "pypdf.xmp",
    "documents.sandbox.archival",
    "documents.sandbox.bundle",
    "documents.sandbox.examine",
    "documents.sandbox.look",
    "documents.sandbox.office",
    "documents.sandbox.pdf",
    "documents.sandbox.pictures",
    "documents.sandbox.repair",
    "documents.sandbox.text",
)
MESSAGE_BYTES = 65536
MAX_DESCRIPTORS = 210
WRITTEN_AT_ONCE = 256 * 1024  # bytes


def serve(descriptor: int, modules: Sequence[str]) -> None:
    """Fork a child for each request until the other side goes away. `modules` are loaded before, beside our own."""
    _load(modules)
    limits.detect()
    gc.freeze()
    with socket.socket(fileno=descriptor) as door:
        while True:
            message, descriptors, flags, _ = socket.recv_fds(door, MESSAGE_BYTES, MAX_DESCRIPTORS)
            if not message:
                return
            if flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):  # no descriptor left for all that came, or more than was agreed
                _close(descriptors)
            else:
                with contextlib.suppress(OSError):  # no process, no memory, no descriptor at the moment: the others' jobs go on
                    _fork(door, json.loads(message), descriptors)
            _reap()


def _load(modules: Sequence[str]) -> None:
    """All that a job may need of the disk, which its child cannot open any more: modules, and whatever encoding a file may use."""
    for name in (*PRELOADED, *modules):
        importlib.import_module(name)
    for found in pkgutil.iter_modules(encodings.__path__):
        with contextlib.suppress(LookupError, ImportError):
            codecs.lookup(found.name)


def _fork(door: socket.socket, request: dict[str, Any], descriptors: list[int]) -> None:
    """Give the job to a child, and the asker the means to end it. Where no child can be made, the asker's socket closes without a word."""
    with ExitStack() as held:
        for descriptor in descriptors[1:]:
            held.callback(os.close, descriptor)
        reply = held.enter_context(socket.socket(fileno=descriptors[0]))
        may_begin, begin = os.pipe()
        held.callback(os.close, may_begin)
        held.callback(os.close, begin)
        child = os.fork()
        if child == 0:
            try:
                door.close()
                os.close(begin)
                if os.read(may_begin, 1):  # so that the first byte of the answer is ours
                    _child(request, reply, descriptors[1], descriptors[2:])
            finally:
                os._exit(1)
        pidfd = os.pidfd_open(child)
        held.callback(os.close, pidfd)
        with contextlib.suppress(OSError):  # the asker has gone: the child's own limits end it
            socket.send_fds(reply, [b"+"], [pidfd])
        os.write(begin, b"+")


def _child(request: dict[str, Any], reply: socket.socket, output: int, inputs: list[int]) -> None:
    """Take the limits on, do the job, say what came of it, and end. Nothing is cleaned up: the process is the cleaning."""
    wrong = "unable"  # until the limits hold, what goes wrong is the machine's
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # parsers quote what they read: never in our logs
        module, name = request["job"].split(":")
        function = getattr(importlib.import_module(module), name)
        limits.take_on(request["limits"])
        wrong = "error"
        with os.fdopen(output, "wb", WRITTEN_AT_ONCE) as written:
            facts = function(*_contents(request.get("served", []), inputs), output=written, **request["arguments"])
        answer = json.dumps({"facts": facts})
    except BaseException as fault:  # whatever it is, the asker is told its name and no more
        answer = json.dumps({wrong: type(fault).__name__})
    try:
        reply.sendall(answer.encode())
    finally:
        os._exit(0)


def _contents(served: list[int], inputs: list[int]) -> list[Any]:
    """The contents as files: first those handed over, then those asked for through the last descriptor, of these sizes."""
    if not served:
        return [os.fdopen(held, "rb") for held in inputs]
    door = socket.socket(fileno=inputs[-1])
    return [*(os.fdopen(held, "rb") for held in inputs[:-1]), *(asked(door, which, size) for which, size in enumerate(served))]


def _close(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _reap() -> None:
    """Collect the children that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue

"""Ways to the store that can be hurt: cut, slowed, or silent."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from django.conf import settings

Judge = Callable[[str, bytes], bool]  # "up" or "down", and what is to pass: whether it does; EOFError cuts the way


def cut_after(up: int, down: int) -> "Judge":
    """Cut after so many bytes in each direction."""
    left = {"up": up, "down": down}

    def passes(which: str, chunk: bytes) -> bool:
        if left[which] <= 0:
            raise EOFError
        left[which] -= len(chunk)
        return True

    return passes


def slowly(seconds: float) -> "Judge":
    """Each piece takes so long."""

    def passes(_which: str, _chunk: bytes) -> bool:
        time.sleep(seconds)
        return True

    return passes


def silent(_which: str, _chunk: bytes) -> bool:
    """Everything is taken and nothing is answered."""
    return False


@contextmanager
def way(passes: Judge) -> Iterator[str]:
    """The address of such a way to the store, until the end of the block."""
    store = urlsplit(settings.S3_ENDPOINT)
    opened: list[socket.socket] = []

    def carry(source: socket.socket, target: socket.socket, which: str) -> None:
        with suppress(OSError, EOFError):
            while chunk := source.recv(65536):
                if passes(which, chunk):
                    target.sendall(chunk)
        end(source, target)

    def serve(door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = door.accept()
                far = socket.create_connection((store.hostname, store.port))
                opened.extend((near, far))
                for carried in ((near, far, "up"), (far, near, "down")):
                    threading.Thread(target=carry, args=carried, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as door:
        serving = threading.Thread(target=serve, args=(door,), daemon=True)
        serving.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            door.shutdown(socket.SHUT_RDWR)
            serving.join()
            end(*opened)


def end(*sockets: socket.socket) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()

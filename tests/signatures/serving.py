"""Servers of the tests on loopback: timestamp authorities, revocation services, a signing service; each answers as it is told and remembers what was asked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Reply = tuple[int, str, bytes]  # status, content type, content
Answers = Callable[["Asked"], Reply]


class Asked(BaseHTTPRequestHandler):
    """One request: `path`, `headers`, `body`."""

    body: bytes

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.came.append(self)  # type: ignore[attr-defined]
        status, kind, content = self.server.answers(self)  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST

    def handle(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # who asked has gone: that is what some tests are about
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    came: list[Asked]
    answers: Answers

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serving(answers: Answers) -> Iterator[Server]:
    """A server that answers so, for the time of the block."""
    server = Server(("127.0.0.1", 0), Asked)
    server.answers, server.came = answers, []
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

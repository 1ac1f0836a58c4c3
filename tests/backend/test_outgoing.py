"""Calls that leave the house: never into our own network, nothing followed, within a time and a size."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from backend import outgoing

INTERNET = "93.184.215.14"


class Answering(BaseHTTPRequestHandler):
    """Answers by the path: long, slowly, elsewhere; and remembers who came."""

    def do_GET(self) -> None:
        self.server.came.append((self.path, self.headers["Host"]))  # type: ignore[attr-defined]
        match self.path:
            case "/elsewhere":
                self.send_response(302)
                self.send_header("Location", "/here")
                self.end_headers()
            case "/slow":
                self.send_response(200)
                self.end_headers()
                for _drop in range(20):
                    self.wfile.write(b"x" * 70_000)
                    time.sleep(0.1)
            case "/drips":
                with suppress(OSError):
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                    for number in range(40):
                        self.wfile.write(b"X-%d: y\r\n" % number)
                        time.sleep(0.1)
            case _:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"y" * 2000)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def near() -> Iterator[ThreadingHTTPServer]:
    """A server of our own network."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.came = []  # type: ignore[attr-defined]
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def address(server: ThreadingHTTPServer, path: str = "/here", host: str = "127.0.0.1") -> str:
    return f"http://{host}:{server.server_port}{path}"


@pytest.fixture
def let_in(settings: Any) -> None:
    settings.OUTGOING_INSIDE = frozenset({"127.0.0.1"})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "[::ffff:127.0.0.1]"])
def test_nothing_is_asked_of_our_own_network(near: Any, host: str) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(outgoing.requests.RequestException), outgoing.session(plain=True) as calls:
            calls.get(address(near, host=host).replace("http", scheme))

    assert near.came == []


def test_a_name_that_leads_to_us_among_others_is_not_called(monkeypatch: Any) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, 443)) for found in (INTERNET, "10.0.0.5")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **how: both)

    with pytest.raises(outgoing.Forbidden), outgoing.session() as calls:
        calls.get("https://authority.example/")


def test_the_address_dialled_is_the_one_that_was_looked_at(near: Any, monkeypatch: Any, settings: Any) -> None:
    settings.OUTGOING_INSIDE = frozenset({"rebinding.example"})
    answers = iter([[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", near.server_port))]])
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *asked, **how: next(answers) if host == "rebinding.example" else resolve(host, *asked, **how)
    )

    with outgoing.session() as calls:
        calls.get(address(near, host="rebinding.example"))

    assert near.came == [("/here", f"rebinding.example:{near.server_port}")]


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        (INTERNET, True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_what_is_of_the_internet(ip: str, public: bool) -> None:
    assert outgoing.is_public(ip) is public


@pytest.mark.parametrize(
    "url",
    ["http://authority.example/", "ftp://authority.example/", "file:///etc/passwd", "https://a:b@authority.example/", "https:///x", "x"],
)
def test_what_is_no_https_address_is_not_called(url: str) -> None:
    with pytest.raises(outgoing.requests.RequestException), outgoing.session() as calls:
        calls.get(url)


def test_http_is_called_where_what_comes_back_is_signed_itself() -> None:
    outgoing.check("http://authority.example/", plain=True)
    with pytest.raises(outgoing.Forbidden):
        outgoing.check("http://authority.example/")


@pytest.mark.usefixtures("let_in")
def test_what_the_operator_lets_in_is_called_and_no_redirection_is_followed(near: Any) -> None:
    with outgoing.session() as calls:
        answer = calls.get(address(near, "/elsewhere"))

    assert answer.status_code == 302
    assert [path for path, _host in near.came] == ["/elsewhere"]


@pytest.mark.usefixtures("let_in")
def test_an_answer_may_be_as_long_as_is_said_and_not_a_byte_more(near: Any) -> None:
    with outgoing.session(at_most=2000) as calls:
        assert len(calls.get(address(near)).content) == 2000
    with pytest.raises(outgoing.TooMuch), outgoing.session(at_most=1999) as calls:
        calls.get(address(near))


@pytest.mark.usefixtures("let_in")
def test_an_answer_that_drips_is_given_up(near: Any) -> None:
    begun = time.monotonic()
    with pytest.raises(outgoing.TooMuch), outgoing.session(seconds=0.3) as calls:
        calls.get(address(near, "/slow"))

    assert time.monotonic() - begun < 1.5


@pytest.mark.usefixtures("let_in")
def test_an_answer_whose_first_lines_drip_is_cut_off(near: Any) -> None:
    begun = time.monotonic()
    with pytest.raises(outgoing.requests.RequestException), outgoing.session(seconds=0.3) as calls:
        calls.get(address(near, "/drips"))

    assert time.monotonic() - begun < 1.5


@pytest.mark.usefixtures("let_in")
def test_proxies_of_the_environment_are_not_asked(near: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with outgoing.session() as calls:
        assert calls.get(address(near)).status_code == 200

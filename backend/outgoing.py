"""Calls to addresses that people or other services gave: never into our own network, within a time and a size, following nothing.

An address is looked at where it is dialled, after its name was resolved, and the connection goes to the very address that was looked at: a name
that says one thing when it is checked and another when it is called gains nothing.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer, local
from typing import Any
from urllib.parse import urlsplit
from weakref import finalize

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager

SECONDS = 10.0
AT_MOST = 1_000_000  # bytes of an answer
CHUNK = 64 * 1024
TUNNELS = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))  # they hide an IPv4 address

_here = local()  # .dialled: the connections of the session that this thread is in


class Forbidden(requests.exceptions.InvalidURL):
    """An address that is not called: of our own network, without TLS, or no address of the web."""


class Inside(Exception):
    """Told by the connection to the session: what urllib3 does not take for a fault of the network."""


class TooMuch(requests.exceptions.RequestException):
    """An answer that is too long, or too long in coming."""


def session(*, seconds: float = SECONDS, at_most: int = AT_MOST, plain: bool = False) -> "Session":
    """A session of `requests` for such calls. `plain`: http is called too, where what comes back carries its own signature (a timestamp, RFC 3161).

    Raises Forbidden, TooMuch, or another RequestException of `requests`.
    """
    return Session(seconds, at_most, plain)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the Internet: neither private, loopback, link-local, multicast, nor one that hides such an address in it."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            found = found.ipv4_mapped
        elif any(found in tunnel for tunnel in TUNNELS):
            return False
    return found.is_global and not found.is_multicast


def is_inside(host: str) -> bool:
    """Whether the operator says that this host may be called wherever it is, by http too (`OUTGOING_INSIDE`)."""
    return host.lower().strip("[]").rstrip(".") in settings.OUTGOING_INSIDE


def check(url: str, *, plain: bool = False) -> None:
    """Refuse what is no address of the web, or has no TLS where it must. Raises Forbidden."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as wrong:
        raise Forbidden("not an address") from wrong
    if not host or parts.username is not None or parts.scheme not in ("http", "https"):
        raise Forbidden("not an address of the web")
    if parts.scheme == "http" and not plain and not is_inside(host):
        raise Forbidden("not an https address")


class Session(requests.Session):
    """Goes straight, follows no redirection, and reads no more than it may."""

    def __init__(self, seconds: float, at_most: int, plain: bool) -> None:
        super().__init__()
        self.seconds, self.at_most, self.plain = seconds, at_most, plain
        self._dialled: list[socket.socket] = []
        finalize(self, _let_go, self._dialled)  # where nobody closes the session
        self.trust_env = False  # neither proxies nor passwords of the environment
        for scheme in ("http://", "https://"):
            self.mount(scheme, Adapter())

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        check(request.url or "", plain=self.plain)
        until = time.monotonic() + self.seconds
        with _cut_after(self.seconds, self._dialled):
            try:
                answer = super().send(request, **{**options, "allow_redirects": False, "stream": True, "timeout": self.seconds})
            except Inside as refusal:
                raise Forbidden("this address leads into our own network") from refusal
            with answer:
                answer._content = _read(answer, until, self.at_most)
        return answer

    def close(self) -> None:
        super().close()
        _let_go(self._dialled)


def _let_go(dialled: list[socket.socket]) -> None:
    while dialled:
        dialled.pop().close()


@contextmanager
def _cut_after(seconds: float, dialled: list[socket.socket]) -> Iterator[None]:
    """Whatever a server does, a byte from time to time, it does not hold us longer: each read has a time limit of its own, not their sum."""

    def cut() -> None:
        for one in dialled:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    _here.dialled = dialled
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _read(answer: requests.Response, until: float, at_most: int) -> bytes:
    read = bytearray()
    for chunk in answer.iter_content(CHUNK):
        read += chunk
        if len(read) > at_most:
            raise TooMuch("the answer is too long")
        if time.monotonic() > until:
            raise TooMuch("the answer is too long in coming")
    if time.monotonic() > until:  # cut off: what came is not the whole
        raise TooMuch("the answer is too long in coming")
    return bytes(read)


class Adapter(HTTPAdapter):
    """Dials what was looked at."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}


def dialled(host: str, port: int) -> str:
    """The address of a host that is called. Raises Inside where any that its name leads to is of our own network, OSError where there is none."""
    found = [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not is_inside(host) and not all(map(is_public, found)):
        raise Inside(host)
    return found[0]


class PlainConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _dial(self, super()._new_conn)


class TlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _dial(self, super()._new_conn)


def _dial(connection: Any, connect: Any) -> socket.socket:
    """Connect to the address that was looked at; the name stays the one that TLS and the server are told."""
    named = connection._dns_host
    try:
        connection._dns_host = dialled(named, connection.port)
    except OSError as unknown:
        raise requests.exceptions.ConnectionError(f"{named}: no such host") from unknown
    try:
        made: socket.socket = connect()
    finally:
        connection._dns_host = named
    _here.dialled.append(made.dup())  # TLS takes the socket over: another handle on the same connection, to cut it by
    return made


class PlainPool(HTTPConnectionPool):
    ConnectionCls = PlainConnection


class TlsPool(HTTPSConnectionPool):
    ConnectionCls = TlsConnection

"""Asking services whose addresses other people give: never at a private address, never for long, never more than a little.

Addresses are judged where the connection is made, so neither a name that changes its answer nor a redirect leads elsewhere. What an operator's setting
OUTGOING_PRIVATE names is let through.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from django.conf import settings

from backend.errors import Unavailable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

ANSWER_MAX_BYTES = 4 * 1024 * 1024  # a long CRL
SECONDS = 10.0  # from the name's resolution to the last byte
REDIRECTS = 3
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last four bytes
FAULTS = (aiohttp.ClientError, OSError, TimeoutError, ValueError)


class Answer(aiohttp.ClientResponse):
    """An answer that is read up to a limit."""

    async def read(self) -> bytes:
        if self._body is None:
            read = bytearray()
            async for chunk in self.content.iter_any():
                read += chunk
                if len(read) > ANSWER_MAX_BYTES:
                    self.close()
                    raise aiohttp.ClientPayloadError(f"more than {ANSWER_MAX_BYTES} bytes")
            self._body = bytes(read)
        return self._body


@asynccontextmanager
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A client for HTTP that reaches public addresses only."""
    connector = aiohttp.TCPConnector(socket_factory=_socket)
    async with aiohttp.ClientSession(
        connector=connector,
        response_class=Answer,
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        headers={"Accept-Encoding": "identity"},
        auto_decompress=False,
        trust_env=False,
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as opened:
        yield opened


def fetch(url: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
    """What is found at an address (GET), or answered to what is sent there (POST). Raises Unavailable. Never call it in a running event loop."""
    try:
        return asyncio.run(_fetch(url, data, headers or {}))
    except FAULTS as fault:
        raise Unavailable from fault


async def _fetch(url: str, data: bytes | None, headers: Mapping[str, str]) -> bytes:
    method = "GET" if data is None else "POST"
    async with (
        session() as client,
        client.request(method, url, data=data, headers=headers, raise_for_status=True, max_redirects=REDIRECTS) as answer,
    ):
        return await answer.read()


def allowed(address: str) -> bool:
    """Whether a connection may be made to this address (numeric)."""
    found = _plain(ipaddress.ip_address(address.partition("%")[0]))
    let_through = (ipaddress.ip_network(network) for network in settings.OUTGOING_PRIVATE)
    return (found.is_global and not found.is_multicast) or any(found in network for network in let_through)


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    carried = address.teredo[1] if address.teredo else address.sixtofour
    return address.ipv4_mapped or carried or address


def _socket(info: Any) -> socket.socket:
    family, kind, protocol, _name, address = info
    if not allowed(address[0]):
        raise PermissionError(f"{address[0]} is a private address, and OUTGOING_PRIVATE does not allow it")
    return socket.socket(family=family, type=kind, proto=protocol)

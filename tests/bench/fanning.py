"""The bare side of the live bench: what Valkey publishes on one channel, given as it is to every open socket; nobody is asked who they are."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

import redis.asyncio

CHANNEL = "bench-fanning"
Send = Callable[[dict[str, Any]], Awaitable[None]]
open_to: set[Send] = set()
listening: list[asyncio.Task[None]] = []


async def application(scope: dict[str, Any], receive: Callable[[], Awaitable[dict[str, Any]]], send: Send) -> None:
    """An ASGI application: /health, and sockets that only hear."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        return await send({"type": "http.response.body", "body": b"ok"})
    if not listening:
        listening.append(asyncio.create_task(listen()))
    await send({"type": "websocket.accept"})
    open_to.add(send)
    while (await receive())["type"] != "websocket.disconnect":
        pass
    open_to.discard(send)
    return None


async def listen() -> None:
    """One subscription for the whole process."""
    async with redis.asyncio.from_url(os.environ["VALKEY_URL"]).pubsub() as heard:
        await heard.subscribe(CHANNEL)
        async for message in heard.listen():
            if message["type"] == "message":
                for send in list(open_to):
                    await send({"type": "websocket.send", "text": message["data"].decode()})

"""A small cap on what Django itself takes in: it would spool a whole body to disk before any view runs."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[..., Awaitable[None]]  # (scope, receive, send), as each library types them

TOO_LARGE = b'{"type":"about:blank","status":413,"title":"Too large","code":"too-large"}'


def capped(application: Application, limit: int) -> Application:
    """The application, refusing a body of more than `limit` bytes: on its headers, or as soon as it grows past it."""

    async def door(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if declared(scope) > limit:
            return await refuse(send, 413, TOO_LARGE)
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            return {"type": "http.disconnect"} if taken > limit else message

        await application(scope, counted, send)
        if taken > limit:  # Django takes a body whole before it answers: it has answered nothing
            await refuse(send, 413, TOO_LARGE)

    return door


def declared(scope: MutableMapping[str, Any]) -> int:
    """The Content-Length a request announces, 0 where it says none."""
    value = next((value for name, value in scope.get("headers", []) if name == b"content-length"), b"0")
    return int(value) if value.isdigit() else 0


async def refuse(send: Send, status: int, body: bytes, content_type: bytes = b"application/problem+json") -> None:
    """Answer before the body is taken, and close: what still comes is not read."""
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

"""The door of who holds a signed file and asks what it is worth: no account, nothing kept, the bytes in memory outside this process's own.

`POST /verifier/fichier` takes the form of the page: what is found goes to Django inside the process, which writes a page or a PDF. `POST
/api/v1/signature-checks` takes the file as its raw body, and is answered in JSON.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, parse_cookie
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from backend.api.body import Application, Message, Receive, Send, declared
from backend.api.throttling import ByAddress
from backend.errors import Busy, DomainError, Invalid, NotAllowed
from backend.people.channel import from_elsewhere
from cases import signed
from cases.api.multipart import Form
from cases.api.senders import Places
from cases.api.uploads import BESIDE_THE_FILE, GoneAway, Scope, Stalled, Upload
from documents import feeding

API, PAGE, ANSWER = "/api/v1/signature-checks", "/verifier/fichier", "/verifier/rapport/"
AT_ONCE = 4  # in one process
_places = asyncio.Semaphore(AT_ONCE)
BY_CODE = gettext_lazy("A document made here can also be checked by the code printed on it, as often as you like and without sending it.")
_of_one = Places(2, gettext_lazy("Two files from your address are being checked already."), BY_CODE)  # that come, or are looked at


class TooOften(DomainError):
    """One address asked too many times in an hour."""

    code = "throttled"


@dataclass
class Checked:
    """What is told of a file: its report, or why there is none; `form`: page or pdf."""

    form: str = "page"
    name: str = ""
    report: dict[str, Any] = field(default_factory=dict)
    known: Any = None
    refusal: DomainError | None = None


def before(application: Application) -> Application:
    """Take such files; leave everything else to the application."""

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] not in (API, PAGE):
            return await application(scope, receive, send)
        async with ThreadSensitiveContext():
            try:
                await Check(scope, receive, send, application).answer()
            finally:
                await sync_to_async(connections.close_all)()

    return door


@dataclass
class Check(Upload):
    """One file whose signatures are looked at."""

    application: Application = None  # type: ignore[assignment]

    @property
    def limit(self) -> int:
        return settings.CHECK_MAX_BYTES + BESIDE_THE_FILE

    @property
    def language(self) -> str:
        """The one chosen on this device, else the one that is asked for: as on every public page."""
        asked = HttpRequest()
        asked.COOKIES = parse_cookie(self.headers.get("cookie", ""))
        asked.META["HTTP_ACCEPT_LANGUAGE"] = self.headers.get("accept-language", "")
        return translation.get_language_from_request(asked)

    async def answer(self) -> None:
        """How often, from where, how large: from the headers. Only then the body."""
        with translation.override(self.language):
            found = Checked()
            try:
                await self.admitted()
                with _of_one.one(_address(self.scope)):
                    await (self.look(found, self.body(), self.query.get("name", "")) if self.scope["path"] == API else self.of_form(found))
            except GoneAway:
                return
            except Stalled:
                return await self.respond(408, b"", [])
            except DomainError as refusal:
                found.refusal = refusal
            await self.tell(found)

    async def admitted(self) -> None:
        """Raises NotAllowed, TooOften, TooLarge."""
        if self.scope["path"] == PAGE and from_elsewhere(self.scope):
            raise NotAllowed(_("This form was sent from another site."))
        if declared(self.scope) > self.limit:
            raise feeding.too_large(settings.CHECK_MAX_BYTES)
        throttle = ByAddress("signature-checks", settings.CHECKS_PER_HOUR)
        if not await sync_to_async(throttle.allow_request)(_request(self.scope), None):
            raise TooOften(_("Too many files were checked from your address. Try again in an hour."), mend=BY_CODE)

    async def of_form(self, found: Checked) -> None:
        """The page's form: its fields, then one file."""
        async for part in Form(self.headers.get("content-type", ""), self.body()).parts():
            if part.file_name is None:
                if part.name == "form":
                    found.form = "pdf" if await part.text() == "pdf" else "page"
            elif part.file_name:
                return await self.look(found, part.read(), part.file_name)
        raise Invalid(_("Choose a file."), field="file")

    async def look(self, found: Checked, chunks: AsyncIterator[bytes], name: str) -> None:
        """In a thread, once the bytes have come: who sends them slowly takes no place. They are gone when it ends."""
        found.name = name
        async with feeding.come_whole(chunks, settings.CHECK_MAX_BYTES) as whole:
            if _places.locked():
                raise Busy(_("Too many files are being checked at this moment. Try again in a minute."), mend=BY_CODE)
            async with _places:
                found.report, found.known = await feeding.fed(whole, settings.CHECK_MAX_BYTES, signed.of_file)

    async def tell(self, found: Checked) -> None:
        """In JSON here; for a page, Django writes the answer to a request of its own that bears what was found."""
        if self.scope["path"] == PAGE:
            return await self.application(self.onward(found), _once(), self.written)
        if found.refusal is None:
            return await self.json(200, {**signed.told(found.report), "made_here": found.known is not None})
        await self.problem(found.refusal)

    def onward(self, found: Checked) -> Scope:
        """The same request, without its body."""
        body = (b"content-length", b"content-type", b"transfer-encoding")
        headers = [pair for pair in self.scope["headers"] if pair[0] not in body]
        address = {"method": "GET", "path": ANSWER, "raw_path": ANSWER.encode(), "query_string": b""}
        return {**self.scope, **address, "headers": headers, "checked": found}

    async def written(self, message: Message) -> None:
        """What Django answers; what still comes of the body is not read."""
        if message["type"] == "http.response.start" and not self.read_whole:
            message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
        await self.send(message)


def _once() -> Receive:
    """An empty body, and then nothing more."""
    given = False

    async def receive() -> Message:
        nonlocal given
        if given:
            await asyncio.Event().wait()
        given = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive


def _address(scope: Scope) -> str:
    """Whose files are counted together."""
    return str(ByAddress("signature-checks", 1).get_ident(_request(scope)))


def _request(scope: Scope) -> Request:
    """Just enough of a request to tell whose address it comes from."""
    asked = HttpRequest()
    client = scope.get("client") or ("", 0)
    asked.META["REMOTE_ADDR"] = client[0]
    forwarded = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    if forwarded:
        asked.META["HTTP_X_FORWARDED_FOR"] = ",".join(forwarded)
    return Request(asked)


def checked(request: HttpRequest) -> Checked | None:
    """What the door found, for the request that bears it; None for one that did not come through it."""
    found: Checked | None = getattr(request, "scope", {}).get("checked")
    return found

"""The door of uploads, beside Django: the sender is known before a byte of the body is read; bytes stream into the vault.

`POST /api/v1/documents?name=…` takes one file as the raw body. `POST /envoyer` takes the form of a page, with or without JavaScript: its
fields first, then its files, each bound to the case by the same action as everywhere.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from redis.exceptions import RedisError

from backend.api import problems
from backend.api.body import Application, Message, Receive, Send, declared
from backend.errors import DomainError, Invalid, NotAllowed
from backend.people.actor import Actor
from backend.people.channel import actor_of_scope, from_elsewhere, headers_of, language_of
from cases import twins
from cases.api import binding
from cases.api.multipart import Form, Part
from cases.api.senders import Places
from cases.bytes import largest
from cases.twins import Same
from documents import assembly, feeding, intake, naming, quotas
from documents.models import State, Version
from documents.quotas import Full

API, PAGE = "/api/v1/documents", "/envoyer"
FILES_AT_ONCE = 50
ERROR = "error"
READ = "/dossiers/{case}/pieces/{exhibit}/lire/"
BESIDE_THE_FILE = 1024 * 1024  # what a form may hold beside its files, in bytes
STALLED_SECONDS = 60.0  # how long nothing may come of a body
Scope = Any
_places = Places(
    settings.BODIES_AT_ONCE,
    gettext_lazy("Other files of yours are still on their way: no more are taken at once."),
    gettext_lazy("Nothing was kept of this one. Wait until another has come, or stop sending one, then send it again."),
)


def before(application: Application) -> Application:
    """Take uploads; leave everything else to the application."""

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] not in (API, PAGE):
            return await application(scope, receive, send)
        await alone(Upload(scope, receive, send))

    return door


async def alone(upload: "Upload") -> None:
    """Answer in a thread of its own: a long check holds up nobody else."""
    async with ThreadSensitiveContext():
        try:
            await upload.answer()
        finally:
            await sync_to_async(connections.close_all)()


@dataclass
class Came:
    """What came of the files of a form, so far."""

    case: UUID | None = None
    limit: int | None = None  # bytes of one file, once the form said of which case
    taken: list[Version] = field(default_factory=list)
    refused: list[tuple[str, DomainError]] = field(default_factory=list)
    twins: list[Same] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.taken) + len(self.refused)

    def reasons(self) -> list[str]:
        """Each refusal with the name of its file, why, and what to do."""
        return [
            " ".join(filter(None, [_("“%(name)s” was not taken.") % {"name": name}, str(each), str(each.mend or "")]))
            for name, each in self.refused
        ]

    def refusal(self) -> DomainError:
        """What to raise where none was taken."""
        first = self.refused[0][1]
        return first if self.count == 1 else Invalid(" ".join(self.reasons()), code=first.code, field="file")


class GoneAway(Exception):
    """The sender stopped in the middle."""


class Stalled(Exception):
    """The sender is there and sends nothing, or next to nothing."""


class Body:
    """The body of a request, chunk by chunk: whoever stops waiting for one leaves the rest to the next reader."""

    def __init__(self, upload: "Upload") -> None:
        self.upload, self.taken = upload, 0

    def __aiter__(self) -> "Body":
        return self

    async def __anext__(self) -> bytes:
        while not self.upload.read_whole:
            message = await self.upload.next()
            chunk: bytes = message.get("body", b"")
            self.taken += len(chunk)
            if self.taken > self.upload.limit:
                raise feeding.too_large(settings.DOCUMENT_MAX_BYTES)
            self.upload.read_whole = not message.get("more_body", False)
            if self.upload.read_whole:
                self.upload.place.close()
            if chunk:
                return chunk
        raise StopAsyncIteration


@dataclass
class Upload:
    """One request that brings files."""

    scope: Scope
    receive: Receive
    send: Send

    def __post_init__(self) -> None:
        self.headers = headers_of(self.scope)
        self.query = {name: values[0] for name, values in parse_qs(self.scope["query_string"].decode("utf-8", "replace")).items()}
        self.from_page = self.scope["path"] == PAGE and "application/json" not in self.headers.get("accept", "")
        self.back = "/"
        self.read_whole = False
        self.place = ExitStack()  # among this sender's bodies, until this one has come
        self.waited, self.came = 0.0, 0  # seconds in which nothing of it came, bytes that did

    async def answer(self) -> None:
        """Who is it, may it come from there, is it too large: from the headers. Only then the body."""
        actor = await sync_to_async(actor_of_scope)(self.scope)
        with translation.override(language_of(self.scope, actor)):
            try:
                if actor is None:
                    return await self.stranger()
                self.check()
                with self.place:
                    if not self.read_whole:
                        self.place.enter_context(_places.one(actor.user_id))
                    await self.take(actor)
            except GoneAway:
                return
            except Stalled:
                await self.respond(408, b"", [])
            except DomainError as refusal:
                await self.refuse(refusal)

    async def take(self, actor: Actor) -> None:
        """What is asked, by somebody known, from a page of ours. Raises Full before the body is read."""
        await sync_to_async(quotas.admit)(actor.user_id, declared(self.scope))
        await (self.form(actor) if self.scope["path"] == PAGE else self.file(actor))

    def check(self) -> None:
        """What the headers alone tell. Raises NotAllowed, TooLarge."""
        if from_elsewhere(self.scope):
            raise NotAllowed(_("This form was sent from another site."))
        if declared(self.scope) > self.limit:
            raise feeding.too_large(settings.DOCUMENT_MAX_BYTES)

    @property
    def limit(self) -> int:
        return settings.DOCUMENT_MAX_BYTES + BESIDE_THE_FILE

    def body(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises GoneAway when the sender does, Stalled when nothing comes, TooLarge past the limit."""
        return Body(self)

    async def next(self) -> Message:
        """The next message of the server. What is waited for is the sender, not what we do with the bytes meanwhile."""
        now = asyncio.get_running_loop().time
        began = now()
        patience = settings.BODY_SECONDS + self.came / settings.BODY_BYTES_PER_SECOND - self.waited
        try:
            async with asyncio.timeout(min(STALLED_SECONDS, patience)):
                message: Message = await self.receive()
        except TimeoutError as nothing:
            raise Stalled from nothing
        self.waited += now() - began
        self.came += len(message.get("body", b""))
        if message["type"] == "http.disconnect":
            raise GoneAway
        return message

    async def file(self, actor: Actor) -> None:
        """One file as the raw body: kept unbound until an action binds it."""
        name = self.query.get("name") or "document"
        version = await intake.take_in(self.body(), name=name, created_by=actor.user_id, limit=settings.DOCUMENT_MAX_BYTES)
        await self.json(201, described(version))

    async def form(self, actor: Actor) -> None:
        """A page's form: fields, then files; each file is inspected and bound at once, so that what is wrong is said at once.

        A file that is refused holds up no other: it is named with its reason, once all have been read.
        """
        fields: dict[str, str] = {}
        came = Came()
        try:
            async for part in Form(self.headers.get("content-type", ""), self.body()).parts():
                if part.file_name is None:
                    fields[part.name] = await part.text()
                    if part.name == "next" and url_has_allowed_host_and_scheme(fields["next"], allowed_hosts=None):
                        self.back = iri_to_uri(fields["next"])
                elif part.file_name and not await self.one(actor, fields, part, came):
                    break
        except DomainError as refusal:
            if not came.count:
                raise
            came.refused = came.refused or [(_("The rest of the form"), refusal)]
        if not came.count:
            raise Invalid(_("Choose a file."), field="file")
        await self.done(came)

    async def one(self, actor: Actor, fields: Mapping[str, str], part: Part, came: "Came") -> bool:
        """Take one file of a form in and bind it, or note why not. Whether the next may fare better."""
        if came.limit is None:
            case, _purpose = await sync_to_async(binding.check)(actor, fields)
            came.case, came.limit = case.pk, largest(case)
        try:
            if came.count >= FILES_AT_ONCE:
                raise Full(_("Send at most %(count)s files at once.") % {"count": FILES_AT_ONCE}, code="too-many", field="file")
            version = await intake.take_in(part.read(), name=part.file_name or "", created_by=actor.user_id, limit=came.limit)
            came.twins += await sync_to_async(self.settle)(actor, fields, version, came.count)
        except DomainError as refusal:
            came.refused.append((naming.harmless(part.file_name or ""), refusal))
            return isinstance(refusal, Invalid) and not isinstance(refusal, Full) and refusal.field in ("file", "document")
        came.taken.append(version)
        return True

    def settle(self, actor: Actor, fields: Mapping[str, str], version: Version, place: int) -> list[Same]:
        """Inspect a file, bind it, and say what is doubtful. Raises Invalid with the reason and the mend where it is refused."""
        assembly.promptly(version)
        document = version.document  # its name is told later, where no row may be asked
        version.refresh_from_db()
        version.document = document
        if version.rejected:
            finding = version.why
            raise Invalid(finding.reason, field="file", mend=finding.mend, code=finding.code)
        if fields.get("case"):
            binding.bind(actor, fields, version, place)
        same = twins.of_upload(actor, fields.get("case", ""), version)
        return [same] if same else []

    async def done(self, came: "Came") -> None:
        """Say what came of each file. Raises the only refusal where there was one file, or all the reasons where none was taken."""
        if not came.taken:
            raise came.refusal()
        if not self.from_page:
            names = [version.document.name for version in came.taken]
            refused = [{"file": name, "code": each.code, "detail": str(each), "mend": str(each.mend or "")} for name, each in came.refused]
            return await self.json(201, {"files": names, "findings": [same.finding.as_json() for same in came.twins], "refused": refused})
        count, waiting = len(came.taken), any(version.state != State.READY for version in came.taken)
        said = ngettext("%(count)s file received and checked.", "%(count)s files received and checked.", count) % {"count": count}
        if waiting:
            said = ngettext("%(count)s file received. Its check goes on.", "%(count)s files received. Their check goes on.", count)
            said %= {"count": count}
        told = " ".join([said, *came.reasons(), *(f"{same.finding.reason} {same.mend}" for same in came.twins)])
        known = {READ.format(case=came.case, exhibit=key): name for same in came.twins for key, name in same.names.items()}
        links = [{"text": name, "url": url} for url, name in known.items()]
        await self.redirect(told, "warning" if came.twins or came.refused else "info" if waiting else "success", links)

    async def refuse(self, refusal: DomainError) -> None:
        if self.from_page:
            mend = f" {refusal.mend}" if refusal.mend else ""
            return await self.redirect(f"{refusal}{mend}", ERROR)
        await self.problem(refusal)

    async def problem(self, refusal: DomainError, statuses: Mapping[str, int] = MappingProxyType({})) -> None:
        """A refusal for programs, by a status of this door's own where it has one."""
        answer = problems.handle(refusal, {})
        if answer is not None:
            status = statuses.get(refusal.code, answer.status_code)
            later = [(b"retry-after", answer["Retry-After"].encode())] if "Retry-After" in answer else []
            await self.json(status, answer.data | {"status": status}, problems.MEDIA_TYPE, later)

    async def stranger(self) -> None:
        """Answered on the headers: not one byte of the body is asked for."""
        if self.from_page:
            return await self.respond(303, b"", [(b"location", f"/compte/login/?{urlencode({'next': '/'})}".encode())])
        problem = {
            "type": "urn:commun-accord:problem:not-authenticated",
            "title": "Sign-in needed",
            "status": 401,
            "code": "not-authenticated",
        }
        await self.json(401, problem, problems.MEDIA_TYPE)

    async def redirect(self, text: str, level: str, links: Sequence[Mapping[str, str]] = ()) -> None:
        """Back to the page, with what to say there, and what to look at. Where that cannot be kept meanwhile, a refusal is said bare, and nothing else is."""
        key = secrets.token_urlsafe(12)
        try:
            await cache.aset(f"said:{key}", {"text": text, "level": level, "links": list(links)}, 600)
        except RedisError:
            if level == ERROR:
                return await self.respond(422, text.encode(), [(b"content-type", b"text/plain; charset=utf-8")])
        joined = "&" if "?" in self.back else "?"
        await self.respond(303, b"", [(b"location", f"{self.back}{joined}avis={key}".encode())])

    async def json(self, status: int, value: Any, media_type: str = "application/json", more: Iterable[tuple[bytes, bytes]] = ()) -> None:
        await self.respond(status, json.dumps(value, default=str).encode(), [(b"content-type", media_type.encode()), *more])

    async def respond(self, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        close = [] if self.read_whole else [(b"connection", b"close")]  # what still comes of the body is not read
        length = [(b"content-length", str(len(body)).encode())] if status != 204 else []
        every = [*length, (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
        await self.send({"type": "http.response.start", "status": status, "headers": [*headers, *every, *close]})
        await self.send({"type": "http.response.body", "body": body})


def described(version: Version) -> dict[str, Any]:
    """A file just taken in, as the API says it."""
    return {
        "id": str(version.document_id),
        "name": version.document.name,
        "state": version.state,
        "sha256": version.sent_sha256,
        "size": version.size,
        "media_type": version.media_type,
    }

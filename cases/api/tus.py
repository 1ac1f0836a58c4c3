"""The door of uploads that may stop and go on: tus 1.0 (https://tus.io/protocols/resumable-upload), beside Django.

`POST /api/v1/uploads` announces a file; `PATCH` brings its parts, each counted once it is stored; `HEAD` says how far it is. With the last
byte the file is put together, checked, and bound to the case its metadata names, by the rights its sender has at that moment.
"""

import base64
import binascii
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils.http import http_date
from django.utils.translation import gettext as _

from backend.api.body import Application, Receive, Send, declared
from backend.errors import DomainError, Invalid, NotFound, TooLarge
from backend.people.actor import Actor
from cases import twins
from cases.api import binding, uploads
from cases.api.uploads import GoneAway, Scope, Stalled, described
from cases.bytes import largest
from documents import uploads as arrivals
from documents.models import Upload
from documents.uploads import Checksum

PLACE = "/api/v1/uploads"
VERSION = "1.0.0"
PART_MAX_BYTES = 16 * 1024 * 1024
PART = "application/offset+octet-stream"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STATUSES = {"header": 400, "method": 405, "tus-version": 412, "media-type-of-part": 415, "checksum": 460}
Headers = list[tuple[bytes, bytes]]


def before(application: Application) -> Application:
    """Take resumable uploads; leave everything else to the application."""

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or f"{scope['path']}/".partition(f"{PLACE}/")[0]:
            return await application(scope, receive, send)
        await uploads.alone(Resumable(scope, receive, send))

    return door


@dataclass
class Resumable(uploads.Upload):
    """One request about a file that comes part by part."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.method: str = self.scope["method"]
        if self.method == "POST":  # where something on the way knows no PATCH
            self.method = self.headers.get("x-http-method-override", "POST").upper()
        self.cut: Exception | None = None
        self.read_whole = self.method in SAFE or not (declared(self.scope) or "transfer-encoding" in self.headers)

    async def answer(self) -> None:
        """What the door can do, to whoever asks; anything else to somebody known."""
        if self.method == "OPTIONS":
            extensions = "creation,creation-with-upload,termination,expiration,checksum"
            told = {"Tus-Version": VERSION, "Tus-Extension": extensions, "Tus-Max-Size": settings.DOCUMENT_MAX_BYTES}
            return await self.respond(204, b"", headers(told | {"Tus-Checksum-Algorithm": ",".join(arrivals.ALGORITHMS)}))
        await super().answer()

    def check(self) -> None:
        if declared(self.scope) > PART_MAX_BYTES:
            raise TooLarge(_("This part is too large."), mend=_("Send parts of at most 16 MB."))
        if self.method not in SAFE:
            super().check()
        if self.method != "GET" and self.headers.get("tus-resumable") != VERSION:
            raise Invalid(_("This version of the protocol is not spoken here."), code="tus-version")

    @property
    def limit(self) -> int:
        return PART_MAX_BYTES

    async def take(self, actor: Actor) -> None:
        key = self.scope["path"].removeprefix(PLACE).strip("/")
        if not key:
            return await self.begin(actor) if self.method == "POST" else self.unknown()
        doing = {"HEAD": self.tell, "GET": self.show, "PATCH": self.go_on, "DELETE": self.give_up}.get(self.method)
        if doing is None:
            return self.unknown()
        await doing(actor, await sync_to_async(arrivals.find)(actor.person, _uuid(key)))

    def unknown(self) -> None:
        raise Invalid(_("This method is not known here."), code="method")

    async def begin(self, actor: Actor) -> None:
        """Creation, with the first bytes where they come along."""
        about = metadata(self.headers.get("upload-metadata", ""))
        case = (await sync_to_async(binding.check)(actor, about))[0] if about.get("case") else None
        upload = await sync_to_async(arrivals.begin)(
            actor.person, name=about.get("filename", ""), length=number("upload-length", self.headers), about=about, limit=largest(case)
        )
        created = headers({"Location": f"{PLACE}/{upload.pk}"})
        if self.headers.get("content-type") == PART:
            return await self.receive_part(actor, upload, 0, 201, created)
        await self.respond(201, b"", [*created, *standing(upload)])

    async def tell(self, actor: Actor, upload: Upload) -> None:
        """How far it is."""
        told = {"Upload-Length": upload.length, "Upload-Metadata": _encoded(upload.about)}
        await self.respond(200, b"", [*headers(told), *standing(upload)])

    async def show(self, actor: Actor, upload: Upload) -> None:
        """How far it is, and what became of it."""
        await self.json(200, await sync_to_async(_described)(actor, upload))

    async def go_on(self, actor: Actor, upload: Upload) -> None:
        """The next part. An empty one, where all has come, asks again for what was to be done with it."""
        if self.headers.get("content-type") != PART:
            raise Invalid(_("A part is sent as %(kind)s.") % {"kind": PART}, code="media-type-of-part")
        await self.receive_part(actor, upload, number("upload-offset", self.headers), 204, [])

    async def give_up(self, actor: Actor, upload: Upload) -> None:
        await sync_to_async(arrivals.give_up)(upload)
        await self.respond(204, b"", [])

    async def receive_part(self, actor: Actor, upload: Upload, start: int, status: int, created: Headers) -> None:
        checksum = _checksum(self.headers.get("upload-checksum"))
        upload = await arrivals.take(upload, start, self.part(keep=checksum is None), checksum)
        if self.cut:
            raise self.cut
        if upload.version:
            await sync_to_async(self.settle)(actor, upload.about | {"key": str(upload.pk)}, upload.version, 0)
        await self.respond(status, b"", [*created, *standing(upload)])

    async def part(self, *, keep: bool) -> AsyncIterator[bytes]:
        """The body; where it is cut, what came of it is a shorter part, if there is no checksum to hold it against."""
        try:
            async for chunk in self.body():
                yield chunk
        except (GoneAway, Stalled) as cut:
            if not keep:
                raise
            self.cut = cut

    async def refuse(self, refusal: DomainError) -> None:
        await self.problem(refusal, STATUSES)

    async def respond(self, status: int, body: bytes, headers_: Headers) -> None:
        await super().respond(status, body, [*headers_, (b"tus-resumable", VERSION.encode())])


def headers(told: Mapping[str, Any]) -> Headers:
    """Headers as ASGI takes them; those without a value are left out."""
    return [(name.lower().encode(), str(value).encode()) for name, value in told.items() if value != ""]


def standing(upload: Upload) -> Headers:
    """How far an upload is, and until when it may go on."""
    return headers({"Upload-Offset": upload.offset, "Upload-Expires": http_date(upload.expires_at.timestamp())})


def number(name: str, given: Mapping[str, str]) -> int:
    """A header that is a number of bytes. Raises Invalid."""
    value = given.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) < 18):
        raise Invalid(_("The header %(name)s must give a number of bytes.") % {"name": name.title()}, code="header")
    return int(value)


def metadata(header: str) -> dict[str, str]:
    """What a sender says of a file: names, each with its value in base64. Raises Invalid."""
    pairs = [pair.strip().partition(" ") for pair in header.split(",") if pair.strip()]
    return {name: _decoded(value.strip()).decode("utf-8", "replace").replace("\x00", "") for name, _space, value in pairs}


def _encoded(about: Mapping[str, str]) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}".rstrip() for name, value in about.items())


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as unfit:
        raise Invalid(_("A header that should be in base64 is not."), code="header") from unfit


def _checksum(header: str | None) -> Checksum | None:
    if header is None:
        return None
    algorithm, _space, digest = header.partition(" ")
    if algorithm not in arrivals.ALGORITHMS:
        raise Invalid(_("This checksum is not known here."), code="header")
    return Checksum(algorithm, _decoded(digest))


def _uuid(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError as absent:
        raise NotFound from absent


def _described(actor: Actor, upload: Upload) -> dict[str, Any]:
    """An upload, as the API says it."""
    version = upload.version
    same = twins.of_upload(actor, upload.about.get("case", ""), version) if version else None
    findings = [*(version.findings if version else ()), *([same.finding] if same else ())]
    return {
        "id": str(upload.pk),
        "name": upload.name,
        "length": upload.length,
        "offset": upload.offset,
        "expires_at": upload.expires_at.isoformat(),
        "document": described(version) if version else None,
        "bound": version is not None and version.document.loose_since is None,
        "findings": [finding.as_json() for finding in findings],
    }

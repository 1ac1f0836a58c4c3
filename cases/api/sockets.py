"""Sockets: the entries of a case a person may see, in order, resuming after a sequence; and who is at what on the desk."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID
from weakref import WeakValueDictionary

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.urls import path
from django.utils import translation
from redis.exceptions import RedisError

from backend.errors import NotFound
from backend.people.actor import Actor
from backend.people.channel import actor_of_scope, from_elsewhere, shown_by
from cases import access, bundles, presence
from cases.api.outbox import Outbox
from cases.api.together import Together
from cases.groups import case_group, desk_group, person_group
from cases.proceedings.declare import CLERK, JUDGE
from cases.told import told

log = logging.getLogger(__name__)
AT_DESKS = Together()
TOGETHER: WeakValueDictionary[UUID, Together] = WeakValueDictionary()  # by case, while a socket of it is open
AT_ONCE = 100  # entries read and sent before the next are read
NOT_SIGNED_IN, NOT_FOUND, ENDED, FAULT = 4401, 4404, 4403, 1011


def from_here(application: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The application, for this site's own pages and for programs that show a token."""

    async def door(scope: Any, receive: Any, send: Any) -> None:
        await (WebsocketDenier() if from_elsewhere(scope) else application)(scope, receive, send)

    return door


class Socket(AsyncWebsocketConsumer):
    """What both sockets share: who is there, asked again while it lasts; what comes only stirs the one voice that speaks.

    A signal says that there is news, never what: the voice looks for itself, at each signal and now and then without one, so that a
    lost signal costs seconds, never an entry. A right that ended closes the socket. What waits for a slow reader is bounded.
    """

    groups_joined: tuple[str, ...] = ()
    speaking: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        actor = await self.actor()
        if actor is None:
            return await self.turn_away(NOT_SIGNED_IN)
        try:
            groups = await self.enter(actor)
        except NotFound:
            return await self.turn_away(NOT_FOUND)
        self.outbox = Outbox()
        self.groups_joined = (person_group(actor.user_id or ""), *groups)
        for group in self.groups_joined:
            await self.channel_layer.group_add(group, self.channel_name)
        await self.accept()
        self.speaking = asyncio.create_task(self.speak())

    async def disconnect(self, code: int) -> None:
        if self.speaking:
            self.speaking.cancel()
        with suppress(OSError, RedisError):
            for group in self.groups_joined:
                await self.channel_layer.group_discard(group, self.channel_name)

    async def turn_away(self, code: int) -> None:
        """Accept and close with a reason a browser can read: a refusal of the handshake tells it nothing."""
        await self.accept()
        await self.close(code)

    async def speak(self) -> None:
        """Say what there is to say, as fast as the reader reads, for as long as they may hear it."""
        looking = True
        try:
            while not looking or await self.look():
                for message in self.outbox.take():
                    await self.say(**message)
                looking = await self.outbox.stirred(settings.LIVE_LOOK_SECONDS)
            await self.close(ENDED)
        except OSError:
            return  # the reader has gone
        except Exception:
            log.exception("a socket could not look")
            await self.close(FAULT)

    async def actor(self) -> Actor | None:
        return await database_sync_to_async(actor_of_scope)(self.scope)

    async def enter(self, actor: Actor) -> Iterable[str]:
        """The groups to join. Raises NotFound for what this person may not see."""
        raise NotFound

    async def look(self) -> bool:
        """Say what is kept elsewhere and new; False where this person may not hear it any more."""
        return False

    async def news(self, message: dict[str, Any]) -> None:
        self.outbox.ask()

    async def rights(self, message: dict[str, Any]) -> None:
        self.outbox.ask()

    async def progress(self, message: dict[str, Any]) -> None:
        """A file that this person sent is being checked."""
        said = {name: message[name] for name in ("document", "state", "stage")}
        self.outbox.put(message["document"], {"type": "progress", **said})

    async def say(self, **what: Any) -> None:
        await self.send(text_data=json.dumps(what))


class CaseSocket(Socket):
    """`/ws/cases/{id}?after=`: every entry after that sequence, once, in order."""

    async def enter(self, actor: Actor) -> Iterable[str]:
        self.case_id = self.scope["url_route"]["kwargs"]["case_id"]
        after = parse_qs(self.scope["query_string"].decode("latin-1")).get("after", ["0"])[0]
        self.seq = int(after) if after.isdecimal() and len(after) < 10 else 0
        await database_sync_to_async(access.case)(actor, self.case_id)
        self.together, self.shown = TOGETHER.setdefault(self.case_id, Together()), shown_by(self.scope)
        return [case_group(self.case_id)]

    async def look(self) -> bool:
        while (found := await self.together.ask((self.shown, self.seq), self.entries)) is not None:
            for entry in found:
                await self.say(type="entry", entry=entry)
                self.seq = entry["seq"]
            if len(found) < AT_ONCE:
                return True
        return False

    def entries(self) -> list[dict[str, Any]] | None:
        """What is new to this person, some at a time; None where they may not look any more."""
        try:
            actor = actor_of_scope(self.scope)
            case = access.case(actor, self.case_id)
        except NotFound:
            return None
        return told(access.entries(actor, case, self.seq)[:AT_ONCE]) if actor else None

    async def checked(self, message: dict[str, Any]) -> None:
        """A file of the case changed state: those who may see its exhibit are told."""
        if await database_sync_to_async(self.sees_document)(message["document"]):
            await self.progress(message)

    def sees_document(self, document: str) -> bool:
        try:
            actor = actor_of_scope(self.scope)
            case = access.case(actor, self.case_id)
        except NotFound:
            return False
        return actor is not None and access.exhibits(actor, case).filter(document__pk=document).exists()

    async def bundle(self, message: dict[str, Any]) -> None:
        """A bundle went on: those it was made for are told how far it is."""
        if told := await database_sync_to_async(self.seen_bundle)(message["bundle"]):
            self.outbox.put(message["bundle"], {"type": "bundle", **told})

    def seen_bundle(self, bundle: str) -> dict[str, Any] | None:
        try:
            actor = actor_of_scope(self.scope)
            found = access.bundle(actor, access.case(actor, self.case_id), bundle) if actor else None
        except NotFound:
            return None
        with translation.override(actor.language if actor else None):
            return bundles.progress(found) if found else None


class DeskSocket(Socket):
    """`/ws/desk`: that a case of the bench moved, and who is looking at which filing."""

    looking_at: UUID | None = None
    shown_to: Collection[str] = ()

    async def enter(self, actor: Actor) -> Iterable[str]:
        self.benches = benches(actor)
        if not self.benches:
            raise NotFound
        self.name, self.shown = actor.name, shown_by(self.scope)
        return map(desk_group, self.benches)

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        await self.show(None, ())

    async def look(self) -> bool:
        return benches(await AT_DESKS.ask(self.shown, partial(actor_of_scope, self.scope))) >= self.benches

    async def news(self, message: dict[str, Any]) -> None:
        self.outbox.put(message["case"], {"type": "moved", "case": message["case"], "seq": message["seq"]})

    async def presence(self, message: dict[str, Any]) -> None:
        self.outbox.put(message["name"], {"type": "presence", "name": message["name"], "case": message["case"]})

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """`{"looking": case}` when a filing is opened on the desk, `{"looking": null}` when it is left."""
        try:
            said = json.loads(text_data or "")["looking"]
            case = UUID(said) if said else None
        except (ValueError, LookupError, TypeError, AttributeError):
            return
        if case is None:
            return await self.show(None, ())
        with suppress(NotFound):
            await self.show(case, await database_sync_to_async(self.benches_of)(case))

    def benches_of(self, key: UUID) -> set[str]:
        """The desks where a case is seen. Raises NotFound for one that this person may not see, or that is on no desk."""
        actor = actor_of_scope(self.scope)
        case = access.case(actor, key)
        if actor is None or not access.standing(actor, case).sees(access.COURT):
            raise NotFound
        return {desk_group(bench) for bench in (case.court_id, case.chamber_id) if bench}

    async def show(self, case: UUID | None, groups: Collection[str]) -> None:
        """Tell those who see a case that one looks at it, and those who saw the one before that one does not any more."""
        before, self.looking_at = self.looking_at, case
        if before and before != case:
            await database_sync_to_async(presence.forget)(before, self.name)
        if case:
            await database_sync_to_async(presence.note)(case, self.name)
        for group in {*self.shown_to, *groups}:
            seen = str(case) if group in groups else None
            with suppress(OSError, RedisError):
                await self.channel_layer.group_send(group, {"type": "presence", "name": self.name, "case": seen})
        self.shown_to = groups


def benches(actor: Actor | None) -> set[UUID]:
    """The courts and chambers whose desk this person works at today."""
    return {organisation for organisation, role in actor.roles if role in (CLERK, JUDGE)} if actor else set()


ADDRESSES = [
    path("ws/cases/<uuid:case_id>", CaseSocket.as_asgi()),
    path("ws/desk", DeskSocket.as_asgi()),
]

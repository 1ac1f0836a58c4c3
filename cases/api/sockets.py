"""Sockets: the entries of a case a person may see, in order, resuming after a sequence; and who is at what on the desk."""

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.cache import cache
from django.urls import path

from backend.errors import NotFound
from backend.people.actor import Actor
from backend.people.channel import actor_of_scope
from cases import access
from cases.groups import case_group, desk_group, person_group
from cases.models import Case
from cases.proceedings.declare import CLERK, JUDGE
from cases.told import told

LOOK_AGAIN = 20.0  # seconds between two looks at the register, and at the right to look
NOT_SIGNED_IN, NOT_FOUND, ENDED = 4401, 4404, 4403
PRESENT_SECONDS = 60
from_here = AllowedHostsOriginValidator


class Socket(AsyncWebsocketConsumer):
    """What both sockets share: who is there, asked again while it lasts; a bounded stream of signals; a regular look."""

    groups_joined: tuple[str, ...] = ()
    ticking: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        actor = await self.actor()
        if actor is None:
            return await self.turn_away(NOT_SIGNED_IN)
        try:
            self.groups_joined = tuple(await self.enter(actor))
        except NotFound:
            return await self.turn_away(NOT_FOUND)
        for group in self.groups_joined:
            await self.channel_layer.group_add(group, self.channel_name)
        await self.accept()
        self.ticking = asyncio.create_task(self.tick())
        await self.look()

    async def disconnect(self, code: int) -> None:
        if self.ticking:
            self.ticking.cancel()
        with suppress(OSError):
            for group in self.groups_joined:
                await self.channel_layer.group_discard(group, self.channel_name)

    async def turn_away(self, code: int) -> None:
        """Accept and close with a reason a browser can read: a refusal of the handshake tells it nothing."""
        await self.accept()
        await self.close(code)

    async def tick(self) -> None:
        """A lost signal costs seconds, never an entry; a right that ended closes the socket."""
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            await self.look()

    async def actor(self) -> Actor | None:
        return await database_sync_to_async(actor_of_scope)(self.scope)

    async def enter(self, actor: Actor) -> Iterable[str]:
        """The groups to join. Raises NotFound for what this person may not see."""
        raise NotFound

    async def look(self) -> None:
        """Send what is new, to who may still see it."""

    async def news(self, message: dict[str, Any]) -> None:
        await self.look()

    async def say(self, **what: Any) -> None:
        await self.send(text_data=json.dumps(what))


class CaseSocket(Socket):
    """`/ws/cases/{id}?after=`: every entry after that sequence, once, in order."""

    async def enter(self, actor: Actor) -> Iterable[str]:
        self.case_id = self.scope["url_route"]["kwargs"]["case_id"]
        after = parse_qs(self.scope["query_string"].decode()).get("after", ["0"])[0]
        self.seq = int(after) if after.isdigit() else 0
        self.looking = asyncio.Lock()
        await database_sync_to_async(access.case)(actor, self.case_id)
        return case_group(self.case_id), person_group(actor.user_id or "")

    async def look(self) -> None:
        async with self.looking:
            found = await database_sync_to_async(self.entries)()
            if found is None:
                return await self.close(ENDED)
            for entry in found:
                self.seq = entry["seq"]
                await self.say(type="entry", entry=entry)

    def entries(self) -> list[dict[str, Any]] | None:
        """What is new to this person, None where they may not look any more."""
        actor = actor_of_scope(self.scope)
        try:
            case = access.case(actor, self.case_id)
        except NotFound:
            return None
        return told(access.entries(actor, case, self.seq)) if actor else None

    async def progress(self, message: dict[str, Any]) -> None:
        await self.say(type="progress", document=message["document"], state=message["state"], stage=message["stage"])

    async def checked(self, message: dict[str, Any]) -> None:
        """A file of the case changed state: those who may see its exhibit are told."""
        if await database_sync_to_async(self.sees_document)(message["document"]):
            await self.progress(message)

    def sees_document(self, document: str) -> bool:
        actor = actor_of_scope(self.scope)
        try:
            case: Case = access.case(actor, self.case_id)
        except NotFound:
            return False
        return actor is not None and access.exhibits(actor, case).filter(document__pk=document).exists()


class DeskSocket(Socket):
    """`/ws/desk`: that a case of the bench moved, and who is looking at which filing."""

    async def enter(self, actor: Actor) -> Iterable[str]:
        self.benches = [organisation for organisation, role in actor.roles if role in (CLERK, JUDGE)]
        if not self.benches:
            raise NotFound
        self.name = actor.name
        return [desk_group(bench) for bench in self.benches]

    async def look(self) -> None:
        actor = await self.actor()
        held = {organisation for organisation, role in actor.roles if role in (CLERK, JUDGE)} if actor else set()
        if not held.issuperset(self.benches):
            await self.close(ENDED)

    async def news(self, message: dict[str, Any]) -> None:
        await self.say(type="moved", case=message["case"], seq=message["seq"])

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """`{"looking": case}` when a filing is opened on the desk, `{"looking": null}` when it is left."""
        try:
            case = json.loads(text_data or "{}").get("looking")
        except (ValueError, AttributeError):
            return
        actor = await self.actor()
        if actor is None or (case and not await database_sync_to_async(self.may_look)(actor, case)):
            return
        for bench in self.benches:
            await self.channel_layer.group_send(desk_group(bench), {"type": "presence", "name": self.name, "case": case})
        if case:
            await cache.aset(f"looking:{case}", self.name, PRESENT_SECONDS)

    def may_look(self, actor: Actor, case: str) -> bool:
        try:
            access.case(actor, case)
        except NotFound:
            return False
        return True

    async def presence(self, message: dict[str, Any]) -> None:
        await self.say(type="presence", name=message["name"], case=message["case"])


ADDRESSES = [
    path("ws/cases/<uuid:case_id>", CaseSocket.as_asgi()),
    path("ws/desk", DeskSocket.as_asgi()),
]

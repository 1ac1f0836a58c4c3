"""Looks of many sockets at once: what is asked in one burst is answered in one thread, on one connection; the same question once."""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.db import database_sync_to_async

BURST_SECONDS = 0.002  # a signal reaches all the sockets of a process within so much


@dataclass
class Together:
    """Questions about one thing. An answer is never older than its question: who asks while others are being answered waits for the next turn."""

    waiting: dict[Hashable, tuple[Callable[[], Any], asyncio.Future[Any]]] = field(default_factory=dict)
    answering: asyncio.Task[None] | None = None

    async def ask(self, question: Hashable, look: Callable[[], Any]) -> Any:
        """What `look`, which asks the database, finds; or what the same look of somebody else found meanwhile. Raises what it raises."""
        if question not in self.waiting:
            self.waiting[question] = look, asyncio.get_running_loop().create_future()
        answer = self.waiting[question][1]
        if self.answering is None or self.answering.done():
            self.answering = asyncio.create_task(self._answer())
        return await asyncio.shield(answer)

    async def _answer(self) -> None:
        while self.waiting:
            await asyncio.sleep(BURST_SECONDS)
            taken, self.waiting = list(self.waiting.values()), {}
            found = await database_sync_to_async(_each)([look for look, _answer in taken])
            for (_look, answer), (value, fault) in zip(taken, found, strict=True):
                if fault:
                    answer.set_exception(fault)
                    answer.exception()  # whoever asked may have gone
                else:
                    answer.set_result(value)


def _each(looks: Sequence[Callable[[], Any]]) -> list[tuple[Any, Exception | None]]:
    found: list[tuple[Any, Exception | None]] = []
    for look in looks:
        try:
            found.append((look(), None))
        except Exception as fault:  # its own asker is told: the others have their answers
            found.append((None, fault))
    return found

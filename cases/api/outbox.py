"""What waits to be said to one reader, who may be slow: never more than so much, whatever happens meanwhile."""

import asyncio
from collections.abc import Hashable
from typing import Any

AT_MOST = 200
Message = dict[str, Any]
BEHIND: Message = {"type": "behind"}  # something was left out: read again


class Outbox:
    """The newest message about each thing, oldest first, and whether the reader is to look at what is kept elsewhere."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, Message] = {}
        self._asked = False
        self._stirred = asyncio.Event()

    def ask(self) -> None:
        """There is something to look at."""
        self._asked = True
        self._stirred.set()

    def put(self, thing: Hashable, message: Message) -> None:
        """Say this of a thing, in place of what was still to be said of it. Past the limit, all gives way to one word: behind."""
        self._waiting.pop(thing, None)
        if len(self._waiting) >= AT_MOST:
            self._waiting = {None: BEHIND}
        self._waiting[thing] = message
        self._stirred.set()

    async def stirred(self, seconds: float) -> bool:
        """Wait until there is something, or for so long. Gives whether it is time to look."""
        try:
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
        except TimeoutError:
            self._asked = True
        self._stirred.clear()
        asked, self._asked = self._asked, False
        return asked

    def take(self) -> list[Message]:
        """What waits, which then waits no more."""
        taken, self._waiting = list(self._waiting.values()), {}
        return taken

"""One entry of the register to many sockets, of a case and of a desk, beside a message as long that bare Valkey fans out to as many.

Each of our listeners is asked who they are, and what they may see, at each entry; the bare side asks nothing.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import ground

ground.stand()

import redis  # noqa: E402
from websockets.asyncio.client import ClientConnection, connect  # noqa: E402

from backend.people import tokens  # noqa: E402
from backend.people.models import User  # noqa: E402
from backend.register.models import Entry  # noqa: E402
from cases import actions  # noqa: E402
from cases.models import Case, Message  # noqa: E402
from cases.notices import feed  # noqa: E402
from tests.bench.fanning import CHANNEL  # noqa: E402
from tests.programs import Program, server_on  # noqa: E402
from tests.world import World  # noqa: E402

LISTENERS, ROUNDS, AT_ONCE = ground.number("LISTENERS", 2000), ground.number("ROUNDS", 5), 25
QUIET_SECONDS, PATIENCE = 2.0, 300.0
SELDOM = {"LIVE_LOOK_SECONDS": "3600"}  # the looks that no signal asks for are not what is measured


class Crowd:
    """Sockets that all wait for the same sequence to be said."""

    def __init__(self) -> None:
        self.seq, self.missing, self.all_heard = 0, 0, asyncio.Event()
        self.sockets: list[ClientConnection] = []
        self.last, self.heard_at = "", 0.0

    async def gather(self, stack: AsyncExitStack, address: str, known: Sequence[dict[str, str]]) -> None:
        """Open them, a few at a time, each person as many; and let what they are told on arrival pass."""
        for start in range(0, LISTENERS, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, LISTENERS))
            opening = [connect(address, additional_headers=known[number % len(known)], ping_interval=None) for number in numbers]
            arrived = await asyncio.gather(*opening)
            self.sockets += arrived
            for socket in arrived:
                stack.push_async_callback(_ended, socket, asyncio.create_task(self.listen(socket)))
        self.heard_at = time.perf_counter()
        while time.perf_counter() - self.heard_at < QUIET_SECONDS:
            await asyncio.sleep(QUIET_SECONDS / 4)

    async def listen(self, socket: ClientConnection) -> None:
        async for text in socket:
            self.heard_at = time.perf_counter()
            said = json.loads(text)
            if said.get("entry", said).get("seq") == self.seq:
                self.last = str(text)
                self.missing -= 1
                if not self.missing:
                    self.all_heard.set()

    async def timed(self, seq: int, tell: Callable[[], Any]) -> float:
        """Seconds from the telling to the last who heard."""
        self.seq, self.missing = seq, len(self.sockets)
        self.all_heard.clear()
        began = time.perf_counter()
        await asyncio.to_thread(tell)
        await asyncio.wait_for(self.all_heard.wait(), PATIENCE)
        return time.perf_counter() - began


async def _ended(socket: ClientConnection, task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await socket.close()


def written(world: World, case: Case) -> Entry:
    """One more entry of the case, committed; nobody is told yet."""
    actions.correspondence.write(world.lawyer, case, channel=Message.Channel.REGISTRY, body="Bonjour")
    return Entry.objects.filter(chain=case.chain_id).latest("seq")


async def of_the_platform(address: str, path: str, people: Sequence[User], write: Callable[[], Entry]) -> tuple[float, str]:
    """How long an entry takes to all, and what is said of it."""
    async with AsyncExitStack() as stack:
        crowd, took = Crowd(), []
        known = [{"Authorization": f"Token {await asyncio.to_thread(tokens.issue, user, 'bench', 1)}"} for user in people]
        await crowd.gather(stack, f"{address.replace('http', 'ws')}{path}", known)
        for _ in range(ROUNDS + 1):
            entry = await asyncio.to_thread(write)
            took.append(await crowd.timed(entry.seq, lambda entry=entry: feed.deliver(str(entry.pk))))
        return median(took[1:]), crowd.last


async def of_bare_valkey(address: str, said: str) -> float:
    """The same for a message of the same length."""
    async with AsyncExitStack() as stack:
        crowd, took = Crowd(), []
        await crowd.gather(stack, f"{address.replace('http', 'ws')}/", [{}])
        client = stack.enter_context(redis.Redis.from_url(os.environ["VALKEY_URL"]))
        for number in range(1, ROUNDS + 2):
            text = json.dumps({"seq": number, "said": ""}).replace('""', f'"{"x" * max(0, len(said) - 24)}"')
            took.append(await crowd.timed(number, lambda text=text: client.publish(CHANNEL, text)))
        return median(took[1:])


def bare_server(folder: Path) -> Program:
    """The same web server, with nothing of ours in it."""
    ours = server_on(dict(os.environ), folder / "bare.log")
    port = ours.address.rpartition(":")[2]
    ours.command = [sys.executable, "-m", "uvicorn", "tests.bench.fanning:application", "--port", port, "--ws", "websockets-sansio"]
    return ours


def main() -> None:
    world = World()
    case = world.joint_petition(at="check")
    with TemporaryDirectory() as folder, ExitStack() as running:
        platform = server_on(dict(os.environ) | SELDOM, Path(folder) / "web.log").start()
        running.callback(platform.stop)
        bare = bare_server(Path(folder)).start()
        running.callback(bare.stop)
        correspondents = [world.lawyer_user, world.staff_user, world.clerk_user, world.judge_user]
        for what, path, people in (("a case", f"/ws/cases/{case.pk}", correspondents), ("a desk", "/ws/desk", [world.clerk_user])):
            mine, said = asyncio.run(of_the_platform(platform.address, path, people, lambda: written(world, case)))
            alone = asyncio.run(of_bare_valkey(bare.address, said))
            ground.say(ground.against(f"an entry to {LISTENERS:,} listeners of {what}", mine, alone, "bare Valkey to as many sockets", 2.0))


if __name__ == "__main__":
    main()

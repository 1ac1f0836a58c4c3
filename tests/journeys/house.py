"""The house of a journey: the real server and worker on one database, the mail they send, and days that pass."""

import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

import httpx
import psycopg

from backend import clock
from tests.programs import Program

Found = TypeVar("Found")
PATIENCE = 60.0


def until(what: Callable[[], Found], why: str = "") -> Found:
    """Wait for something to be there, and give it."""
    end = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < end, f"nothing came: {why or what}"
        time.sleep(0.1)
    return found


@dataclass
class Mail:
    """What was sent to each person, as they would read it."""

    database: str

    def to(self, address: str) -> list[str]:
        """The letters to an address, newest first."""
        with psycopg.connect(self.database) as database:
            rows = database.execute(
                'SELECT subject, text FROM notices_posted WHERE %s = ANY ("to") ORDER BY at DESC, id DESC', [address.lower()]
            )
            return [f"{subject}\n\n{text}" for subject, text in rows]

    def code(self, address: str) -> str:
        """The code of the newest letter that has one."""
        return self._newest(address, r"\b(\d{6})\b")

    def link(self, address: str, but: str = "") -> str:
        """The link of the newest invitation, once there is another than `but`."""
        return until(lambda: (link := self._newest(address, r"https?://\S+/invitation/\S+")) != but and link, f"an invitation to {address}")

    def _newest(self, address: str, pattern: str) -> str:
        return next((found[0].split()[-1] for letter in self.to(address) if (found := re.search(pattern, letter))), "")


@dataclass
class House:
    """Everything that runs. Days pass by stopping the programs and starting them again in days to come."""

    server: Program
    worker: Program
    mail: Mail
    ahead: timedelta = timedelta()
    openings: int = 0
    running: list[Program] = field(default_factory=list)
    clients: list[httpx.Client] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.server.address

    def open(self, days: float = 0) -> None:
        """Start, so many days after the present of the house."""
        self.close()
        self.ahead += timedelta(days=days)
        self.openings += 1
        self.running = [self.in_days_to_come(program) for program in (self.server, self.worker)]
        for program in self.running:
            program.begin()
        for program in self.running:
            program.wait()

    later = open

    def in_days_to_come(self, program: Program) -> Program:
        later = [sys.executable, "-m", "tests.journeys.ahead", str(self.ahead.total_seconds())]
        return replace(program, command=[*later, *program.command[2:]])

    def close(self) -> None:
        """Stop the programs, and note what they complained of."""
        for program in self.running:
            program.process and program.process.terminate()
        for program in self.running:
            program.stop()
            lines = program.log.read_text(errors="replace").splitlines()
            self.faults += [line for line in lines if " ERROR " in line or "Traceback" in line]
        self.running = []

    def client(self) -> httpx.Client:
        """A client of the server that has not signed in."""
        self.clients.append(httpx.Client(base_url=self.address, headers={"Accept-Language": "en"}, timeout=60))
        return self.clients[-1]

    def end(self) -> None:
        self.close()
        for client in self.clients:
            client.close()

    def now(self) -> datetime:
        return clock.now() + self.ahead

    def day(self, days: int = 0) -> date:
        """The day it is in the house, or will be in so many days."""
        return clock.day(self.now()) + timedelta(days=days)

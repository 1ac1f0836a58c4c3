"""The platform as those outside meet it: browsers, programs and sockets, real ones, on a real server."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import lxml.html
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from backend.people import sessions, strength, tokens
from backend.people.accounts import know_address
from backend.people.models import Level, Method, User
from cases.models import Case
from tests.calling import confirm
from tests.world import PASSWORD, World

PATIENCE = 30.0  # seconds: how long a test waits for what must come


@dataclass
class Ear:
    """What one socket hears."""

    socket: ClientConnection

    def hear(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """The next thing said. Raises TimeoutError."""
        said: dict[str, Any] = json.loads(self.socket.recv(timeout=seconds))
        return said

    def entries(self, last: str) -> list[str]:
        """The kinds of the entries heard, up to the first of kind `last`; their order and number are checked."""
        seqs, kinds = [], []
        while not kinds or kinds[-1] != last:
            said = self.hear()
            if said["type"] == "entry":
                seqs.append(said["entry"]["seq"])
                kinds.append(said["entry"]["kind"])
        assert seqs == sorted(set(seqs)), "each once, in order"
        return kinds

    def until(self, **wanted: Any) -> dict[str, Any]:
        """Listen until something is said that has these values."""
        while not wanted.items() <= (said := self.hear()).items():
            pass
        return said

    def say(self, **what: Any) -> None:
        self.socket.send(json.dumps(what))

    def end(self) -> int:
        """Listen until the server closes; gives its code."""
        try:
            while True:
                self.socket.recv(timeout=PATIENCE)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006  # cut, not closed


@dataclass
class Site:
    """A running platform, its people, and ways to reach it as one of them. What was committed is there for both sides."""

    address: str
    database: Any
    world: World
    serve: Callable[..., Any] = field(repr=False)
    tokens: dict[Any, str] = field(default_factory=dict, repr=False)
    held: dict[Any, httpx.Client] = field(default_factory=dict, repr=False)

    def token(self, user: User) -> str:
        """A person's token, confirmed for binding acts; the same each time."""
        if user.pk not in self.tokens:
            self.tokens[user.pk] = tokens.issue(user, "test", 30)
            confirm(user)
        return self.tokens[user.pk]

    def program(self, user: User | None = None, **headers: str) -> httpx.Client:
        """A program that calls in somebody's name, or in nobody's."""
        known = {"Authorization": f"Token {self.token(user)}"} if user else {}
        return self.hold((self.address, user, *headers.items()), {"Accept-Language": "en", **known, **headers})

    def browser(self, user: User, password: str = PASSWORD, *, fresh: bool = False) -> httpx.Client:
        """A browser in which somebody signed in, on the page, as everybody does; the same each time, or a fresh one."""
        key = (self.address, user, uuid4() if fresh else "")
        if key not in self.held:
            browser = self.hold(key, {"Origin": self.address})
            browser.cookies.set(settings.LANGUAGE_COOKIE_NAME, "en")
            answer = post(browser, "/compte/login/", login=user.email, password=password)
            assert answer.status_code == 302, answer.text
        return self.held[key]

    def hold(self, key: Any, headers: dict[str, str]) -> httpx.Client:
        """A client kept until the site goes down."""
        if key not in self.held:
            self.held[key] = httpx.Client(base_url=self.address, headers=headers, timeout=PATIENCE)
        return self.held[key]

    def close(self) -> None:
        for client in self.held.values():
            client.close()

    @contextmanager
    def listening(self, path: str, user: User | None = None, *, cookies: httpx.Client | None = None, **options: Any) -> Iterator[Ear]:
        """A socket: a program's, by its token, or a browser's, by its cookies."""
        with connect(
            self.at(path), additional_headers=self.carried(user, cookies), **{"max_queue": None, **self.origin(cookies), **options}
        ) as socket:
            yield Ear(socket)

    def at(self, path: str) -> str:
        return f"ws://{urlsplit(self.address).netloc}{path}"

    def carried(self, user: User | None, cookies: httpx.Client | None) -> dict[str, str]:
        if cookies is not None:
            return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.cookies.items())}
        return {"Authorization": f"Token {self.token(user)}"} if user else {}

    def origin(self, cookies: httpx.Client | None) -> dict[str, Any]:
        return {"origin": self.address} if cookies is not None else {}

    def administered(self, path: str, **changes: str | None) -> None:
        """A platform administrator opens a page of the administration, changes some fields (None: unticked), and saves."""
        admin = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("admin@example.fr", PASSWORD)
        know_address(admin)
        browser = self.browser(admin)
        strength.raised(admin, sessions.key_of(SessionStore(browser.cookies["sessionid"])), Method.TOTP, level=Level.SUBSTANTIAL)
        answer = post(browser, path, whole=True, **changes)
        assert answer.status_code == 302, answer.text


@dataclass(frozen=True)
class Played:
    """A database and a bucket where cases were played: one ready to file, one on the desk, one that conceals an address and is closed."""

    database: str
    bucket: str
    world: World
    ready: Case
    filed: Case
    concealed: Case
    letters: tuple[tuple[str, bytes], ...]  # to whom, and all of it

    @classmethod
    def in_database(cls, name: str) -> "Played":
        """Play them in the database that Django works on."""
        world, before = World(), len(mail.outbox)
        concealed = world.joint_petition(at="closed", lawyers=2, concealed=True)
        letters = tuple((letter.to[0], letter.message().as_bytes()) for letter in mail.outbox[before:])
        filed, ready = (world.joint_petition(at=step) for step in ("check", "file"))
        return cls(name, settings.S3_BUCKET, world, ready, filed, concealed, letters)


def post(browser: httpx.Client, path: str, *, page: str = "", whole: bool = False, **fields: str | None) -> httpx.Response:
    """Send the form of a page: its token, the rest of what it holds where `whole`, and these fields (None: left out)."""
    forms = lxml.html.fromstring(browser.get(page or path).text).forms
    form = next(form for form in forms[::-1] if "csrfmiddlewaretoken" in form.fields)
    held = form.form_values() if whole else [("csrfmiddlewaretoken", form.fields["csrfmiddlewaretoken"])]
    sent = {name: value for name, value in {**dict(held), **fields}.items() if value is not None}
    return browser.post(path, data=sent)


def eventually(what: Callable[[], Any]) -> Any:
    """What must come true, waited for."""
    end = time.monotonic() + PATIENCE
    while True:
        with suppress(AssertionError):
            if found := what():
                return found
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)

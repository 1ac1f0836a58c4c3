"""Somebody who lives a case through a program of theirs, over HTTP alone.

By heart it knows where one signs in, one's cases, and the door of uploads; for the rest it follows the links, and fits the schemas,
that the case gives. What a case does not offer it tries at the address of the published description, to be refused.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any
from uuid import uuid4

import httpx
import jsonschema
import yaml
from django.conf import settings

from tests.journeys.house import House, until
from tests.world import PASSWORD

Json = Any
JUST_IN_CASE = timedelta(minutes=1)


@cache
def published() -> Mapping[str, tuple[str, str]]:
    """By operation, its method and address, as the API's description says."""
    document = yaml.safe_load((settings.BASE_DIR / "docs" / "openapi.yaml").read_text())
    return {
        operation["operationId"]: (method.upper(), path + ("{?about}" if operation["operationId"] == "answers.save" else ""))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }


def filled(template: str, named: Mapping[str, Any]) -> str:
    """An address with its braces filled in (RFC 6570, levels 1 and 3)."""

    def fill(found: re.Match[str]) -> str:
        names = found[1].removeprefix("?").split(",")
        if not found[1].startswith("?"):
            return str(named[found[1]])
        given = [f"{name}={named[name]}" for name in names if named.get(name)]
        return f"?{'&'.join(given)}" if given else ""

    return re.sub(r"\{([^}]+)\}", fill, template)


class Person:
    """Somebody, with the token of their program; they sign in when they first come on a day."""

    def __init__(self, house: House, email: str, password: str = PASSWORD) -> None:
        self.house, self.email, self.password = house, email, password
        self.strong_until: datetime | None = None
        self.tag = ""
        self._came = 0
        self._http: httpx.Client

    @property
    def http(self) -> httpx.Client:
        if self._came != self.house.openings:
            self.sign_in()
        return self._http

    # --- signing in, and confirming that it is oneself

    def sign_in(self) -> None:
        """By the page once, to have a token; then by the token."""
        self.begin()
        self.send_page("/compte/login/", {"login": self.email, "password": self.password})
        self.go_on()

    def begin(self) -> None:
        self._came, self._http = self.house.openings, self.house.client()

    def go_on(self) -> None:
        """From the session to a token, which has its own confirmations."""
        self._http.headers["X-CSRFToken"] = self._http.cookies["csrftoken"]
        self.confirm()
        token = self.ask("POST", "/api/v1/me/tokens", {"name": "journey", "days": 365})["token"]
        self._http = self.house.client()
        self._http.headers["Authorization"] = f"Token {token}"
        self.strong_until = None

    def send_page(self, address: str, fields: Mapping[str, str]) -> httpx.Response:
        """Send the form of a page, the way a browser does."""
        page = self.http.get(address)
        hidden = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', page.text))
        answer = self.http.post(address, data={**hidden, **fields}, headers={"Referer": self.house.address + address})
        assert answer.status_code == 302, answer.text
        return answer

    def confirm(self) -> None:
        """The password, and the code received by mail."""
        self.ask("POST", "/api/v1/me/strength", {"password": self.password})
        proved = self.ask("PUT", "/api/v1/me/strength", {"password": self.password, "code": self.house.mail.code(self.email)})
        self.strong_until = datetime.fromisoformat(proved["until"])

    def make_account(self, link: str, first_names: str, last_name: str) -> "Person":
        """Follow an invitation, and make the account it is for: the page is the only door to that."""
        self.begin()
        fields = {"first_names": first_names, "last_name": last_name, "password": self.password}
        self.send_page(link.removeprefix(self.house.address), fields)
        self.go_on()
        return self

    # --- asking

    def send(self, method: str, address: str, body: Json = None, **headers: str) -> httpx.Response:
        answer = self.http.request(method, address, json=body, headers=headers)
        self.tag = answer.headers.get("ETag", self.tag)
        return answer

    def ask(self, method: str, address: str, body: Json = None, **headers: str) -> Json:
        """What is answered; anything but a success fails, with its reason."""
        answer = self.send(method, address, body, **headers)
        assert answer.is_success, f"{method} {address}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def get(self, room: str) -> Json:
        """A room of the case: its exhibits, its instruments …"""
        found = self.ask("GET", f"{self.href}/{room}")
        return found["results"] if isinstance(found, dict) and "results" in found else found

    @cached_property
    def href(self) -> str:
        """The one case of these journeys, found where one's cases are."""
        return str(self.ask("GET", "/api/v1/cases")["results"][0]["href"])

    def look(self) -> Json:
        """The case as this person sees it."""
        return self.ask("GET", self.href)

    def may(self) -> dict[str, Json]:
        """What the case says one may do now, by name."""
        return {link["name"]: link for link in self.look()["may"]}

    # --- acting

    def act(self, name: str, body: Json = None, **named: Any) -> Json:
        """Do what the case offers, where and as it says."""
        offered = self.may()
        assert name in offered, f"{self.email} is not offered {name}, only {sorted(offered)}"
        link = offered[name]
        if link["schema"] and name != "answers.save":  # a topic has its own
            jsonschema.validate(body or {}, link["schema"])
        if link["strong"]:
            self.be_sure()
        headers = {"Idempotency-Key": str(uuid4())} if link["method"] == "POST" else {"If-Match": self.tag}
        return self.ask(link["method"], filled(link["href"], named), body, **headers)

    def be_sure(self) -> None:
        if self.strong_until is None or self.strong_until < self.house.now() + JUST_IN_CASE:
            self.confirm()

    def refused(self, name: str, body: Json = None, *, href: str = "", **named: Any) -> tuple[int, str]:
        """Try it all the same, at its published address: the status, and why."""
        method, path = published()[name]
        address = filled(path, {"case_id": (href or self.href).rpartition("/")[2], **named})
        answer = self.send(method, address, body, **{"If-Match": "*"} if method in ("PUT", "PATCH") else {})
        assert answer.is_client_error, f"{name} was not refused: {answer.status_code} {answer.text}"
        assert answer.headers["Content-Type"] == "application/problem+json"
        return answer.status_code, answer.json()["code"]

    # --- files

    def upload(self, content: bytes, name: str = "piece.pdf") -> str:
        """Send a file in by the door of uploads; gives its document."""
        sent = self.http.post("/api/v1/documents", params={"name": name}, content=content)
        assert sent.status_code == 201, sent.text
        assert sent.json()["sha256"] == hashlib.sha256(content).hexdigest()
        return str(sent.json()["id"])

    def download(self, address: str) -> bytes:
        found = self.http.get(address)
        assert found.status_code == 200, found.text
        return found.content

    def exhibits(self) -> dict[str, Json]:
        return {row["title"]: row for row in self.get("exhibits")}

    def instrument(self, kind: str) -> Json:
        """The newest of a kind, once it has its document."""

        def newest() -> Json:
            rows = [row for row in self.get("instruments") if row["kind"] == kind and not row["superseded_at"]]
            return rows and rows[-1]["document"] and rows[-1]

        return until(newest, f"{kind} for {self.email}")

    def read(self, kind: str) -> bytes:
        """The file of the newest instrument of a kind."""
        return self.download(f"{self.href}/instruments/{self.instrument(kind)['id']}/file")

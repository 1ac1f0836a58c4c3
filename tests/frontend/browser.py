"""A real browser shown pages that the program has just made, with its own style sheets and scripts, and no network."""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page, Route, sync_playwright

from tests.browser.chromium import launched

SITE = "http://localhost:9"  # an address that browsers trust; nothing listens there


@dataclass
class Shown:
    """A page of the browser, what it was answered, and what it asked for elsewhere."""

    page: Page
    answers: dict[str, HttpResponse]
    served: dict[str, bytes] = field(default_factory=dict)
    astray: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        self.page.goto(SITE + address)
        return self.page

    def answer(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        asked = parts.path + (f"?{parts.query}" if parts.query else "")
        if not route.request.url.startswith(SITE):
            self.astray.append(route.request.url)
            return route.abort()
        if asked in self.answers:
            response = self.answers[asked]
            return self.fulfil(route, asked, response.content, dict(response.headers), response.status_code)
        found = finders.find(parts.path.removeprefix("/static/")) if parts.path.startswith("/static/") else None
        if not found:
            self.astray.append(asked)
            return route.fulfill(status=404)
        return self.fulfil(route, asked, Path(found).read_bytes(), {"Content-Type": mimetypes.guess_type(found)[0] or "font/woff2"})

    def fulfil(self, route: Route, asked: str, body: bytes, headers: dict[str, str], status: int = 200) -> None:
        self.served[asked] = body
        route.fulfill(status=status, body=body, headers=headers)


@contextmanager
def shown(client: Client, *addresses: str, language: str = "fr", width: int = 1280, scripts: bool = True) -> Iterator[Shown]:
    """Ask the program for `addresses`, then open a browser that has just these."""
    answers = {address: client.get(address, headers={"accept-language": language}) for address in addresses}
    with sync_playwright() as player:
        browser = launched(player)
        page = browser.new_page(viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale=language)
        site = Shown(page, answers)
        page.route("**/*", site.answer)
        page.on("console", lambda message: site.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: site.complaints.append(str(error)))
        yield site
        browser.close()

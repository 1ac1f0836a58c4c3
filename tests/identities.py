"""Somebody at a browser who goes to the loopback provider and comes back."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.test import Client

from backend.people import strength
from backend.people.levels import Level, Method
from backend.people.models import User
from tests.provider import Provider

BEGIN = "/identite/franceconnect/"
HOME = "/compte/login/"
LINK, CONFIRM = f"{BEGIN}lier/", f"{BEGIN}confirmer/"
PASSWORD = "une phrase assez longue"


def where(answer: Any) -> str:
    """Where the page that leads away leads."""
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)
    assert found, answer.text[:2000]
    return unescape(found[1])


def agree(address: str) -> str:
    """At the provider, press the button; gives where that leads on our site."""
    page = httpx.get(address).text
    found = re.search(r"id='me' href='([^']+)'", page)
    assert found, page
    parts = urlsplit(unescape(found[1]))
    return f"{parts.path}?{parts.query}"


def there_and_back(client: Client, begin: str = BEGIN, form: Any = None) -> Any:
    """From our button, by the provider, to what our site answers."""
    return client.get(agree(where(client.post(begin, form or {}))))


def configure(settings: Any, provider: Provider, **more: Any) -> None:
    """Point the platform at the provider."""
    settings.FEDERATION = provider.settings(**more)
    settings.OUTGOING_INSIDE = frozenset({"127.0.0.1"})


def strong(client: Client, user: User) -> None:
    """Confirm this session, as a code would."""
    strength.raised(user, client.session["key"], Method.TOTP, level=Level.SUBSTANTIAL)


def sign_in(client: Client, user: User) -> None:
    client.post("/compte/login/", {"login": user.email, "password": PASSWORD})

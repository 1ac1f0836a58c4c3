"""Who is at the other end of a socket or an upload, and from which site's page: from an ASGI scope's headers alone."""

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.http.request import validate_host
from django.utils import translation

from backend.people import sessions, tokens
from backend.people.actor import Actor
from backend.people.middleware import actor_of


def actor_of_scope(scope: dict[str, Any]) -> Actor | None:
    """The actor of a connection at this moment, by token or else by session cookie; None for a stranger.

    Ask again while a connection lasts: a session ended or a membership ended elsewhere shows here at once.
    """
    headers = headers_of(scope)
    plain = tokens.shown_in(headers.get("authorization", ""))
    if plain is not None:
        token = tokens.opened_by(plain)
        return tokens.actor_of(token) if token else None
    return _of_session(_cookies(headers).get(settings.SESSION_COOKIE_NAME))


def from_elsewhere(scope: dict[str, Any]) -> bool:
    """Whether a connection was asked for by another site's page: a browser sends our cookie with it all the same.

    A browser says where its page comes from. Who says nothing must show a token, which nothing sends by itself.
    """
    headers = headers_of(scope)
    said = headers.get("origin") or headers.get("referer")
    if not said:
        return tokens.shown_in(headers.get("authorization", "")) is None
    try:
        page = urlsplit(said)
    except ValueError:
        return True
    return page.netloc != headers.get("host") or not validate_host(page.hostname or "", settings.ALLOWED_HOSTS)


def language_of(scope: dict[str, Any], actor: Actor | None) -> str:
    """The language chosen on this device, else the account's; a program's is the one it asks for."""
    headers = headers_of(scope)
    by_program = tokens.shown_in(headers.get("authorization", "")) is not None
    asked = HttpRequest()
    asked.COOKIES = _cookies(headers)
    known = actor.language if actor else settings.LANGUAGE_CODE
    asked.META["HTTP_ACCEPT_LANGUAGE"] = (by_program and headers.get("accept-language")) or known
    return translation.get_language_from_request(asked)


def shown_by(scope: dict[str, Any]) -> tuple[str, str]:
    """What a connection is known by, without asking whether it holds: its token, and its session's cookie."""
    headers = headers_of(scope)
    return tokens.shown_in(headers.get("authorization", "")) or "", _cookies(headers).get(settings.SESSION_COOKIE_NAME, "")


def headers_of(scope: dict[str, Any]) -> dict[str, str]:
    """The headers of a connection, their names in small letters."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", [])}


def _cookies(headers: Mapping[str, str]) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def _of_session(session_key: str | None) -> Actor | None:
    if not session_key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    request.user = get_user(request)
    if not request.user.is_authenticated or sessions.is_over(request.session):
        return None
    return actor_of(request)

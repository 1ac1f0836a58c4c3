"""Who is at the other end of a socket or an upload: an ASGI scope's actor, from its headers alone."""

from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from backend.people import sessions, tokens
from backend.people.actor import Actor
from backend.people.middleware import actor_of


def actor_of_scope(scope: dict[str, Any]) -> Actor | None:
    """The actor of a connection at this moment, by token or else by session cookie; None for a stranger.

    Ask again while a connection lasts: a session ended or a membership ended elsewhere shows here at once. Where the actor's
    `key` does not begin with "token:", the browser sent a cookie by itself: the door must check the origin.
    """
    headers = {name.lower(): value.decode("latin-1") for name, value in scope.get("headers", [])}
    if plain := tokens.shown_in(headers.get(b"authorization", "")):
        token = tokens.opened_by(plain)
        return tokens.actor_of(token) if token else None
    return _of_session(_cookie(headers.get(b"cookie", "")))


def _cookie(header: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return morsel.value if morsel else None


def _of_session(session_key: str | None) -> Actor | None:
    if not session_key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    request.user = get_user(request)
    if not request.user.is_authenticated or sessions.is_over(request.session):
        return None
    return actor_of(request)

"""The browsers a person signs in with, and the sessions they hold open: a new one is told and a known one counted apart, each can be ended."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from backend import clock
from backend.errors import NotFound
from backend.people import browsers, logged, notices, sessions, telling
from backend.people.models import Device, Occasion, User

COOKIE, LASTS = "device", 400 * 86400  # as long as browsers keep any cookie
TOKENS = 8  # accounts that a browser is known to, at most: the cookie has a token for each
GIVEN, SEPARATOR = "_device_given", "."


@dataclass(frozen=True)
class Open:
    """A session as its owner sees it."""

    id: int
    browser: str
    address: str
    since: datetime
    seen: datetime
    is_this: bool


def signed_in(request: HttpRequest, user: User, first: bool = False) -> None:
    """Note with which browser somebody signed in, and tell them where it is new; of the very `first` time, there is nothing to tell."""
    now, mine = clock.now(), Device.objects.filter(user=user)
    mine.filter(last_seen_at__lt=now - timedelta(seconds=LASTS)).delete()
    if mine.filter(digest__in=_digests(request)).update(last_seen_at=now):
        return
    if not first:
        notices.owe(user, Occasion.NEW_DEVICE, request)
    _know(request, user)


def known_by(request: HttpRequest, email: str) -> str:
    """As which browser this one is known to the account at this address; empty where it is not, or there is none. The same work for both."""
    since = clock.now() - timedelta(seconds=LASTS)
    found = Device.objects.filter(user__email=email, digest__in=_digests(request), last_seen_at__gte=since)
    return str(found.values_list("pk", flat=True).first() or "")


def forget(user: User, but: HttpRequest | None = None) -> None:
    """Know none of a person's browsers any more, by no cookie given so far; that of their own request, `but`, is known by a new one."""
    Device.objects.filter(user=user).delete()
    if but:
        _know(but, user)


def keep(request: HttpRequest, response: HttpResponseBase) -> None:
    """Leave the browser what it will be known by."""
    if tokens := getattr(request, GIVEN, ""):
        response.set_cookie(COOKIE, tokens, max_age=LASTS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def sessions_of(user: User, request: HttpRequest) -> list[Open]:
    """The sessions a person holds open, this one first, then those last used."""
    held = UserSession.objects.purge_and_list(user)
    shown = [_shown(session, session.session_key == request.session.session_key) for session in held]
    return sorted(shown, key=lambda one: (not one.is_this, -one.seen.timestamp()))


def end(request: HttpRequest, user: User, session_id: int) -> None:
    """End one of a person's other sessions at once. Raises NotFound where it is not theirs, or is this one."""
    found = UserSession.objects.filter(pk=session_id, user=user).exclude(session_key=request.session.session_key).first()
    if found is None:
        raise NotFound
    sessions.end(found)
    logged.signed_out(request, user.pk, why="ended")
    telling.tell(user.pk)


def end_others(request: HttpRequest, user: User) -> None:
    """End every session of a person but this one. Another browser that comes back is a new one, though it was known."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
        sessions.end(session)
    Device.objects.filter(user=user).exclude(digest__in=_digests(request)).delete()
    logged.signed_out(request, user.pk, why="others-ended")
    telling.tell(user.pk)


def _shown(session: UserSession, is_this: bool) -> Open:
    return Open(session.pk, browsers.named(session.user_agent), session.ip, session.created_at, session.last_seen_at, is_this)


def _know(request: HttpRequest, user: User) -> None:
    """Give the browser one more token, that nobody has seen: this account knows it by that one, and no other account does."""
    now, token = clock.now(), secrets.token_urlsafe(32)
    Device.objects.create(user=user, digest=_digest(token), first_seen_at=now, last_seen_at=now)
    setattr(request, GIVEN, SEPARATOR.join([token, *filter(None, _tokens(request))][:TOKENS]))


def _digests(request: HttpRequest) -> list[str]:
    return [_digest(token) for token in _tokens(request)]


def _tokens(request: HttpRequest) -> list[str]:
    """Those that the browser has, or is being given; an empty one where it has none."""
    held: str = getattr(request, GIVEN, "") or request.COOKIES.get(COOKIE, "")
    return held.split(SEPARATOR)[:TOKENS]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()

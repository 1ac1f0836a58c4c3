"""A session: what it is known by, when it began, when it was last used, and when it ends."""

import secrets
from datetime import timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from backend import clock
from backend.people import logged, strength

KEY, SINCE, SEEN = "key", "since", "seen"
TOUCHED_EVERY = timedelta(minutes=1)


def begin(session: SessionBase) -> None:
    """Mark a session as begun now, under a name of its own that outlives the rotation of its cookie."""
    moment = clock.now().timestamp()
    session.update({KEY: secrets.token_urlsafe(24), SINCE: moment, SEEN: moment})


def key_of(session: SessionBase) -> str:
    """What the session is known by: a confirmation of oneself is bound to it. Empty before sign-in."""
    return session.get(KEY, "")


def is_over(session: SessionBase) -> bool:
    """Whether it was left unused too long, or has lasted as long as any session may."""
    now = clock.now().timestamp()
    idle = now - session.get(SEEN, now)
    age = now - session.get(SINCE, now)
    return idle > settings.SESSION_IDLE_SECONDS or age > settings.SESSION_COOKIE_AGE


def keep(request: HttpRequest) -> None:
    """End the session of a signed-in person where its time is over; otherwise note, once a minute, that it is in use."""
    session = request.session
    if is_over(session):
        logged.signed_out(request, request.user.pk, why="over")  # type: ignore[arg-type]
        logout(request)
        return
    if not key_of(session):
        begin(session)
    elif clock.now().timestamp() - session.get(SEEN, 0) < TOUCHED_EVERY.total_seconds():
        return
    session[SEEN] = clock.now().timestamp()
    UserSession.objects.create_from_request(request)


def end(session: UserSession) -> None:
    """End one session, and what was proved in it."""
    held = import_module(settings.SESSION_ENGINE).SessionStore(session.session_key)
    strength.forget(session.user_id, key_of(held))
    session.end()


def rotate(request: HttpRequest) -> None:
    """Give the session a new cookie, so that one stolen before is worth nothing after (ASVS 7.2.4)."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)

"""With whose tries a password is counted: those of an open session, those of a browser that the account knows, or everybody's on that address.

Whoever stays outside can use up only the last (docs/decisions/0017-a-known-browser-is-counted-apart.md).
"""

from collections.abc import Mapping
from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from backend.people import devices
from backend.people.models import User

ACTION = "password_known"


def of_session(user: User, key: str) -> str:
    """Those of one session or token of an account."""
    return f"session:{user.pk}:{key}"


def of_browser(request: HttpRequest, credentials: Mapping[str, Any]) -> str:
    """Those of this browser on the account at the address that was typed; empty where it is not known there, or nobody is."""
    known = devices.known_by(request, str(credentials.get("email", "")).strip().lower())
    return f"browser:{known}" if known else ""


def count(request: HttpRequest, whose: str) -> ratelimit.RateLimitUsage | None:
    """Count a try before it is judged; None past the limit."""
    return ratelimit.consume(request, app="allauth.account", action=ACTION, key=whose)

"""Signing out at the provider too, for whoever signed in there (OpenID Connect RP-Initiated Logout 1.0)."""

import secrets
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.shortcuts import resolve_url

from backend.errors import DomainError
from backend.people.federation import configured, metadata
from backend.people.federation.linked import ID_TOKEN

KEPT_SECONDS = 60


def ticket(request: HttpRequest) -> str:
    """What the way out by the provider is found again by, once the session is over; empty where there is none, or the provider is away."""
    kept = request.session.get(ID_TOKEN)
    if not kept:
        return ""
    try:
        where = metadata.of(configured.of(kept["provider"])).get("end_session_endpoint")
    except DomainError:
        return ""
    if not where:
        return ""
    back = request.build_absolute_uri(resolve_url(settings.LOGOUT_REDIRECT_URL))
    asked = {"id_token_hint": kept["token"], "state": secrets.token_urlsafe(32), "post_logout_redirect_uri": back}
    found = secrets.token_urlsafe(32)
    cache.set(_kept(found), (kept["provider"], f"{where}?{urlencode(asked)}"), KEPT_SECONDS)
    return found


def way_out(found: str) -> tuple[str, str] | None:
    """The provider's name and where the browser goes, told once."""
    told: tuple[str, str] | None = cache.get(_kept(found))
    cache.delete(_kept(found))
    return (configured.of(told[0]).name, told[1]) if told else None


def _kept(found: str) -> str:
    return f"federation:out:{found}"

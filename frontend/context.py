"""What every page knows: the site's name and marks, who is signed in and how strongly, and the menu."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from redis.exceptions import RedisError

from backend.errors import Text
from backend.people.actor import Actor
from backend.people.levels import Method
from frontend import words
from frontend.navigation import rooms

OPENED: dict[str, Text] = {
    Method.PASSWORD: gettext_lazy("Signed in with a password"),
    Method.TOTP: gettext_lazy("Signed in with a password and an app"),
    Method.PASSKEY: gettext_lazy("Signed in with a passkey"),
    Method.RECOVERY_CODE: gettext_lazy("Signed in with a recovery code"),
    Method.OIDC: gettext_lazy("Signed in through an identity provider"),
}


def strength(actor: Actor | None) -> Text:
    """How strongly a person is signed in, in words for the account menu."""
    if not actor:
        return ""
    if actor.strong and actor.strong_until:
        return _("Identity confirmed until %(time)s") % {"time": words.time_words(actor.strong_until)}
    return OPENED.get(actor.opened_by, _("Signed in"))


def said(request: HttpRequest) -> dict[str, Any] | None:
    """What a door beside Django has to tell on the page it leads back to, by a key that nobody can guess; told once."""
    key = f"said:{request.GET.get('avis', '')}"
    with suppress(RedisError):
        told: dict[str, Any] | None = cache.get(key) if "avis" in request.GET else None
        if told:
            cache.delete(key)
        return told
    return None


def site(request: HttpRequest) -> dict[str, Any]:
    """The context processor of every template."""
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "platform": {
            "name": settings.SITE_NAME,
            "url": settings.BASE_URL,
            "state_marks": settings.STATE_MARKS,
            "ministerial_order": settings.MINISTERIAL_ORDER,
            "source": settings.SOURCE_URL,
            "demo": settings.DEMO,
        },
        "actor": actor,
        "strength": strength(actor),
        "rooms": list(rooms(actor)),
        "trail": (),
        "said": said(request),
    }

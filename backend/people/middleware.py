"""Who asks: gives each request its actor, ends sessions whose time is over, and speaks the person's language."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from backend.people import devices, sessions, strength
from backend.people.actor import Actor
from backend.people.logged import met


class ActorMiddleware(MiddlewareMixin):
    """Sets `request.actor`: None for a stranger. A language chosen on this device comes before the account's."""

    def process_request(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            sessions.keep(request)
        request.actor = met(actor_of(request), request)  # type: ignore[attr-defined]
        if request.actor and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:  # type: ignore[attr-defined]
            translation.activate(request.actor.language)  # type: ignore[attr-defined]
            request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What is answered to somebody is kept nowhere, unless its view says otherwise (ASVS 14.3.2)."""
        if getattr(request, "actor", None) or "Authorization" in request.headers:
            response.headers.setdefault("Cache-Control", "private, no-store")
        devices.keep(request, response)
        return response


def actor_of(request: HttpRequest) -> Actor | None:
    """The actor of a request's session, as it is at this moment."""
    user = request.user
    if not user.is_authenticated:
        return None
    key = sessions.key_of(request.session)
    return Actor.of(user, key=key, proofs=strength.proofs(user, key))

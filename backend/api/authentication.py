"""Who calls the API: a program by its token, a browser by its session. Both give the request its actor."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from backend.people import logged, tokens
from backend.people.models import Token, User


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Token ca_…`"""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """The token's owner. A token that opens nothing is refused, and never falls back on a cookie."""
        plain = tokens.shown_in(request.headers.get("Authorization", ""))
        if plain is None:
            return None
        token = tokens.opened_by(plain)
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token opens nothing: unknown, expired or revoked."))
        request._request.actor = logged.met(tokens.actor_of(token), request._request)  # type: ignore[attr-defined]
        _speak(request, token.user)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of a signed-in browser, with its CSRF token; the actor is the middleware's."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        if found:
            _speak(request, found[0])
        return found


def _speak(request: Request, user: User) -> None:
    """Answer in the language the caller asks for, else in the account's."""
    asked = "Accept-Language" in request.headers
    translation.activate(translation.get_language_from_request(request._request) if asked else user.language)

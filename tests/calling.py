"""Programs that call the API in somebody's name."""

from datetime import timedelta

from django.conf import settings
from rest_framework.test import APIClient

from backend import clock
from backend.keys import uuid7
from backend.people import tokens
from backend.people.models import Confirmation, Token, User


def client_of(user: User | None, *, strong: bool = True, language: str = "en") -> APIClient:
    """Signed in by a token, and confirmed unless `strong` is false; nobody where there is no user."""
    client = APIClient(headers={"Accept-Language": language})
    if user:
        client.credentials(HTTP_AUTHORIZATION=f"Token {tokens.issue(user, 'test', 30)}")
        if strong:
            confirm(user)
    return client


def confirm(user: User) -> None:
    """As if the person had just given the code sent to them for their newest token."""
    now = clock.now()
    token = Token.objects.filter(user=user).latest("created_at")
    until = now + timedelta(seconds=settings.STRENGTH_SECONDS)
    fields = {"sent_at": now, "code_expires_at": until, "tries_allowed": 5, "proved_at": now, "strong_until": until}
    Confirmation.objects.create(pk=uuid7(), user=user, key=tokens.key_of(token), code="", **fields)

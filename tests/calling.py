"""Programs that call the API in somebody's name."""

from rest_framework.test import APIClient

from backend.people import strength, tokens
from backend.people.models import Level, Method, Token, User


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
    token = Token.objects.filter(user=user).latest("created_at")
    strength.raised(user, tokens.key_of(token), Method.MAIL_CODE, level=Level.MAILED)

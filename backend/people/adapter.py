"""How allauth signs people in here: no account without an invitation, and no personal detail in a subject."""

from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from backend.people import accounts, logged, sessions, telling
from backend.people.models import User


class AccountAdapter(DefaultAccountAdapter):
    """The platform's own answers to allauth's questions."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only for who followed an invitation in this session."""
        return accounts.is_invited(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse whoever has tried too often, and log it: no password is looked at, so that nobody else tells."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            logged.failed(request, credentials, why="too-many")
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Log a password that opens nothing."""
        super().authentication_failed(request, **credentials)
        logged.failed(request, credentials, why="wrong")

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in under a new session: a cookie planted before is worth nothing after."""
        super().login(request, user)
        sessions.begin(request.session)
        logged.signed_in(request, user)

    def logout(self, request: HttpRequest) -> None:
        """Sign out, on every page that this session holds open."""
        user_id = request.user.pk
        super().logout(request)
        if user_id:
            logged.signed_out(request, user_id)
            telling.tell(user_id)

    def set_password(self, user: User, password: str) -> None:
        """Change a password: the sessions opened with the one before are over."""
        super().set_password(user, password)
        telling.tell(user.pk)

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.SITE_NAME} : {subject}"


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Sessions ended by their owner, from another of them."""

    def end_sessions(self, sessions: Sequence[UserSession]) -> None:
        super().end_sessions(sessions)
        for user_id in {session.user_id for session in sessions}:
            telling.tell(user_id)

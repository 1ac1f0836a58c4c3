"""How allauth signs people in here: no account without an invitation, and no personal detail in a subject."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from backend.people import accounts, sessions
from backend.people.models import User


class AccountAdapter(DefaultAccountAdapter):
    """The platform's own answers to allauth's questions."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only for who followed an invitation in this session."""
        return accounts.is_invited(request)

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in under a new session: a cookie planted before is worth nothing after."""
        super().login(request, user)
        sessions.begin(request.session)

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.SITE_NAME} : {subject}"

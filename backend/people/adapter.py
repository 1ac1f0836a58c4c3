"""How allauth signs people in here: no account without an invitation, and no personal detail in a subject."""

from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from backend.people import accounts, devices, factors, logged, sessions, strength, telling, tokens, tries
from backend.people.federation import leaving, linked
from backend.people.levels import Level, Method
from backend.people.models import User

OPENED_BY_PASSWORD = (Method.PASSWORD, Level.SINGLE)
KINDS = {
    "totp": (Method.TOTP, Level.SUBSTANTIAL),
    "webauthn": (Method.PASSKEY, Level.HIGH),
    "recovery_codes": (Method.RECOVERY_CODE, Level.SINGLE),
    "socialaccount": (Method.OIDC, Level.SINGLE),
}


class AccountAdapter(DefaultAccountAdapter):
    """The platform's own answers to allauth's questions."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only for who followed an invitation in this session."""
        return accounts.is_invited(request)

    in_session = ""  # whose tries a password asked for in an open session is counted with

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse whoever has tried too often, and log it: no password is looked at, so that nobody else tells."""
        try:
            if whose := self.in_session or tries.of_browser(request, credentials):
                self._counted(request, whose)
            else:
                super().pre_authenticate(request, **credentials)
        except ValidationError:
            logged.failed(request, credentials, why="too-many")
            raise

    def _counted(self, request: HttpRequest, whose: str) -> None:
        """Count a try apart; kept where allauth takes back one that succeeds."""
        self._login_failed_rl_usage = tries.count(request, whose)
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def reauthenticate(self, user: User, password: str, key: str = "") -> bool:
        """Whether it is their password who have the session or token `key` open, this session where none is given."""
        self.in_session = tries.of_session(user, key or sessions.key_of(self.request.session))
        return super().reauthenticate(user, password)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Log a password that opens nothing."""
        super().authentication_failed(request, **credentials)
        logged.failed(request, credentials, why="wrong")

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in under a new session: a cookie planted before is worth nothing after."""
        first = user.last_login is None
        super().login(request, user)
        sessions.begin(request.session)
        method, level = opened_with(request, user)
        strength.raised(user, sessions.key_of(request.session), method, level=level, opened=True)
        linked.opened(request, user)
        devices.signed_in(request, user, first=first)
        logged.signed_in(request, user)

    def logout(self, request: HttpRequest) -> None:
        """Sign out, on every page that this session holds open."""
        user_id, key = request.user.pk, sessions.key_of(request.session)
        super().logout(request)
        if user_id:
            strength.forget(user_id, key)
            logged.signed_out(request, user_id)
            telling.tell(user_id)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Out at the identity provider too, where the session began there."""
        ticket = leaving.ticket(request)
        return reverse(settings.FEDERATION_LEAVE, args=[ticket]) if ticket else super().get_logout_redirect_url(request)

    def set_password(self, user: User, password: str) -> None:
        """Change a password: the sessions opened with the one before are over, and the programs that act in the person's name; no browser is known any more.

        But the one in which it was changed, by its owner's session or by who reads their mail.
        """
        super().set_password(user, password)
        devices.forget(user, but=self.request)
        tokens.revoke_all(user)
        telling.tell(user.pk)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for our own proof, on our own page, before a change of the address: allauth's would let a password do, or nothing at all."""
        factors.guard(self.request.user, sessions.key_of(self.request.session))
        return False

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.SITE_NAME} : {subject}"


def opened_with(request: HttpRequest, user: User) -> tuple[Method, Level]:
    """What a session that begins was opened with: the strongest of what allauth has just checked, the last of equals."""
    records = get_authentication_records(request, user)
    kinds = [KINDS.get(str(record.get("type") or record.get("method")), OPENED_BY_PASSWORD) for record in reversed(records)]
    return max(kinds, key=lambda kind: kind[1], default=OPENED_BY_PASSWORD)


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Sessions ended by their owner, from another of them."""

    def end_sessions(self, ended: Sequence[UserSession]) -> None:
        for session in ended:
            sessions.end(session)
        for user_id in {session.user_id for session in ended}:
            telling.tell(user_id)

"""allauth's answers about identity providers: those of the settings alone, called with care; an address of mail links nothing."""

import secrets
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.http import HttpRequest

from backend import outgoing
from backend.people.federation import configured
from backend.people.federation.metadata import SECONDS


class IdentityAdapter(DefaultSocialAccountAdapter):
    """Nothing comes from the database, nobody signs up by allauth's own pages, nobody is known by an address."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[SocialApp]:
        apps = [
            SocialApp(provider="openid_connect", provider_id=one.slug, name=one.name, client_id=one.client_id, secret=one.secret)
            for one in configured.every()
        ]
        wanted = [app for app in apps if provider in (None, app.provider, app.provider_id)]
        return [app for app in wanted if client_id in (None, app.client_id)]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return False

    def generate_state_param(self, state: dict[str, Any]) -> str:
        """FranceConnect asks for 32 characters at least."""
        return secrets.token_urlsafe(32)

    def send_notification_mail(self, *what: Any, **more: Any) -> None:
        """Nothing: `linked` owes the notice of what was linked, as everything about an account is told."""

    def get_requests_session(self) -> outgoing.Session:
        return outgoing.session(seconds=SECONDS)

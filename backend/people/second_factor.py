"""How allauth asks for a means of one's own after the password, and takes a passkey instead of it: by our rules, with our secrets sealed."""

from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from backend.errors import Invalid
from backend.people import factors, logged, passkeys, sealed


class FactorAdapter(DefaultMFAAdapter):
    """Secrets sealed, and the site named by its settings: never by what a request says its host is."""

    def encrypt(self, text: str) -> str:
        return sealed.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealed.unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.BASE_URL).hostname or "", "name": settings.SITE_NAME}


class CodeForm(AuthenticateForm):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label=_("The code shown by your app, or a recovery code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    use_required_attribute = False

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        self.authenticator = _taken(self.user, lambda: factors.take_code(context.request, self.user, code))
        return code


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey after the password."""

    def clean_credential(self) -> Authenticator:
        answer = self.cleaned_data["credential"]
        return _taken(self.user, lambda: factors.take_passkey(context.request, self.user, answer))


class PasskeySignInForm(LoginWebAuthnForm):
    """A passkey alone: it says who, and proves it."""

    def clean_credential(self) -> Authenticator:
        answer = self.cleaned_data["credential"]
        return _taken(None, lambda: passkeys.proved(context.request, None, answer))


def _taken(user: Any, take: Any) -> Authenticator:
    """What was proved; a refusal is logged, and shown on the form."""
    try:
        used: Authenticator = take()
    except Invalid as refusal:
        logged.refused(context.request, user, why=refusal.code)
        raise ValidationError(str(refusal), code=refusal.code) from refusal
    return used

"""Passkeys (WebAuthn): added and proved with the person verified by their device, on this very site and nowhere else."""

import json
from typing import Any
from urllib.parse import urlsplit

from allauth.account.utils import url_str_to_user_pk
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import STATE_SESSION_KEY
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from backend import clock
from backend.errors import Invalid
from backend.people.models import User

WRONG = (KeyError, TypeError, ValueError, AttributeError)  # whatever a browser, or who plays one, can make the library stumble over


def to_add(request: HttpRequest, user: User) -> dict[str, Any]:
    """What a browser needs to make a passkey; the challenge is kept in the session."""
    options, state = _server().register_begin(
        user=PublicKeyCredentialUserEntity(**get_adapter().get_public_key_credential_user_entity(user)),
        credentials=[credential for _held, credential in _credentials(user)],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    request.session[STATE_SESSION_KEY] = state
    return dict(options)


def added(request: HttpRequest, user: User, answer: str, name: str) -> Authenticator:
    """The passkey that a browser made. Raises Invalid on "credential"."""
    state, credential = request.session.pop(STATE_SESSION_KEY, None), _read(answer)
    try:
        made = _server().register_complete(state, RegistrationResponse.from_dict(credential))
    except WRONG as fault:
        raise _refused() from fault
    data = {"name": name, "credential": credential, "sign_count": made.counter}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data, created_at=clock.now())


def to_prove(request: HttpRequest, user: User) -> dict[str, Any]:
    """What a browser needs to prove a person by one of their passkeys; the challenge is kept in the session."""
    credentials = [credential for _held, credential in _credentials(user)]
    options, state = _server().authenticate_begin(credentials=credentials, user_verification=UserVerificationRequirement.REQUIRED)
    request.session[STATE_SESSION_KEY] = state
    return dict(options)


def proved(request: HttpRequest, user: User | None, answer: str | dict[str, Any]) -> Authenticator:
    """The passkey that answered the challenge of this session, which serves once. Without a user, theirs whom the passkey names.

    Raises Invalid on "credential": another challenge, site, account or key, no verification of the person, a counter that did not rise.
    """
    state, credential = request.session.pop(STATE_SESSION_KEY, None), _read(answer)
    try:
        owner = user or _named(credential)
        held = _credentials(owner) if owner and owner.is_active else []
        state = {"user_verification": "required", "challenge": state["challenge"]}
        used = _server().authenticate_complete(state, [each for _held, each in held], credential)
        count = AuthenticationResponse.from_dict(credential).response.authenticator_data.counter
        return _used(next(row for row, each in held if each.credential_id == used.credential_id), count)
    except WRONG as fault:
        raise _refused() from fault


def _used(passkey: Authenticator, count: int) -> Authenticator:
    """Note its use. A counter that does not rise is a copy at work (WebAuthn 3, 7.2, step 22)."""
    before = passkey.data.get("sign_count", 0)
    if (count or before) and count <= before:
        raise _refused()
    passkey.data["sign_count"], passkey.last_used_at = count, clock.now()
    passkey.save(update_fields=["data", "last_used_at"])
    return passkey


def _server() -> Fido2Server:
    """Pages of this site's own address are listened to, of no neighbour under the same domain."""
    site = urlsplit(settings.BASE_URL)
    party = PublicKeyCredentialRpEntity(id=site.hostname, name=settings.SITE_NAME)
    return Fido2Server(party, verify_origin=lambda origin: origin == f"{site.scheme}://{site.netloc}")


def _credentials(user: User) -> list[tuple[Authenticator, AttestedCredentialData]]:
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("pk")
    return [(row, row.wrap().authenticator_data.credential_data) for row in rows]


def _named(credential: dict[str, Any]) -> User | None:
    """The account that a passkey says it is of: believed only once its signature is."""
    handle = websafe_decode(credential["response"]["userHandle"]).decode()
    try:
        return User.objects.filter(pk=url_str_to_user_pk(handle)).first()
    except ValidationError as fault:
        raise ValueError from fault


def _read(answer: str | dict[str, Any]) -> dict[str, Any]:
    try:
        read = json.loads(answer) if isinstance(answer, str) else answer
    except ValueError as fault:
        raise _refused() from fault
    if not isinstance(read, dict):
        raise _refused()
    return read


def _refused() -> Invalid:
    return Invalid(_("This passkey was not recognised. Try again, or use another means."), field="credential", code="passkey-wrong")

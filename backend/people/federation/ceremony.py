"""Going to an identity provider and coming back: the authorization code flow with PKCE, run by allauth, each answer checked by us."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import DomainError, NotFound
from backend.people import logged, sessions
from backend.people.federation import acr, configured, metadata, tokens
from backend.people.federation.configured import Provider
from backend.people.federation.identity import Identity, attributes
from backend.people.levels import Level

SIGN_IN, LINK, CONFIRM = "sign-in", "link", "confirm"
FRESH = (LINK, CONFIRM)  # the provider asks the person again, whatever session is open there
LEEWAY = tokens.LEEWAY


class Refused(DomainError):
    """What came back from a provider is not taken; nothing has changed."""

    code = "identity-refused"


@dataclass(frozen=True)
class Back:
    """Somebody who came back: what they had gone for, and as whom; `next` is where they were."""

    process: str
    identity: Identity
    next: str


class Door(OpenIDConnectOAuth2Adapter):
    """Where to call, as the provider describes itself."""

    @property
    def openid_config(self) -> Mapping[str, Any]:
        return metadata.of(configured.of(self.provider_id))

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return str(build_absolute_uri(request, reverse(settings.FEDERATION_RETURN, args=[self.provider_id])))


class Federated(OpenIDConnectProvider):
    """allauth's provider, with PKCE, and with no more kept than what we compare."""

    oauth2_adapter_class = Door
    pkce_enabled_default = True

    def extract_uid(self, data: Mapping[str, Any]) -> str:
        return str(data["uid"])

    def extract_extra_data(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return dict(data["kept"])

    def extract_common_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: Mapping[str, Any]) -> list[Any]:
        return []


def at(request: HttpRequest, provider: Provider) -> Federated:
    found: Federated = get_adapter(request).get_provider(request, provider=provider.slug)
    return found


def begin(request: HttpRequest, slug: str, process: str, *, next_url: str = "", least: int = Level.SUBSTANTIAL) -> str:
    """Where the browser goes; what must come back with it waits in the session, for ten minutes and once. Raises NotFound, Unavailable.

    `least` is what a confirmation must be worth to this person's organisation.
    """
    provider = configured.of(slug)
    if process == CONFIRM and not provider.confirms:
        raise NotFound
    wanted = provider.wanted(least) if process == CONFIRM else provider.acr
    nonce = secrets.token_urlsafe(32)
    known = {
        "nonce": nonce,
        "wanted": list(wanted),
        "asked": clock.machine().timestamp(),
        "user": str(request.user.pk or ""),
        "key": sessions.key_of(request.session),
    }
    asked = _parameters(nonce, wanted, fresh=process in FRESH)
    gone = at(request, provider).redirect(request, process, next_url=next_url, data=known, scope=list(provider.scope), auth_params=asked)
    return str(gone.url)


def _parameters(nonce: str, wanted: Sequence[str], *, fresh: bool) -> dict[str, str]:
    """What is asked beside the usual (OpenID Connect Core 3.1.2.1): how well known, and for some acts, proved anew."""
    asked = {"nonce": nonce, "acr_values": " ".join(wanted)}
    if fresh:
        claims = {"id_token": {"auth_time": {"essential": True}}}
        asked |= {"prompt": "login", "max_age": str(settings.STRENGTH_SECONDS), "claims": json.dumps(claims, separators=(",", ":"))}
    return asked


def returned(request: HttpRequest, slug: str) -> Back:
    """Who came back, and for what. Raises NotFound, Unavailable, Refused; the reason of a refusal is in the log."""
    provider = configured.of(slug)
    try:
        state = at(request, provider).unstash_redirect_state(request, request.GET.get("state", ""))
    except PermissionDenied as unknown:
        raise refused(request, provider, "state") from unknown
    data = state["data"]
    _answered(request, provider)
    if (data["user"], data["key"]) != (str(request.user.pk or ""), sessions.key_of(request.session)):
        raise refused(request, provider, "another session")
    try:
        identity = _identity(request, provider, state)
    except tokens.Untrue as reason:
        raise refused(request, provider, str(reason)) from reason
    except OAuth2Error as reason:
        raise refused(request, provider, "code") from reason
    except requests.RequestException as failure:
        raise metadata.unavailable(provider) from failure
    _well_known(request, identity, state)
    return Back(state["process"], identity, state.get("next") or "")


def _answered(request: HttpRequest, provider: Provider) -> None:
    """Refuse an answer that is another issuer's (RFC 9207), a renouncement, or an error."""
    issuer = request.GET.get("iss")
    if issuer != provider.issuer and (issuer or metadata.of(provider).get("authorization_response_iss_parameter_supported")):
        raise refused(request, provider, "issuer")
    if request.GET.get("error") == "access_denied":
        raise Refused(
            _("You came back from %(provider)s without signing in there.") % {"provider": provider.name}, code="identity-given-up"
        )
    if "error" in request.GET or not request.GET.get("code"):
        raise refused(request, provider, "error")


def _identity(request: HttpRequest, provider: Provider, state: Mapping[str, Any]) -> Identity:
    """Exchange the code, then check the ID token and what is said of the person. Raises Untrue, OAuth2Error, RequestException, Unavailable."""
    door = at(request, provider).get_oauth2_adapter(request)
    client = door.get_client(request, at(request, provider).app)
    handed = client.get_access_token(request.GET["code"], pkce_code_verifier=state["pkce_code_verifier"])
    claims = tokens.identity(handed.get("id_token"), provider, state["data"]["nonce"])
    said = _said(provider, str(handed["access_token"]), claims["sub"])
    moment = claims.get("auth_time")
    return Identity(
        provider=provider,
        subject=claims["sub"],
        acr=str(claims.get("acr", ""))[:100],
        at=datetime.fromtimestamp(moment, UTC) if isinstance(moment, int) and 0 < moment < 2**33 else None,
        attributes=attributes(said),
        email=str(said.get("email", "")).strip().lower() if said.get("email_verified") is True else "",
        bar=_claimed(said, provider.bar_claim),
        bar_number=_claimed(said, provider.bar_number_claim),
        id_token=handed["id_token"],
    )


def _said(provider: Provider, access_token: str, subject: str) -> Mapping[str, Any]:
    """What the provider says of the person, where it has an address for it."""
    where = metadata.of(provider).get("userinfo_endpoint")
    if not where:
        return {}
    with get_adapter().get_requests_session() as calls:
        answer = calls.get(where, headers={"Authorization": f"Bearer {access_token}"})
        answer.raise_for_status()
    return tokens.attributes(answer.content, answer.headers.get("Content-Type", ""), provider, subject)


def _claimed(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name) if name else None
    return str(value).strip()[:100] if isinstance(value, str | int) else ""


def _well_known(request: HttpRequest, identity: Identity, state: Mapping[str, Any]) -> None:
    """Refuse who is not known well enough there, or did not prove themself again where they were to."""
    provider, process = identity.provider, state["process"]
    if not acr.meets(identity.acr, state["data"]["wanted"]):
        message = _("%(provider)s does not know you well enough for this: it vouches for a lower level than is asked.")
        logged.not_vouched(request, provider.slug, "acr")
        raise Refused(message % {"provider": provider.name}, code="identity-too-weak")
    if process in FRESH and not _proved_since(identity, state["data"]["asked"]):
        message = _("%(provider)s did not ask you to prove yourself again. Sign out there, then try once more.")
        logged.not_vouched(request, provider.slug, "auth_time")
        raise Refused(message % {"provider": provider.name}, code="identity-stale")


def _proved_since(identity: Identity, asked: float) -> bool:
    moment = identity.at.timestamp() if identity.at else 0.0
    return asked - LEEWAY <= moment <= clock.machine().timestamp() + LEEWAY


def refused(request: HttpRequest, provider: Provider, why: str) -> Refused:
    """A refusal that tells people nothing of what an attacker would want to know."""
    logged.not_vouched(request, provider.slug, why)
    message = _("The answer of %(provider)s could not be taken. Nothing has changed. Try again, or sign in by e-mail.")
    return Refused(message % {"provider": provider.name})

"""What an identity provider says of itself (OpenID Connect Discovery 1.0) and its keys: of the configured issuer and no other."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import jwt
import requests
from django.core.cache import cache
from django.utils.translation import gettext as _

from backend import outgoing
from backend.errors import Unavailable
from backend.people.federation.configured import Provider

KEPT_SECONDS = 3600
AWAY_SECONDS = 10  # one that did not answer is not asked again so soon: nobody waits for it in turn
ASKED_AGAIN_SECONDS = 60  # keys are asked for again, where one is missing, at most that often
SECONDS = 5.0
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
ADDRESSES = (*NEEDED, "userinfo_endpoint", "end_session_endpoint")


def unavailable(provider: Provider) -> Unavailable:
    """What people are told where a provider does not answer as it should: nothing else stops working."""
    message = _("%(provider)s does not answer at the moment. Try again in a few minutes, or sign in by e-mail.") % {
        "provider": provider.name
    }
    return Unavailable(message, code="provider-down")


def of(provider: Provider) -> Mapping[str, Any]:
    """The provider's own description, kept for an hour.

    Raises Unavailable where it does not answer, or describes another issuer (Discovery 4.3), or leads where it may not.
    """
    kept = f"federation:{_short(provider)}"
    known: Mapping[str, Any] | None = cache.get(kept)
    if known is None:
        if cache.get(f"{kept}:away"):
            raise unavailable(provider)
        try:
            known = _described(provider)
        except Unavailable:
            cache.set(f"{kept}:away", True, AWAY_SECONDS)
            raise
        cache.set(kept, known, KEPT_SECONDS)
    return known


def _described(provider: Provider) -> Mapping[str, Any]:
    found = _fetched(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration", provider)
    if found.get("issuer") != provider.issuer or not _sound(found):
        raise unavailable(provider)
    return found


def key_of(provider: Provider, kid: str | None, algorithm: str) -> jwt.PyJWK:
    """The provider's key of that identifier, for that algorithm; its keys are asked for again where it is new. Raises Unavailable, LookupError."""
    where, kept = of(provider)["jwks_uri"], f"federation:keys:{_short(provider)}"
    keys: list[dict[str, Any]] = cache.get(kept) or []
    found = _among(keys, kid, algorithm)
    if not found and (not keys or cache.add(f"{kept}:asked", True, ASKED_AGAIN_SECONDS)):
        keys = _fetched(where, provider).get("keys") or []
        cache.set(kept, keys, KEPT_SECONDS)
        found = _among(keys, kid, algorithm)
    if not found:
        raise LookupError(kid)
    return jwt.PyJWK(found, algorithm=algorithm)


def _among(keys: Iterable[Mapping[str, Any]], kid: str | None, algorithm: str) -> dict[str, Any] | None:
    """The only key that fits: of that identifier, or the only one of its family where a token names none."""
    family = {"RS": "RSA", "PS": "RSA", "ES": "EC"}[algorithm[:2]]
    fitting = [dict(key) for key in keys if key.get("kty") == family and key.get("use", "sig") == "sig" and kid in (None, key.get("kid"))]
    return fitting[0] if len(fitting) == 1 else None


def _sound(known: Mapping[str, Any]) -> bool:
    """Whether its addresses are addresses, each of them one that may be called or that a browser may be sent to."""
    try:
        for one in ADDRESSES:
            if one in NEEDED or known.get(one):
                outgoing.check(str(known.get(one, "")))
    except outgoing.Forbidden:
        return False
    return True


def _fetched(url: str, provider: Provider) -> dict[str, Any]:
    try:
        with outgoing.session(seconds=SECONDS) as calls:
            answer = calls.get(url)
            answer.raise_for_status()
            found = answer.json() if answer.status_code == 200 else None
    except requests.RequestException as failure:
        raise unavailable(provider) from failure
    if not isinstance(found, dict):
        raise unavailable(provider)
    return found


def _short(provider: Provider) -> str:
    return hashlib.sha256(provider.issuer.encode()).hexdigest()[:32]

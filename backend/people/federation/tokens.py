"""What an identity provider hands over, believed only once checked: its ID token (OpenID Connect Core 3.1.3.7) and what it says of the person."""

import json
from collections.abc import Mapping
from typing import Any

import jwt
from django.utils.crypto import constant_time_compare

from backend.people.federation import metadata
from backend.people.federation.configured import Provider

ALGORITHMS = ("RS256", "ES256", "PS256", "RS384", "ES384", "PS384", "RS512", "ES512", "PS512")  # never "none", never a shared secret
LEEWAY = 30  # seconds between two clocks


class Untrue(Exception):
    """A token that is not what it should be; the reason is for the log, never for the page."""


def identity(raw: Any, provider: Provider, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that is the issuer's, for this client alone, in answer to this request, and in its time. Raises Untrue."""
    claims = _signed(raw, provider, require=["iss", "sub", "aud", "exp", "iat"])
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise Untrue("nonce")
    authorized = claims.get("azp")
    if authorized not in (None, provider.client_id) or (isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and authorized is None):
        raise Untrue("azp")
    return claims


def attributes(content: bytes, kind: str, provider: Provider, subject: str) -> Mapping[str, Any]:
    """What the provider says of the person: a signed token (as FranceConnect and ProConnect give) or JSON, of that very person. Raises Untrue."""
    if kind.partition(";")[0].strip().lower() == "application/jwt":
        said = _signed(content.decode("ascii", "replace").strip(), provider, require=["iss", "aud"])
    else:
        said = _json(content)
    if said.get("sub") != subject:
        raise Untrue("userinfo of another")
    return said


def _json(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except ValueError as wrong:
        raise Untrue("userinfo") from wrong
    if not isinstance(said, dict):
        raise Untrue("userinfo")
    return said


def _signed(raw: Any, provider: Provider, *, require: list[str]) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(raw)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise Untrue("algorithm")
        key = metadata.key_of(provider, header.get("kid"), algorithm)
        claims: dict[str, Any] = jwt.decode(
            raw,
            key,
            algorithms=[algorithm],
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY,
            options={"require": require},
        )
    except (jwt.PyJWTError, LookupError, TypeError, ValueError) as wrong:
        raise Untrue(type(wrong).__name__) from wrong
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise Untrue("sub")
    return claims

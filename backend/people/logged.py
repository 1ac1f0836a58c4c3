"""The log of signing in (ASVS 16.3.1): who, by which factors, from where; no password, no code, no address of mail.

Whoever is unknown is told by a keyed digest of what was typed: the same one tried again shows, and who it is does not.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from backend.people.actor import Actor
from backend.people.models import User

DEVICE = 300  # characters kept of what a program says of itself
LOG = logging.getLogger("people.sign_in")


def signed_in(request: HttpRequest, user: User) -> None:
    """A session has begun."""
    factors = ",".join(str(record.get("type") or record.get("method")) for record in get_authentication_records(request, user))
    LOG.info("signed in: account=%s by=%s from=%s", user.pk, factors or "session", address(request))


def signed_out(request: HttpRequest, account: UUID, why: str = "asked") -> None:
    """A session has ended, because its owner asked or because its time was over."""
    LOG.info("signed out: account=%s why=%s from=%s", account, why, address(request))


def failed(request: HttpRequest, credentials: Mapping[str, Any], why: str) -> None:
    """A password that opens nothing, or one too many."""
    typed = str(credentials.get("email", "")).strip().lower()
    known = User.objects.filter(email=typed).values_list("pk", flat=True).first()
    who = known or f"unknown-{salted_hmac('people.logged', typed).hexdigest()[:12]}"
    LOG.warning("not signed in: account=%s why=%s from=%s", who, why, address(request))


def confirmed(request: HttpRequest, user: User, by: str) -> None:
    """Somebody signed in confirmed that it is them."""
    LOG.info("confirmed: account=%s by=%s from=%s", user.pk, by, address(request))


def refused(request: HttpRequest, user: User | None, why: str) -> None:
    """A code or a passkey that proves nobody; without a user, a passkey shown by a stranger."""
    LOG.warning("not confirmed: account=%s why=%s from=%s", user.pk if user else "unknown", why, address(request))


def vouched(request: HttpRequest, user: User, provider: str) -> None:
    """Somebody signed in confirmed that it is them at an identity provider."""
    LOG.info("confirmed: account=%s by=%s from=%s", user.pk, provider, address(request))


def not_vouched(request: HttpRequest, provider: str, why: str) -> None:
    """What came back from an identity provider was not taken."""
    LOG.warning("not taken: provider=%s account=%s why=%s from=%s", provider, request.user.pk or "-", why, address(request))


def met(actor: Actor | None, request: HttpRequest) -> Actor | None:
    """The same person, with where they were met: the address, and what their program says of itself."""
    if actor is None:
        return None
    return replace(actor, address=address(request), device=request.headers.get("User-Agent", "")[:DEVICE])


def changed(user: User, what: str, request: HttpRequest | None) -> None:
    """What protects an account was changed, or it was opened on a new device (ASVS 16.3.1); without a request, by an administrator."""
    LOG.info("safety: account=%s what=%s from=%s", user.pk, what, address(request) if request else "administration")


def address(request: HttpRequest) -> str:
    """Where a request comes from, beyond our own proxies."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return "-"

"""API tokens: issued once in clear, kept as a digest, and revoked."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Invalid, NotFound
from backend.people import notices, strength, telling
from backend.people.actor import Actor
from backend.people.models import Occasion, Token, User

PREFIX = "ca_"  # lets a scanner of published secrets know one
LONGEST_DAYS = 365
AT_MOST = 20
SEEN_EVERY = timedelta(minutes=1)


def issue(user: User, name: str, days: int, request: HttpRequest | None = None) -> str:
    """A new token, given in clear this once; its owner is told, where `request` asked for it. Raises Invalid on "days" or "name"."""
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(_("A token lasts from one day to a year."), field="days")
    if of(user).count() >= AT_MOST:
        raise Invalid(_("You have too many tokens. Revoke one first."), field="name", code="too-many-tokens")
    plain, now = PREFIX + secrets.token_urlsafe(32), clock.now()
    with transaction.atomic():
        Token.objects.create(user=user, name=name, digest=_digest(plain), created_at=now, expires_at=now + timedelta(days=days))
        if request:
            notices.owe(user, Occasion.TOKEN_MADE, request, about=name)
    return plain


def of(user: User) -> QuerySet[Token]:
    """A person's tokens that still open something, newest first."""
    return Token.objects.valid().filter(user=user)


def revoke(user: User, token_id: UUID) -> None:
    """End one of a person's tokens at once. Raises NotFound where it is not theirs."""
    if not Token.objects.filter(pk=token_id, user=user, revoked_at=None).update(revoked_at=clock.now()):
        raise NotFound
    telling.tell(user.pk)


def revoke_all(user: User) -> None:
    """End all of a person's tokens at once."""
    Token.objects.filter(user=user, revoked_at=None).update(revoked_at=clock.now())


def opened_by(plain: str) -> Token | None:
    """The token behind what was shown, with its account; None where it opens nothing."""
    token = Token.objects.valid().select_related("user").filter(digest=_digest(plain)).first()
    if token and (token.last_used_at is None or token.last_used_at < clock.now() - SEEN_EVERY):
        Token.objects.filter(pk=token.pk).update(last_used_at=clock.now())
    return token


def key_of(token: Token) -> str:
    """What the actor of a token is known by: begins with "token:", as no session's key does."""
    return f"token:{token.pk}"


def actor_of(token: Token) -> Actor:
    """Who acts by this token."""
    key = key_of(token)
    return Actor.of(token.user, key=key, proofs=strength.proofs(token.user, key))


def shown_in(header: str) -> str | None:
    """The token of an `Authorization: Token …` header; None where the header is for another scheme."""
    scheme, _space, plain = header.partition(" ")
    return plain.strip() if scheme.lower() == "token" else None


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode("utf-8", "surrogateescape")).hexdigest()

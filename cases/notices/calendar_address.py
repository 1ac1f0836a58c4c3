"""The secret address of a person's calendar: whoever holds it reads the dates, nothing else; replaced or ended at will."""

import hashlib
import secrets

from backend import clock
from backend.people.actor import Actor
from backend.people.models import User
from cases.notices.models import CalendarAddress


def issue(user: User) -> str:
    """A new secret of 256 bits, given in clear this once; the address before it answers no more."""
    secret = secrets.token_urlsafe(32)
    CalendarAddress.objects.update_or_create(user=user, defaults={"digest": _digest(secret), "issued_at": clock.now()})
    return secret


def revoke(user: User) -> None:
    """End the address at once."""
    CalendarAddress.objects.filter(user=user).delete()


def of_token(token: str) -> Actor | None:
    """Whose calendar this is, as they are at this moment and never strongly signed in; None for a secret that opens nothing."""
    found = CalendarAddress.objects.select_related("user").filter(digest=_digest(token), user__is_active=True).first()
    return Actor.of(found.user) if found else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()

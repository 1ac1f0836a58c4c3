"""Single-use links of invitations: a secret made from the invitation's key, of which only the digest is stored."""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from cases.models import Case, Invitation


def token(invitation: UUID) -> str:
    """The secret in an invitation's link: 256 bits, made again when the mail is sent, never stored."""
    key = hashlib.sha256(b"commun-accord/invitation/v1" + settings.SECRET_KEY.encode()).digest()
    return base64.urlsafe_b64encode(hmac.digest(key, invitation.bytes, "sha256")).decode().rstrip("=")


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def case_of(secret: str) -> Case | None:
    """The case a link was made for; whether it still opens it is for the action to say."""
    return Case.objects.with_people().filter(invitations__token_digest=digest(secret)).first()


def invitation(secret: str) -> Invitation | None:
    """The open invitation this link belongs to, or nothing: used, cancelled and unknown links answer alike."""
    return (
        Invitation.objects.select_related("case", "spouse", "counsel")
        .filter(token_digest=digest(secret), state=Invitation.State.SENT)
        .first()
    )

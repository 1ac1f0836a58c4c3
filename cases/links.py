"""Single-use links of invitations: a secret made from the invitation's key, of which only the digest is stored."""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import NotNow
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
    """The open invitation this link belongs to, or nothing: used, cancelled and unknown links answer alike.

    Raises NotNow where the day to answer by has passed.
    """
    sent = Invitation.objects.select_related("case__court", "spouse", "counsel").filter(state=Invitation.State.SENT)
    found = sent.filter(token_digest=digest(secret)).first()
    if found and clock.today(found.case.zone) > found.answer_by:
        raise NotNow(
            _("This invitation was to be answered by %(day)s.") % {"day": date_format(found.answer_by, "DATE_FORMAT")},
            mend=_("Ask the lawyer who invited you to send it again."),
        )
    return found

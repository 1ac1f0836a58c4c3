"""Strength: confirming that it is oneself by the password and a code sent by mail, for the few minutes of a binding act.

Kept in rows, never in the session's own data: a stolen cookie carries no strength, and a code answers for one session only.
"""

import secrets
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Max
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Busy, Invalid
from backend.keys import uuid7
from backend.people.models import Confirmation, User

CODE_LASTS = timedelta(minutes=10)
TRIES = 5
CODES_ALLOWED, CODES_WITHIN = 8, timedelta(minutes=15)


def ask_code(user: User, key: str) -> None:
    """Mail a code of six digits that confirms the session or token `key`; it replaces any sent before. Not inside a transaction.

    Raises Busy where too many were asked for, or where the mail cannot be sent.
    """
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic(durable=True):
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        _refuse_too_many(user)
        _remember(user, key, code)
    _mail(user, code)


def prove(user: User, key: str, password: str, code: str) -> datetime:
    """Confirm a session or token by the last code sent for it, and the password; gives until when. Not inside a transaction.

    The code is tried first: whoever holds only a session learns nothing about the password. Raises Invalid on "code" or "password".
    """
    sent = Confirmation.objects.filter(user=user, key=key).order_by("-sent_at", "-id").first()
    if sent is None or not _counted(sent):
        raise Invalid(_("This code cannot be used any more. Ask for another."), field="code", code="code-expired")
    if not constant_time_compare(sent.code, _digest(sent.pk, key, code)):
        raise Invalid(_("This is not the code that was sent."), field="code", code="code-wrong")
    if not user.check_password(password):
        raise Invalid(_("This is not your password."), field="password", code="password-wrong")
    return _proved(sent)


def until(user: User, key: str) -> datetime | None:
    """When the strength of a session or token runs out; None where it has none."""
    if not key:
        return None
    return Confirmation.objects.filter(user=user, key=key).standing().aggregate(last=Max("strong_until"))["last"]


def _refuse_too_many(user: User) -> None:
    now = clock.now()
    sent = Confirmation.objects.filter(user=user)
    sent.filter(sent_at__lt=now - timedelta(days=1)).delete()
    if sent.sent_since(now - CODES_WITHIN).count() >= CODES_ALLOWED:
        raise Busy(_("Too many codes were asked for. Wait a quarter of an hour."), code="too-many-codes")


def _remember(user: User, key: str, code: str) -> Confirmation:
    now, pk = clock.now(), uuid7()
    return Confirmation.objects.create(
        pk=pk, user=user, key=key, code=_digest(pk, key, code), sent_at=now, code_expires_at=now + CODE_LASTS, tries_allowed=TRIES
    )


def _counted(sent: Confirmation) -> bool:
    """Count a try before it is judged, so that tries made at once are all counted; False where none is left."""
    with transaction.atomic(durable=True):
        return Confirmation.objects.filter(pk=sent.pk).open().update(tries=F("tries") + 1) == 1


def _proved(sent: Confirmation) -> datetime:
    now = clock.now()
    strong_until = now + timedelta(seconds=settings.STRENGTH_SECONDS)
    if not Confirmation.objects.filter(pk=sent.pk, proved_at=None).update(proved_at=now, strong_until=strong_until):
        raise Invalid(_("This code cannot be used any more. Ask for another."), field="code", code="code-expired")
    return strong_until


def _digest(pk: object, key: str, code: str) -> str:
    return salted_hmac("people.confirmation", f"{pk}:{key}:{code.strip()}", algorithm="sha256").hexdigest()


def _mail(user: User, code: str) -> None:
    with translation.override(user.language):
        body = _(
            "Your code is %(code)s. It can be used once, within ten minutes, on the page that asked for it.\n\n"
            "Never give it to anybody: no court, no lawyer and no one of our team will ask you for it.\n"
            "If you asked for nothing, somebody may know your password: change it."
        ) % {"code": code}
        message = EmailMessage(_("%(site)s: your code") % {"site": settings.SITE_NAME}, body, to=[user.email])
    try:
        message.send()
    except (SMTPException, OSError) as failure:
        raise Busy(_("The code could not be sent. Try again in a moment."), code="mail-down") from failure

"""Strength: how well a person has proved who they are, in one session or by one token, for the few minutes of a binding act.

Kept in rows, never in the session's own data: a stolen cookie carries no strength, and a proof serves one session only.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Max
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Busy, Conflict, Invalid
from backend.keys import uuid7
from backend.people.models import Confirmation, Level, Method, Proof, User

CODE_LASTS = timedelta(minutes=10)
TRIES = 5
CODES_ALLOWED, CODES_WITHIN = 8, timedelta(minutes=15)


def has_factor(user: User) -> bool:
    """Whether the person has a means of their own: the code sent by mail is for those who have none."""
    return is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


def ask_code(user: User, key: str) -> None:
    """Mail a code of six digits that confirms the session or token `key`; it replaces any sent before. Not inside a transaction.

    Raises Busy where too many were asked for, or where the mail cannot be sent, Conflict where the person has a better means.
    """
    _refuse_who_has_better(user)
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic(durable=True):
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        _refuse_too_many(user)
        _remember(user, key, code)
    _mail(user, code)


def prove(user: User, key: str, password: str, code: str) -> datetime:
    """Confirm a session or token by the last code sent for it, and the password; gives until when. Not inside a transaction.

    The code is tried first: whoever holds only a session learns nothing about the password. Raises Invalid on "code" or "password", Conflict
    where the person has a better means.
    """
    _refuse_who_has_better(user)
    sent = Confirmation.objects.filter(user=user, key=key).order_by("-sent_at", "-id").first()
    if sent is None or not _counted(sent):
        raise Invalid(_("This code cannot be used any more. Ask for another."), field="code", code="code-expired")
    if not constant_time_compare(sent.code, _digest(sent.pk, key, code)):
        raise Invalid(_("This is not the code that was sent."), field="code", code="code-wrong")
    if not user.check_password(password):
        raise Invalid(_("This is not your password."), field="password", code="password-wrong")
    return _proved(sent)


def raised(
    user: User,
    key: str,
    method: Method,
    *,
    level: Level,
    at: datetime | None = None,
    opened: bool = False,
    said: Mapping[str, str] | None = None,
) -> datetime:
    """Note that a session or token was proved by `method` at the moment `at`, now where none is given; gives until when it stands.

    The caller has checked the proof. `level` says what it is worth, `opened` that the session began so; `said`, of an identity
    provider's, is what `Proof` keeps of it (`acr`, `provider`, `subject`, `differs`).
    """
    proved_at = min(at or clock.now(), clock.now())
    strong_until = proved_at + timedelta(seconds=settings.STRENGTH_SECONDS)
    Proof.objects.filter(user=user).of_a_dead_session().delete()
    Proof.objects.create(
        user=user, key=key, method=method, level=level, at=proved_at, strong_until=strong_until, opened=opened, **(said or {})
    )
    return strong_until


def forget(user_id: UUID, key: str) -> None:
    """A session or token is over: what was proved in it is worth nothing more."""
    Proof.objects.filter(user_id=user_id, key=key).delete()


def proofs(user: User, key: str) -> list[Proof]:
    """What says how strong a session or token is: what opened it and what stands, the strongest first. One query."""
    return list(Proof.objects.filter(user=user, key=key).told()) if key else []


def until(user: User, key: str, least: int = Level.MAILED) -> datetime | None:
    """When the strength of a session or token runs out, of all that is worth `least` or more; None where it has none. One query."""
    if not key:
        return None
    return Proof.objects.filter(user=user, key=key).standing().at_least(least).aggregate(last=Max("strong_until"))["last"]


def _refuse_who_has_better(user: User) -> None:
    if has_factor(user):
        raise Conflict(_("You have a passkey or an authenticator app: confirm with it."), code="own-factor")


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
    with transaction.atomic():
        if not Confirmation.objects.filter(pk=sent.pk, proved_at=None).update(proved_at=clock.now()):
            raise Invalid(_("This code cannot be used any more. Ask for another."), field="code", code="code-expired")
        return raised(sent.user, sent.key, Method.MAIL_CODE, level=Level.MAILED)


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

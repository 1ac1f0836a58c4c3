"""The means of one's own to prove oneself: passkeys, an authenticator app, and recovery codes for the day they are lost.

Kept in django-allauth's rows. Whoever has one is asked for it at each sign-in, and the code sent by mail no longer serves them.
"""

import re
from base64 import b32decode, b32encode, b64encode
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from textwrap import wrap

from allauth.core import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Invalid, NotFound, TooWeak
from backend.people import notices, passkeys, sealed, sessions, strength
from backend.people.levels import Level, Method
from backend.people.models import Occasion, User

TOTP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
DIGITS, PERIOD, DRIFT = 6, 30, 1  # RFC 6238, 5.2: one step of delay either way
PASSKEYS_AT_MOST = 10
SPACES = r"[\s.-]"
SECRET, SINCE, SECRET_LASTS = "app-secret", "app-since", 30 * 60
WORTH: dict[str, tuple[Method, Level]] = {
    TOTP: (Method.TOTP, Level.SUBSTANTIAL),
    PASSKEY: (Method.PASSKEY, Level.HIGH),
    CODES: (Method.RECOVERY_CODE, Level.SINGLE),
}


@dataclass(frozen=True)
class Factors:
    """What a person has of their own."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int

    @property
    def any(self) -> bool:
        return bool(self.app or self.passkeys)


@dataclass(frozen=True)
class Setup:
    """What an app needs to make codes for this account."""

    secret: str
    address: str
    picture: str

    @property
    def spaced(self) -> str:
        """The secret, to be typed."""
        return " ".join(wrap(self.secret, 4))

    @property
    def picture_code(self) -> str:
        return b64encode(self.picture.encode()).decode()


def of(user: User) -> Factors:
    """What a person has, in one query."""
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    codes = next((row for row in rows if row.type == CODES), None)
    return Factors(
        app=next((row for row in rows if row.type == TOTP), None),
        passkeys=[row for row in rows if row.type == PASSKEY],
        codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
    )


def guard(user: User, key: str) -> None:
    """Only who has just proved themself changes what proves them: by a means of their own or a recovery code where they have one, else by mail.

    Raises TooWeak.
    """
    own = strength.has_factor(user)
    least = Level.SUBSTANTIAL if own else Level.MAILED
    standing = [proof for proof in strength.proofs(user, key) if proof.stands_at(clock.now())]
    if not any(proof.level >= least or (own and proof.method == Method.RECOVERY_CODE) for proof in standing):
        raise TooWeak


# --- the app


def set_up_app(request: HttpRequest, user: User) -> Setup:
    """The secret to give to an app: the same for half an hour, so that a page shown again is the page already scanned. Raises Conflict."""
    if of(user).app:
        raise Conflict(_("There is an authenticator app already. Remove it first."), code="app-exists")
    session = request.session
    if clock.now().timestamp() - session.get(SINCE, 0) > SECRET_LASTS:
        session[SECRET], session[SINCE] = sealed.seal(b32encode(token_bytes(20)).decode()), clock.now().timestamp()
    secret = sealed.unseal(session[SECRET])
    address = get_adapter().build_totp_url(user, secret)
    return Setup(secret, address, get_adapter().build_totp_svg(address))


def add_app(request: HttpRequest, user: User, key: str, code: str) -> list[str]:
    """Add the app that gave this code; gives the recovery codes if there were none. Raises Invalid on "code", Conflict, TooWeak."""
    guard(user, key)
    if SECRET not in request.session:
        raise Invalid(_("This page is too old. Open it again."), field="code", code="code-expired")
    counted = _count(request, user)
    step = _step(sealed.unseal(request.session[SECRET]), re.sub(SPACES, "", code), after=-1)
    if step is None:
        raise Invalid(
            _("This is not the code that the app shows now. Wait for the next one, and check the phone’s clock."),
            field="code",
            code="code-wrong",
        )
    counted()
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if of(user).app:
            raise Conflict(_("There is an authenticator app already. Remove it first."), code="app-exists")
        data = {"secret": request.session.pop(SECRET), "last_step": step}
        Authenticator.objects.create(user=user, type=TOTP, data=data, created_at=clock.now())
        notices.owe(user, Occasion.APP_ADDED, request)
        made = _first_codes(user)
    request.session.pop(SINCE, None)
    worth_of_use(user, key, TOTP)
    sessions.rotate(request)
    return made


# --- passkeys


def add_passkey(request: HttpRequest, user: User, key: str, answer: str, name: str) -> list[str]:
    """Add the passkey that a browser made; gives the recovery codes if there were none. Raises Invalid, TooWeak."""
    guard(user, key)
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if len(of(user).passkeys) >= PASSKEYS_AT_MOST:
            raise Conflict(_("You have too many passkeys. Remove one first."), code="too-many-passkeys")
        passkeys.added(request, user, answer, name)
        notices.owe(user, Occasion.PASSKEY_ADDED, request)
        made = _first_codes(user)
    worth_of_use(user, key, PASSKEY)
    sessions.rotate(request)
    return made


# --- recovery codes


def new_codes(request: HttpRequest, user: User, key: str) -> list[str]:
    """New recovery codes, shown this once; the earlier ones are worth nothing more. Raises TooWeak, Conflict where nothing is to be recovered."""
    guard(user, key)
    if not strength.has_factor(user):
        raise Conflict(_("Add a passkey or an app first."), code="no-factor")
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        Authenticator.objects.filter(user=user, type=CODES).delete()
        notices.owe(user, Occasion.CODES_MADE, request)
        return _first_codes(user)


def _first_codes(user: User) -> list[str]:
    if Authenticator.objects.filter(user=user, type=CODES).exists():
        return []
    return RecoveryCodes.activate(user).get_unused_codes()


# --- taking away


def remove(request: HttpRequest, user: User, key: str, factor: int) -> None:
    """Take away the app or a passkey; with the last of them, the recovery codes. Raises NotFound where it is not theirs, TooWeak."""
    guard(user, key)
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        gone = Authenticator.objects.filter(user=user, pk=factor, type__in=(TOTP, PASSKEY)).first()
        if gone is None:
            raise NotFound
        gone.delete()
        if not strength.has_factor(user):
            Authenticator.objects.filter(user=user).delete()
        notices.owe(user, Occasion.APP_REMOVED if gone.type == TOTP else Occasion.PASSKEY_REMOVED, request)


def reset(user: User) -> None:
    """Take away all that a person has of their own, for who lost everything and was recognised by other means. They are told."""
    if Authenticator.objects.filter(user=user).delete()[0]:
        notices.owe(user, Occasion.FACTORS_RESET)


# --- proving


def take_code(request: HttpRequest, user: User, code: str) -> Authenticator:
    """The app or the recovery codes behind a code, which serves once. Raises Invalid on "code"."""
    counted, code = _count(request, user), re.sub(SPACES, "", code)
    used = _app_of(user, code) if len(code) == DIGITS else _codes_of(user, code)
    if used is None:
        raise Invalid(_("This code is not right, or has served already. Wait for the next one."), field="code", code="code-wrong")
    counted()
    if used.type == CODES:
        notices.owe(user, Occasion.CODE_USED, request)
    return used


def take_passkey(request: HttpRequest, user: User, answer: str) -> Authenticator:
    """The passkey that answered. Raises Invalid on "credential"."""
    counted = _count(request, user)
    used = passkeys.proved(request, user, answer)
    counted()
    return used


def _app_of(user: User, code: str) -> Authenticator | None:
    with transaction.atomic():
        app = Authenticator.objects.select_for_update(of=("self",)).filter(user=user, type=TOTP).first()
        step = _step(sealed.unseal(app.data["secret"]), code, after=app.data.get("last_step", -1)) if app else None
        if app is None or step is None:
            return None
        app.data["last_step"], app.last_used_at = step, clock.now()
        app.save(update_fields=["data", "last_used_at"])
        return app


def _codes_of(user: User, code: str) -> Authenticator | None:
    codes = Authenticator.objects.filter(user=user, type=CODES).first()
    if codes is None or not code.isascii() or not codes.wrap().validate_code(code):
        return None
    Authenticator.objects.filter(pk=codes.pk).update(last_used_at=clock.now())
    return codes


def _step(secret: str, code: str, after: int) -> int | None:
    """The step of time whose code this is, later than the last one used: no code serves twice (RFC 6238, 5.2)."""
    present = int(clock.now().timestamp()) // PERIOD
    makes = HOTP(b32decode(secret), DIGITS, SHA1(), enforce_key_length=False)  # noqa: S303 - RFC 4226 as every app knows it; a MAC, no collision counts
    steps = range(max(after + 1, present - DRIFT), present + DRIFT + 1)
    return next((step for step in steps if constant_time_compare(makes.generate(step).decode(), code)), None)


def worth_of_use(user: User, key: str, kind: str) -> datetime:
    """Note that a session or token was just proved by a means of this kind; gives until when that stands."""
    method, level = WORTH[kind]
    return strength.raised(user, key, method, level=level)


class _Counted:
    """A try that was counted before it was judged; called, it is forgiven."""

    def __init__(self, request: HttpRequest, key: str) -> None:
        self.request, self.key = request, key

    def __call__(self) -> None:
        ratelimit.clear(self.request, action="factor", key=self.key)


def _count(request: HttpRequest, user: User) -> _Counted:
    """Count a try, by account and by address. Raises Invalid past the limit, the right code or not."""
    key = f"factor-{user.pk}"
    allowed = ratelimit.consume(request, action="factor_from", key=key) and ratelimit.consume(request, action="factor", key=key)
    if not allowed:
        raise Invalid(_("Too many tries. Wait five minutes."), field="code", code="too-many-tries")
    return _Counted(request, key)

"""Accounts: opened by an invitation, signed in to, confirmed, closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Invalid
from backend.legible import shows
from backend.people import devices, factors, logged, notices, professional, sessions, strength, telling, tokens
from backend.people.federation.identity import plain
from backend.people.levels import Level, Method
from backend.people.models import Occasion, User

INVITED = "invited"


def create_invited(email: str, first_names: str, last_name: str, password: str, language: str = "fr") -> User:
    """The account of a person who followed the link sent to `email`, which proves the address.

    Raises Invalid on "password" (with what is wrong with it) and on a name that does not show as it is written, Conflict on "email" where the account exists already.
    """
    user = User(email=email.strip().lower(), first_names=first_names, last_name=last_name, language=language)
    _show(user)
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        raise Invalid(" ".join(refusal.messages), field="password", code="password-weak") from refusal
    user.set_password(password)
    _write(user)
    return user


def create_vouched(email: str, first_names: str, last_name: str, language: str = "fr") -> User:
    """The account of a person whom an identity provider vouches for, at an address that is proved; no password opens it.

    Raises Conflict on "email" where the account exists already, Invalid on a name that does not show as it is written.
    """
    user = User(email=email.strip().lower(), first_names=first_names[:150], last_name=last_name[:150], language=language)
    _show(user)
    user.set_unusable_password()
    _write(user)
    return user


def know_address(user: User) -> None:
    """Take the account's address as proved, and as the only one."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def invite(request: HttpRequest, invitation: object) -> None:
    """Note in the session that a valid invitation was followed: only then may an account be opened."""
    request.session[INVITED] = str(invitation)


def is_invited(request: HttpRequest) -> bool:
    return INVITED in request.session


def login(request: HttpRequest, user: User) -> None:
    """Sign a person in, under a new session."""
    get_adapter(request).login(request, user)


def is_password(request: HttpRequest, user: User, key: str, password: str) -> bool:
    """Whether this is the person's password; tries are counted by session or token, so that no stranger's is among them. Raises Invalid past the limit."""
    try:
        return get_adapter(request).reauthenticate(user, password, key)
    except ValidationError as refusal:
        raise Invalid(" ".join(refusal.messages), field="password", code="too-many-tries") from refusal


def confirm(request: HttpRequest, user: User, key: str, password: str, code: str) -> datetime:
    """Confirm a person by their password and a code: that of their app where they have one, else the one sent by mail; gives until when it stands.

    Raises Invalid on "password" or "code", Conflict where there is a passkey and no app.
    """
    if strength.has_factor(user):
        if user.has_usable_password() and not is_password(request, user, key, password):
            raise Invalid(_("This is not your password."), field="password", code="password-wrong")
        if factors.of(user).app is None:
            raise Conflict(_("A program cannot use a passkey. Add an authenticator app to your account, and give its code."), code="no-app")
        confirm_by_code(request, user, key, code)
        return strength.until(user, key, Level.SUBSTANTIAL) or clock.now()
    with _told(request, user):
        until = strength.prove(user, key, password, code)
    _confirmed(request, user, key, "password,code")
    return until


def confirm_by_code(request: HttpRequest, user: User, key: str, code: str) -> Method:
    """Confirm a person by a code of their app, or by a recovery code, which is not enough for a binding act; gives which it was."""
    with _told(request, user):
        used = factors.take_code(request, user, code)
    return _raised(request, user, key, used.type)


def confirm_by_passkey(request: HttpRequest, user: User, key: str, answer: str) -> Method:
    """Confirm a person by one of their passkeys."""
    with _told(request, user):
        used = factors.take_passkey(request, user, answer)
    return _raised(request, user, key, used.type)


def _raised(request: HttpRequest, user: User, key: str, kind: str) -> Method:
    factors.worth_of_use(user, key, kind)
    method, _level = factors.WORTH[kind]
    _confirmed(request, user, key, method)
    return method


def _confirmed(request: HttpRequest, user: User, key: str, by: str) -> None:
    """Log a confirmation. A session gets a new cookie (ASVS 7.2.4)."""
    logged.confirmed(request, user, by)
    if key == sessions.key_of(request.session):
        sessions.rotate(request)


@contextmanager
def _told(request: HttpRequest, user: User) -> Iterator[None]:
    """Log a confirmation that is refused."""
    try:
        yield
    except Invalid as refusal:
        logged.refused(request, user, why=refusal.code)
        raise


def change(user: User, request: HttpRequest, *, first_names: str, last_name: str, phone: str, language: str) -> None:
    """Change what a person may change of their own account; under another name, what was verified of a lawyer stands no more.

    Raises Invalid on a name that does not show as it is written.
    """
    before = user.full_name
    user.first_names, user.last_name, user.phone, user.language = first_names, last_name, phone, language
    _show(user)
    with transaction.atomic():
        user.save(update_fields=["first_names", "last_name", "phone", "language"])
        named_anew(user, before, request)


def named_anew(user: User, before: str, request: HttpRequest | None = None) -> None:
    """What follows from another name than the one `before`; capitals, accents and hyphens make no other."""
    if plain(before) != plain(user.full_name):
        professional.renamed(user, request)


def moved(user: User, before: str) -> None:
    """An administrator gave the account another address: the one `before` is told, and all that was opened under it ends."""
    notices.owe(user, Occasion.ADDRESS_CHANGED, to=before)
    end_everywhere(user)


def _write(user: User) -> None:
    try:
        with transaction.atomic():
            user.save()
            know_address(user)
    except IntegrityError as twin:
        raise Conflict(_("There is already an account with this address. Sign in."), field="email", code="account-exists") from twin


def _show(user: User) -> None:
    """Names are read by others."""
    for field in ("first_names", "last_name"):
        if not shows(getattr(user, field)):
            raise Invalid(_("Write the name with letters only: it holds characters that do not show."), field=field, code="name-unshown")


def consent_to_electronic(user: User) -> None:
    """Record the express consent to electronic exchange (CPC 748-2); the first day stands."""
    User.objects.filter(pk=user.pk, consent_electronic_at=None).update(consent_electronic_at=clock.now())
    user.refresh_from_db(fields=["consent_electronic_at"])


def end_everywhere(user: User) -> None:
    """End every session and token of an account at once (ASVS 7.4.5); no browser is known to it any more."""
    for session in UserSession.objects.filter(user=user):
        sessions.end(session)
    devices.forget(user)
    tokens.revoke_all(user)
    telling.tell(user.pk)

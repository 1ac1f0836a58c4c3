"""Identities linked to accounts: found by (issuer, subject), linked and unlinked by their owner, signed in with, confirmed with."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, NotFound
from backend.people import accounts, logged, notices, professional, sessions, strength
from backend.people.federation import ceremony, configured
from backend.people.federation.identity import Difference, Identity, differences
from backend.people.levels import Level, Method
from backend.people.models import Occasion, User

ID_TOKEN = "identity"  # noqa: S105 (where in the session the provider's token waits for signing out there)


@dataclass(frozen=True)
class Linked:
    """An identity linked to an account, as its owner sees it."""

    key: int
    slug: str
    name: str
    since: datetime
    used: datetime
    acr: str
    differences: tuple[Difference, ...]


def owner(identity: Identity) -> User | None:
    """Whose account it is linked to; an address of mail says nothing of it."""
    row = SocialAccount.objects.select_related("user").filter(provider=identity.provider.slug, uid=identity.uid).first()
    return row.user if row else None


def of(user: User) -> list[Linked]:
    """The identities linked to an account."""
    names = {one.slug: one.name for one in configured.every()}
    rows = SocialAccount.objects.filter(user=user).order_by("pk")
    return [
        Linked(
            key=row.pk,
            slug=row.provider,
            name=names.get(row.provider, row.provider),
            since=row.date_joined,
            used=row.last_login,
            acr=str(row.extra_data.get("acr", "")),
            differences=tuple(_differs(user, told_of(row))),
        )
        for row in rows
    ]


def told_of(row: SocialAccount) -> Mapping[str, str]:
    """What the provider last told of the person, of what is compared."""
    return dict(row.extra_data.get("told") or {})


def told(user_ids: list[Any]) -> dict[Any, list[tuple[str, Mapping[str, str]]]]:
    """What providers last told of each of these accounts, with the provider's name. One query, none where no provider is configured."""
    names = {one.slug: one.name for one in configured.every()}
    if not names or not user_ids:
        return {}
    found: dict[Any, list[tuple[str, Mapping[str, str]]]] = {}
    for row in SocialAccount.objects.filter(user__in=user_ids, provider__in=names).order_by("pk"):
        found.setdefault(row.user_id, []).append((names[row.provider], told_of(row)))
    return found


def differs_anew(identity: Identity) -> bool:
    """Whether the provider now tells of its person something else than it did, and than what their account says."""
    row = SocialAccount.objects.select_related("user").filter(provider=identity.provider.slug, uid=identity.uid).first()
    return row is not None and told_of(row) != identity.attributes and any(_differs(row.user, identity.attributes))


def _differs(user: User, said: Mapping[str, str]) -> Iterator[Difference]:
    return differences(said, first_names=user.first_names, last_names=(user.last_name,))


def sign_in(request: HttpRequest, identity: Identity, next_url: str) -> HttpResponseBase:
    """Sign in the account that the identity is linked to, under a new session; a second factor of one's own is asked for as ever."""
    if request.user.is_authenticated:
        account_adapter(request).logout(request)
    login = _login(request, identity)
    login.state = {"process": "login", "next": next_url}
    remember(request, identity)
    answer: HttpResponseBase = complete_social_login(request, login)
    if request.user.is_authenticated:
        _opened(request, request.user, identity)
    return answer


def link(request: HttpRequest, user: User, identity: Identity) -> bool:
    """Link an identity to the account of whoever is signed in and has just confirmed themself; False where it was already.

    Raises Conflict where it is linked to another account.
    """
    known = owner(identity)
    if known and known != user:
        logged.not_vouched(request, identity.provider.slug, "linked to another")
        message = _("This identity is linked to another account. Sign in with it to unlink it there first.")
        raise Conflict(message, code="identity-of-another")
    if known is None:
        _connect(request, user, identity)
    remember(request, identity)
    professional.claimed(user, identity.bar, identity.bar_number, through=identity.provider.name)
    return known is None


def create(request: HttpRequest, identity: Identity, email: str, language: str) -> User:
    """An account for a person whom a provider vouches for, at an address that is proved; linked at once. Raises Conflict, Invalid."""
    with transaction.atomic():
        user = accounts.create_vouched(email, identity.first_names, identity.last_name, language)
        _connect(request, user, identity)
    return user


def _connect(request: HttpRequest, user: User, identity: Identity) -> None:
    with transaction.atomic():
        with _alone():
            _login(request, identity).connect(request, user)
        notices.owe(user, Occasion.IDENTITY_LINKED, request, about=identity.provider.name)


def unlink(request: HttpRequest, user: User, key: int) -> None:
    """Unlink an identity. Raises NotFound where it is not theirs, Conflict where nothing else opens the account."""
    row = SocialAccount.objects.filter(pk=key, user=user).first()
    if row is None:
        raise NotFound
    others = SocialAccount.objects.filter(user=user, provider__in=settings.FEDERATION).exclude(pk=key)
    if not user.has_usable_password() and not others.exists():
        raise Conflict(
            _("Nothing else opens your account. Choose a password first, by “I have forgotten my password”."), code="last-way-in"
        )
    name = next((one.name for one in configured.every() if one.slug == row.provider), row.provider)
    with transaction.atomic():
        row.delete()
        notices.owe(user, Occasion.IDENTITY_UNLINKED, request, about=name)


def confirm(request: HttpRequest, user: User, identity: Identity) -> datetime:
    """Confirm the person of this session by an identity linked to their account; gives until when it stands.

    The provider has just asked them again (`ceremony.returned`). Raises Refused where the identity is not theirs.
    """
    if owner(identity) != user:
        logged.not_vouched(request, identity.provider.slug, "not linked to this account")
        message = _("This identity of %(provider)s is not linked to your account: it cannot confirm that it is you.")
        raise ceremony.Refused(message % {"provider": identity.provider.name}, code="identity-not-linked")
    key = sessions.key_of(request.session)
    until = strength.raised(user, key, Method.OIDC, level=identity.level, acr=identity.acr, at=identity.at)
    logged.vouched(request, user, identity.provider.slug)
    sessions.rotate(request)
    return until


def remember(request: HttpRequest, identity: Identity) -> None:
    """Keep the ID token in the session: the provider asks for it when one signs out there too."""
    request.session[ID_TOKEN] = {"provider": identity.provider.slug, "token": identity.id_token}


def _opened(request: HttpRequest, user: Any, identity: Identity) -> None:
    """Note what the session was opened with: worth a confirmation only where the provider says that the person has just proved themself."""
    fresh = identity.at is not None and identity.at > clock.now() - timedelta(seconds=settings.STRENGTH_SECONDS)
    level, moment = (identity.level, identity.at) if fresh else (Level.SINGLE, None)
    strength.raised(user, sessions.key_of(request.session), Method.OIDC, level=level, acr=identity.acr, at=moment, opened=True)
    professional.claimed(user, identity.bar, identity.bar_number, through=identity.provider.name)


def _login(request: HttpRequest, identity: Identity) -> SocialLogin:
    kept = {"issuer": identity.provider.issuer, "subject": identity.subject, "acr": identity.acr, "told": dict(identity.attributes)}
    return ceremony.at(request, identity.provider).sociallogin_from_response(request, {"uid": identity.uid, "kept": kept})


@contextmanager
def _alone() -> Iterator[None]:
    """One row per identity, whoever comes at once."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as twin:
        raise Conflict(code="identity-of-another") from twin

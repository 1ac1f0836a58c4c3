"""Identities linked to accounts: found by (issuer, subject), linked and unlinked by their owner, signed in with, confirmed with."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.authentication import get_authentication_records
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, NotFound
from backend.people import accounts, logged, notices, professional, sessions, strength
from backend.people.federation import ceremony, configured
from backend.people.federation.identity import Difference, Identity, differences
from backend.people.levels import Level, Method
from backend.people.models import Occasion, User

ID_TOKEN = "identity"  # noqa: S105 (where in the session the provider's token waits for signing out there)
VOUCHED = "vouched"  # where in the session what a provider said waits for the end of the way in, which may ask for a second factor
ANOTHER = 2  # things that differ of one's first names, name and date of birth: one is a name of use or a mistake, two are somebody else


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


def confirms(user: User, needs: int) -> bool:
    """Whether an identity linked to the account can confirm an act that needs a proof worth `needs`: the highest, where its provider vouched for it."""
    providers = {one.slug: one for one in configured.every() if one.confirms}
    mine = [(providers[one.slug], one.acr) for one in of(user) if one.slug in providers]
    return any(needs < Level.HIGH or provider.worth(said) >= needs for provider, said in mine)


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


def _weighed(user: User, said: Mapping[str, str]) -> list[Difference]:
    """How what a provider tells differs from what tells one person from another: the names of the account, and the date of birth that its cases say."""
    days = [day.isoformat() for day in import_string(settings.PEOPLE_BORN)(user.pk)] if settings.PEOPLE_BORN else []
    born = [found for day in days for found in differences(said, born=day)]
    return [*_differs(user, said), *(born[:1] if len(born) == len(days) else [])]


def sign_in(request: HttpRequest, identity: Identity, next_url: str) -> HttpResponseBase:
    """Sign in the account that the identity is linked to, under a new session; a second factor of one's own is asked for as ever."""
    if request.user.is_authenticated:
        account_adapter(request).logout(request)
    login = _login(request, identity)
    login.state = {"process": "login", "next": next_url}
    remember(request, identity)
    request.session[VOUCHED] = {
        "uid": identity.uid,
        "provider": identity.provider.slug,
        "acr": identity.acr,
        "at": identity.at.timestamp() if identity.at else 0,
        "claim": [identity.bar, identity.bar_number],
    }
    answer: HttpResponseBase = complete_social_login(request, login)
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
    professional.claimed(user, identity.bar, identity.bar_number, through=identity.provider.slug)
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

    The provider has just asked them again (`ceremony.returned`). Raises Refused where the identity is not theirs, or is that of somebody else.
    """
    if owner(identity) != user:
        logged.not_vouched(request, identity.provider.slug, "not linked to this account")
        message = _("This identity of %(provider)s is not linked to your account: it cannot confirm that it is you.")
        raise ceremony.Refused(message % {"provider": identity.provider.name}, code="identity-not-linked")
    found = _weighed(user, identity.attributes)
    if len(found) >= ANOTHER:
        logged.not_vouched(request, identity.provider.slug, "somebody else")
        message = _("%(provider)s knows you otherwise than what is written here (%(what)s): it cannot confirm that it is you.")
        mend = _("Mend what is wrong, in “My account” or in your case, or confirm otherwise.")
        said = {"provider": identity.provider.name, "what": ", ".join(str(one.title) for one in found)}
        raise ceremony.Refused(f"{message % said} {mend}", code="identity-of-somebody-else")
    key, kept = sessions.key_of(request.session), _kept(identity.provider.slug, identity.uid, identity.acr, found)
    until = strength.raised(user, key, Method.OIDC, level=identity.level, at=identity.at, said=kept)
    logged.vouched(request, user, identity.provider.slug)
    sessions.rotate(request)
    return until


def remember(request: HttpRequest, identity: Identity) -> None:
    """Keep the ID token in the session: the provider asks for it when one signs out there too."""
    request.session[ID_TOKEN] = {"provider": identity.provider.slug, "token": identity.id_token}


def opened(request: HttpRequest, user: User) -> None:
    """Note, as a session begins, what a provider vouched for on the way in, whatever else was asked since.

    It is worth a confirmation only where the provider says that the person has just proved themself, and what it tells of them is not somebody else.
    """
    vouched = request.session.pop(VOUCHED, None)
    if vouched is None or vouched["uid"] not in {record.get("uid") for record in get_authentication_records(request, user)}:
        return
    row = SocialAccount.objects.filter(user=user, provider=vouched["provider"], uid=vouched["uid"]).first()
    if row is None or row.provider not in settings.FEDERATION:
        return
    moment, found = datetime.fromtimestamp(vouched["at"], UTC), _weighed(user, told_of(row))
    fresh = moment > clock.now() - timedelta(seconds=settings.STRENGTH_SECONDS) and len(found) < ANOTHER
    level, at = (configured.of(row.provider).worth(vouched["acr"]), moment) if fresh else (Level.SINGLE, None)
    kept = _kept(row.provider, row.uid, vouched["acr"], found)
    strength.raised(user, sessions.key_of(request.session), Method.OIDC, level=level, at=at, opened=True, said=kept)
    professional.claimed(user, *vouched["claim"], through=row.provider)


def _kept(provider: str, uid: str, acr: str, found: Iterable[Difference]) -> dict[str, str]:
    """What a proof keeps of what a provider said."""
    return {"provider": provider, "subject": uid, "acr": acr, "differs": ",".join(one.about for one in found)}


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

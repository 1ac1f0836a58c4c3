"""Professional identity: the bar and number of a lawyer, stated by them, verified by an administrator or by an identity provider's claim."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Invalid, NotAllowed
from backend.people import notices
from backend.people.models import Enrolment, Occasion, Role, User


def of(user_ids: Iterable[UUID | None]) -> Mapping[UUID, Enrolment]:
    """The enrolments of these accounts, by account. One query."""
    wanted = [user_id for user_id in user_ids if user_id]
    return {row.user_id: row for row in Enrolment.objects.filter(user__in=wanted).select_related("verified_by")} if wanted else {}


def is_lawyer(user: User) -> bool:
    """Whether the account holds a lawyer's membership today."""
    return bool(user.pk) and user.memberships.current().filter(role=Role.LAWYER).exists()


def state(user: User, bar: str, number: str) -> Enrolment:
    """What a lawyer states of themself; what was verified stands no more where it changes. Raises NotAllowed, Invalid."""
    bar, number = " ".join(bar.split()), " ".join(number.split())
    if not is_lawyer(user):
        raise NotAllowed
    if not bar or not number:
        raise Invalid(_("Say your bar and your number there."), field="number" if bar else "bar")
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        known = Enrolment.objects.filter(user=user).first()
        if known and (known.bar, known.number) == (bar, number):
            return known
        return _written(user, bar, number)


def verify(enrolment: Enrolment, by: User) -> None:
    """An administrator has looked it up in the bar's own list, and says that it is so, of this lawyer as `enrolment` has them.

    Raises NotAllowed; Conflict where the bar, the number or the lawyer's name has changed since.
    """
    if not by.is_staff or by.pk == enrolment.user_id:
        raise NotAllowed(_("Nobody verifies their own enrolment; an administrator of the platform does it."))
    seen = Enrolment.objects.filter(pk=enrolment.pk, bar=enrolment.bar, number=enrolment.number, stated_at=enrolment.stated_at)
    done = seen.filter(verified_at=None).update(verified_at=clock.now(), verified_by=by, verified_through="")
    if not done and not seen.exists():
        raise changed(enrolment)


def changed(enrolment: Enrolment) -> Conflict:
    """The refusal of what was read before it changed."""
    return Conflict(_("%(enrolment)s: this has changed since you read it. Look it up again.") % {"enrolment": enrolment}, code="changed")


def written(enrolment: Enrolment) -> None:
    """Write what an administrator typed for a lawyer: it is not verified by that."""
    enrolment.stated_at, enrolment.verified_at, enrolment.verified_by, enrolment.verified_through = clock.now(), None, None, ""
    enrolment.save()


def withdraw(enrolment: Enrolment) -> None:
    """It is not so any more, or never was."""
    Enrolment.objects.filter(pk=enrolment.pk).update(verified_at=None, verified_by=None, verified_through="")


def renamed(user: User, request: HttpRequest | None = None) -> None:
    """What was verified is not of this name: it counts as stated anew, to be looked up again; who was verified is told."""
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        mine = Enrolment.objects.filter(user=user)
        if mine.verified().exists():
            notices.owe(user, Occasion.ENROLMENT_TO_VERIFY, request)
        mine.update(stated_at=clock.now(), verified_at=None, verified_by=None, verified_through="")


def claimed(user: User, bar: str, number: str, *, through: str) -> None:
    """Take what an identity provider claims of a lawyer; what was verified otherwise and differs is left for a person to settle.

    `through` is the provider's name in the settings, which stays where the one that people read changes.
    """
    if not bar or not number or not is_lawyer(user):
        return
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        known = Enrolment.objects.filter(user=user).first()
        if known and known.is_verified and known.verified_through != through:
            return
        if known and known.is_verified and (known.bar, known.number) == (bar, number):
            return
        _written(user, bar, number, through)


def is_kept_from_binding(user_id: UUID | None) -> bool:
    """Whether the installation asks for verified lawyers (`LAWYERS_VERIFIED`), and this one is not."""
    return settings.LAWYERS_VERIFIED and not Enrolment.objects.verified().filter(user=user_id).exists()


def refuse_unverified(user_id: UUID | None) -> None:
    """Refuse a lawyer whose enrolment nobody verified, where the installation asks for it. Raises NotAllowed."""
    if is_kept_from_binding(user_id):
        raise NotAllowed(
            _("Your enrolment at the bar has not been verified yet: you can prepare everything, but neither sign nor file."),
            code="lawyer-unverified",
            mend=_("State your bar and your number there in your account, then ask the administrator of the platform to verify them."),
        )


def _written(user: User, bar: str, number: str, through: str = "") -> Enrolment:
    now = clock.now()
    row, _new = Enrolment.objects.update_or_create(
        user=user,
        defaults={
            "bar": bar,
            "number": number,
            "stated_at": now,
            "verified_at": now if through else None,
            "verified_by": None,
            "verified_through": through,
        },
    )
    return row

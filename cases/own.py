"""A signer's own certificate, at the service that the operator configured: whether it is theirs, and can sign what waits for them."""

from collections.abc import Mapping
from typing import Any

from cryptography.x509.oid import NameOID
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Text
from backend.people.actor import Actor
from backend.people.federation.identity import differences
from backend.people.models import User
from cases.models import Case
from signatures import remote
from signatures.remote import Own


def offered() -> str:
    """What people call the service; empty where the operator configured none, and the offer is then made nowhere."""
    return remote.service()


def of_json(said: Mapping[str, Any]) -> Own:
    return Own.of_json(said)


def unusable(actor: Actor, case: Case, own: Own, count: int) -> Text | None:
    """Why this person cannot sign `count` documents of the case with this certificate, in words; None where they can."""
    if not own.valid(clock.machine()):
        return _("It has expired, or is not valid yet.")
    if not own.signs:
        return _("It was not made to sign documents.")
    if not own.trusted:
        return _("Nobody trusted here vouches for it.")
    if own.many < count:
        return _("It signs fewer documents at a time than wait for you: %(many)d of %(count)d.") % {"many": own.many, "count": count}
    return _of_somebody_else(actor, case, own)


def _of_somebody_else(actor: Actor, case: Case, own: Own) -> Text | None:
    """One signs with a certificate in one's own name: as the case has it of a spouse, as the account has it of anybody else."""
    told = {"given_name": own.named(NameOID.GIVEN_NAME), "family_name": own.named(NameOID.SURNAME)}
    first_names, last_names = _names(actor, case)
    if not all(told.values()) or not first_names or not any(last_names):
        return _("It does not say the first and last names of its owner.")
    found = list(differences(told, first_names=first_names, last_names=last_names))
    if not found:
        return None
    said = {"there": " ".join(told.values()), "here": f"{first_names} {next(filter(None, last_names))}"}
    return _("It is in the name of %(there)s, and here you are %(here)s: one signs with a certificate in one’s own name.") % said


def _names(actor: Actor, case: Case) -> tuple[str, tuple[str, ...]]:
    spouse = case.spouses.filter(user=actor.person).first()
    if spouse:
        return spouse.first_names, (spouse.birth_name, spouse.used_name)
    user = User.objects.get(pk=actor.person)
    return user.first_names, (user.last_name,)

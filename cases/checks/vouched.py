"""What identity providers say of the spouses who signed in by them, compared with what the case says. Warnings: a person looks and decides."""

from collections.abc import Iterator, Mapping

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backend.errors import Finding
from backend.people.actor import Actor
from backend.people.federation import linked
from backend.people.federation.identity import Difference, differences
from cases import access
from cases.models import Case, Spouse

OF_USE = ("preferred_username", "usual_name")


def compared(actor: Actor, case: Case) -> list[Finding]:
    """How the case differs from what their identity providers say of the spouses on this person's own side: the others are told nothing of it."""
    sides = access.standing(actor, case).sides
    mine = [spouse for spouse in case.spouses.all() if spouse.user_id and spouse.side in sides]
    told = linked.told([spouse.user_id for spouse in mine])
    return [finding for spouse in mine for name, said in told.get(spouse.user_id, ()) for finding in _findings(spouse, name, said)]


def _findings(spouse: Spouse, provider: str, said: Mapping[str, str]) -> Iterator[Finding]:
    born_as = {name: value for name, value in said.items() if "family_name" not in said or name not in OF_USE}
    for difference in differences(
        born_as,
        first_names=spouse.first_names,
        last_names=(spouse.birth_name,),
        born=spouse.born.isoformat() if spouse.born else "",
        birthplace=spouse.birthplace,
    ):
        yield Finding(
            code="identity.vouched",
            severity="warning",
            about="identity",
            reason=_reason(spouse, provider, difference),
            mend=_("Look at the birth certificate. Mend the answer if it is wrong; if it is right, leave it."),
            law="practice",
            where=str(spouse.pk),
        )


def _reason(spouse: Spouse, provider: str, difference: Difference) -> str:
    said = {"who": spouse.short_name, "about": difference.title, "provider": provider}
    said |= {"here": _shown(difference.here), "there": _shown(difference.there)}
    return _("%(who)s, %(about)s: the case says “%(here)s”, and %(provider)s “%(there)s”.") % said


def _shown(value: str) -> str:
    """A date as people write it; anything else as it is."""
    try:
        day = parse_date(value)
    except ValueError:
        return value
    return date_format(day) if day else value

"""Who must sign, and in what capacity (CPC 1090, 1091)."""

from django.utils.translation import gettext as _

from backend.errors import Invalid
from cases.models import Case
from signatures.ceremony import SignerSpec


def signers_of(case: Case) -> list[SignerSpec]:
    """Each spouse, then each lawyer. Raises Invalid while one of them has not joined the case."""
    spouses = list(case.spouses.all())
    counsels = [counsel for counsel in case.counsels.filter(until=None) if counsel.sides]
    absent = [person for person in [*spouses, *counsels] if person.user_id is None]
    if absent:
        names = ", ".join(str(person) for person in absent)
        raise Invalid(_("Invite first, and wait for the answer of: %(names)s.") % {"names": names})
    return [
        *(SignerSpec(spouse.user_id, spouse.full_name, "Époux") for spouse in spouses),
        *(SignerSpec(counsel.user_id, counsel.name, _capacity(counsel.sides, spouses)) for counsel in counsels),
    ]


def _capacity(sides: list[int], spouses: list) -> str:  # type: ignore[type-arg]
    names = " et ".join(spouse.short_name for spouse in spouses if spouse.side in sides)
    return f"Avocat de {names}"

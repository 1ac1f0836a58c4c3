"""Who must sign, and in what capacity (CPC 1090, 1091)."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from backend.errors import Invalid
from cases import elision
from cases.models import Case, Counsel, Spouse
from signatures.ceremony import SignerSpec

SPOUSE: Mapping[str, str] = {"Madame": "Épouse", "Monsieur": "Époux"}  # by the title they gave; the words of the signed text are French
UNTITLED = "L'un des époux"  # said of either by the civil code, whatever they wish to be called


def signers_of(case: Case) -> list[SignerSpec]:
    """Each spouse, then each lawyer. Raises Invalid while one of them has not joined the case."""
    spouses = list(case.spouses.all())
    counsels = [counsel for counsel in case.counsels.filter(until=None) if counsel.sides]
    people: list[Spouse | Counsel] = [*spouses, *counsels]
    absent = [person for person in people if person.user_id is None]
    if absent:
        names = ", ".join(str(person) for person in absent)
        raise Invalid(_("Invite first, and wait for the answer of: %(names)s.") % {"names": names})
    return [
        *(SignerSpec(_account(spouse), spouse.full_name, SPOUSE.get(spouse.title, UNTITLED), attested=True) for spouse in spouses),
        *(SignerSpec(_account(counsel), counsel.name, _capacity(counsel.sides, spouses)) for counsel in counsels),
    ]


def _account(person: Spouse | Counsel) -> UUID:
    assert person.user_id is not None  # noqa: S101 - who is absent was told above
    return person.user_id


def _capacity(sides: list[int], spouses: list[Spouse]) -> str:
    return f"Avocat {elision.of_all(spouse.short_name for spouse in spouses if spouse.side in sides)}"

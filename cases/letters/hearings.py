"""Around the hearing: the summons of each spouse, the notice to their lawyer, the child's hearing, the hearing list."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import AwareDatetime

from cases.letters.base import Letter
from cases.letters.parts import Addressee, Hearing, Part


class Summons(Letter):
    """The summons of one spouse, by simple letter sent at least fifteen days before (CPC 1092; CC 250)."""

    template: ClassVar[str] = "summons.typ"
    file_name: ClassVar[str] = "convocation.pdf"

    to: Addressee
    dated: date
    rg_number: str
    case: str
    hearing: Hearing
    lawyer: str
    bring: tuple[str, ...] = ("une pièce d'identité", "cette convocation")
    new_agreement: bool = False


class LawyerNotice(Letter):
    """The notice of the hearing given to the lawyer (CPC 1092)."""

    template: ClassVar[str] = "lawyer-notice.typ"
    file_name: ClassVar[str] = "avis-d-audience.pdf"

    to: Addressee
    dated: date
    rg_number: str
    case: str
    hearing: Hearing
    clients: tuple[str, ...]
    new_agreement: bool = False


class ChildHearing(Letter):
    """What the judge decided of a child's request to be heard (CC 388-1; CPC 338-1 to 338-12).

    Refused only for lack of discernment, without recourse (CPC 338-4, 338-5). `to_child` writes to the child, in plain words.
    """

    template: ClassVar[str] = "child-hearing.typ"
    file_name: ClassVar[str] = "audition-de-l-enfant.pdf"

    to: Addressee
    to_child: bool = False
    dated: date
    rg_number: str
    case: str
    child: str
    asked_on: date
    decision: Literal["to-hear", "refused"]
    judge: str
    reason: str = ""
    hearing: Hearing | None = None


class Listed(Part):
    """One case of a hearing list."""

    at: AwareDatetime
    rg_number: str
    case: str
    lawyers: tuple[str, ...]
    note: str = ""


class HearingList(Letter):
    """The hearing list of a chamber for one day (rôle d'audience)."""

    template: ClassVar[str] = "hearing-list.typ"
    file_name: ClassVar[str] = "role-d-audience.pdf"

    day: date
    room: str = ""
    judge: str
    clerk: str = ""
    cases: tuple[Listed, ...]

"""The joint petition and the list of exhibits: what the spouses and their lawyers bring to the court."""

from datetime import date
from hashlib import sha256
from typing import Any, ClassVar, Literal

from cases.letters.base import Letter
from cases.letters.parts import Child, Lawyer, Marriage, Paper, Spouse, with_counsel


class JointPetition(Letter):
    """The single petition of both spouses, without grounds (CPC 54, 57, 60, 1075, 1089 to 1091).

    Its last page holds the heading "Signatures" and is otherwise left free for them.
    """

    template: ClassVar[str] = "joint-petition.typ"
    file_name: ClassVar[str] = "requete-conjointe.pdf"

    dated: date
    spouses: tuple[Spouse, Spouse]
    lawyers: tuple[Lawyer, ...]
    marriage: Marriage | None
    children: tuple[Child, ...]
    residents: tuple[str, ...]
    annexes: tuple[Paper, ...]
    exhibits: tuple[Paper, ...] = ()
    liquidation: Literal["private", "notarial", "none"] = "private"
    contribution: str = ""
    costs: str = ""

    def values(self) -> dict[str, Any]:
        return with_counsel(super().values(), self.spouses, self.lawyers)

    @property
    def said(self) -> str:
        """The digest of what it says, whatever the day it is drawn up on and the code it bears."""
        unprinted = {"__all__": {"pages", "sha256"}}
        printed = self.model_dump_json(exclude={"reference": True, "dated": True, "annexes": unprinted, "exhibits": unprinted})
        return sha256(printed.encode()).hexdigest()


class ExhibitList(Letter):
    """The list of exhibits one side communicates, numbered as they are stamped (CPC 132)."""

    template: ClassVar[str] = "exhibit-list.typ"
    file_name: ClassVar[str] = "bordereau-de-pieces.pdf"

    dated: date
    case: str
    rg_number: str = ""
    communicated_by: Lawyer
    communicated_for: tuple[str, ...]
    communicated_to: tuple[str, ...]
    exhibits: tuple[Paper, ...]

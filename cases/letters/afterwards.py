"""After the decision: its service, the certificate that no recourse was made, the extract for the civil-status records."""

from datetime import date
from typing import ClassVar, Literal

from cases.letters.base import Letter
from cases.letters.parts import Addressee, Marriage, Recourse, Spouse


class Notification(Letter):
    """The registered letter that serves a decision and says, very plainly, the recourse open (CPC 675, 680)."""

    template: ClassVar[str] = "notification.typ"
    file_name: ClassVar[str] = "notification.pdf"

    to: Addressee
    dated: date
    rg_number: str
    case: str
    decision: Literal["judgment", "adjournment", "lapse"]
    decided_on: date
    recourse: Recourse
    clerk: str = ""
    enclosed: tuple[str, ...] = ()


class NoRecourse(Letter):
    """The clerk's certificate that no recourse was made in time (CPC 505, 506)."""

    template: ClassVar[str] = "no-recourse.typ"
    file_name: ClassVar[str] = "certificat-de-non-recours.pdf"

    rg_number: str
    case: str
    decision: Literal["judgment", "adjournment", "lapse"]
    decided_on: date
    recourse: Recourse
    certified_on: date
    clerk: str


class CivilStatusExtract(Letter):
    """The extract that town halls need: the operative part only, and no address (CPC 1082; CC 262)."""

    template: ClassVar[str] = "civil-status-extract.typ"
    file_name: ClassVar[str] = "extrait-pour-l-etat-civil.pdf"

    rg_number: str
    minute: str = ""
    spouses: tuple[Spouse, Spouse]
    marriage: Marriage
    decided_on: date
    final_since: date
    operative: tuple[str, ...]
    issued_on: date
    clerk: str

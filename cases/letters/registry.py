"""What the registry answers to a filing: the receipt, the question, the return for correction, the acceptance, the withdrawal."""

from datetime import date
from typing import ClassVar

from pydantic import AwareDatetime

from cases.letters.base import Letter
from cases.letters.parts import Addressee, Paper, Reason


class FilingReceipt(Letter):
    """The electronic acknowledgement of a filing: who, when to the second, what, with its digests (CPC 748-3).

    `ministerial_order` names the order that covers the exchange (CPC 748-6); empty, the receipt says that none does.
    """

    template: ClassVar[str] = "filing-receipt.typ"
    file_name: ClassVar[str] = "accuse-de-depot.pdf"

    case: str
    number: str
    filed_at: AwareDatetime
    filed_by: str
    filed_for: tuple[str, ...]
    papers: tuple[Paper, ...]
    ministerial_order: str = ""


class Notice(Letter):
    """A letter of the registry about a filing."""

    to: Addressee
    dated: date
    case: str
    clerk: str = ""


class ReturnNotice(Notice):
    """A faulty filing comes back with its reasons and the way to mend each; it loses nothing."""

    template: ClassVar[str] = "return-notice.typ"
    file_name: ClassVar[str] = "renvoi-pour-regularisation.pdf"

    filed_at: AwareDatetime
    reasons: tuple[Reason, ...]
    answer_by: date | None = None
    comment: str = ""


class QuestionNotice(Notice):
    """A question of the registry: the filing stays where it is."""

    template: ClassVar[str] = "question-notice.typ"
    file_name: ClassVar[str] = "demande-de-precision.pdf"

    filed_at: AwareDatetime
    question: str
    asked: tuple[str, ...]
    answer_by: date


class AcceptanceNotice(Notice):
    """The filing is accepted and has its register number (numéro RG)."""

    template: ClassVar[str] = "acceptance-notice.typ"
    file_name: ClassVar[str] = "avis-d-enrolement.pdf"

    filed_at: AwareDatetime
    rg_number: str
    accepted_on: date


class WithdrawalNotice(Notice):
    """A spouse has withdrawn: the consent that must last until the judgment is no more (CC 232)."""

    template: ClassVar[str] = "withdrawal-notice.typ"
    file_name: ClassVar[str] = "avis-de-retrait.pdf"

    rg_number: str = ""
    withdrawn_by: str
    withdrawn_at: AwareDatetime

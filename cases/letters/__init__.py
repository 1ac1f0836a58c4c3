"""Every document the platform makes for a joint petition: `make(letter)` gives its PDF."""

from cases.letters.afterwards import CivilStatusExtract, NoRecourse, Notification
from cases.letters.base import Letter, make
from cases.letters.decisions import Adjournment, Decision, Judgment, Lapse, default_text
from cases.letters.hearings import ChildHearing, HearingList, LawyerNotice, Listed, Summons
from cases.letters.parts import (
    Addressee,
    Body,
    Child,
    Hearing,
    Lawyer,
    Marriage,
    Paper,
    Reason,
    Recourse,
    Reference,
    Seat,
    Spouse,
)
from cases.letters.petition import ExhibitList, JointPetition
from cases.letters.registry import AcceptanceNotice, FilingReceipt, QuestionNotice, ReturnNotice, WithdrawalNotice
from cases.letters.signatures import SignatureLine, SignatureReport, SignatureTold

__all__ = [
    "AcceptanceNotice",
    "Addressee",
    "Adjournment",
    "Body",
    "Child",
    "ChildHearing",
    "CivilStatusExtract",
    "Decision",
    "ExhibitList",
    "FilingReceipt",
    "Hearing",
    "HearingList",
    "JointPetition",
    "Judgment",
    "Lapse",
    "Lawyer",
    "LawyerNotice",
    "Letter",
    "Listed",
    "Marriage",
    "NoRecourse",
    "Notification",
    "Paper",
    "QuestionNotice",
    "Reason",
    "Recourse",
    "Reference",
    "ReturnNotice",
    "Seat",
    "SignatureLine",
    "SignatureReport",
    "SignatureTold",
    "Spouse",
    "Summons",
    "WithdrawalNotice",
    "default_text",
    "make",
]

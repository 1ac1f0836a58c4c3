"""What a case is made of: one file per notion, each with its queryset."""

from cases.models.answer import Answer
from cases.models.book import Book, ReadingBook
from cases.models.bundle import Bundle
from cases.models.case import Case
from cases.models.decision import Decision, Recourse
from cases.models.exhibit import Exhibit
from cases.models.filing import Filing, Question
from cases.models.hearing import ChildHearing, Hearing, HearingList, Summons
from cases.models.hold import Hold
from cases.models.instrument import Instrument
from cases.models.invitation import Invitation
from cases.models.message import Message
from cases.models.people import Child, Counsel, Spouse
from cases.models.photograph import Photograph
from cases.models.rg_number import RgCounter

__all__ = [
    "Answer",
    "Book",
    "Bundle",
    "Case",
    "Child",
    "ChildHearing",
    "Counsel",
    "Decision",
    "Exhibit",
    "Filing",
    "Hearing",
    "HearingList",
    "Hold",
    "Instrument",
    "Invitation",
    "Message",
    "Photograph",
    "Question",
    "ReadingBook",
    "Recourse",
    "RgCounter",
    "Spouse",
    "Summons",
]

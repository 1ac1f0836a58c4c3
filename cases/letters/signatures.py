"""The report on the signatures of a file, to be handed on."""

from typing import ClassVar

from pydantic import AwareDatetime

from cases.letters.base import Letter
from cases.letters.parts import Part


class SignatureLine(Part):
    """One thing that is known of a signature."""

    label: str
    text: str


class SignatureTold(Part):
    """One signature: what it is worth, why not, what is known."""

    title: str
    worth: str
    problems: tuple[str, ...]
    lines: tuple[SignatureLine, ...]


class SignatureReport(Letter):
    """What the electronic signatures of a file are worth, at a moment."""

    template: ClassVar[str] = "signature-report.typ"
    file_name: ClassVar[str] = "rapport-de-validation.pdf"

    name: str
    sha256: str
    size: int
    checked_at: AwareDatetime
    meaning: str
    advice: str
    made_here: str = ""
    in_a_case: bool = False  # then it is kept there; else nothing of it is
    signatures: tuple[SignatureTold, ...]

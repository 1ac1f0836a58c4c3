"""What every letter shares, and the one function that turns a letter into an archival, accessible PDF."""

from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

import segno

from cases.letters.parts import Part, Reference, Seat, plain
from documents.typeset import typeset

TEMPLATES = Path(__file__).parent / "templates"


class Letter(Part):
    """A document the platform makes. It holds only what its reader may see; French, as acts of justice are."""

    template: ClassVar[str]
    file_name: ClassVar[str]

    reference: Reference
    court: Seat

    def values(self) -> dict[str, Any]:
        """What the template reads."""
        return plain(self.model_dump(), self.court.zone)


def make(letter: Letter) -> bytes:
    """The letter as a PDF: PDF/A-3a for archives, PDF/UA-1 for screen readers, with a QR code to find it again."""
    return typeset(TEMPLATES / letter.template, {**letter.values(), "qr": qr_code(letter.reference.url)})


def qr_code(url: str) -> str:
    """The address as an SVG picture of a QR code."""
    picture = BytesIO()
    segno.make(url, error="m").save(picture, kind="svg", border=0, xmldecl=False, dark="#1b1b35")
    return picture.getvalue().decode()

"""The front pages of a bundle: what it is a copy of, what it holds and from which page; and the first page of each part it is cut into."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from pydantic import AwareDatetime

from cases.letters.base import TEMPLATES, Letter, qr_code
from cases.letters.parts import Part
from documents.typeset import typeset

ARCHIVAL, ORDINARY = "a-3b", "1.7"


class Entry(Part):
    """A document of the bundle; `sha256` is its original's."""

    title: str
    sha256: str
    pages: int
    first: int
    signed: bool = False


class Heading(Part):
    """Documents under one heading."""

    title: str
    entries: tuple[Entry, ...]


class Missing(Part):
    """What is named and is not in the bundle, and why."""

    title: str
    why: str


class Cover(Letter):
    """`unfit` names the documents because of which the bundle is not PDF/A; `converted` counts those converted for it to be."""

    template: ClassVar[str] = "bundle.typ"
    file_name: ClassVar[str] = "dossier.pdf"

    title: str
    case: str
    rg_number: str = ""
    at: AwareDatetime
    until: date
    headings: tuple[Heading, ...]
    missing: tuple[Missing, ...] = ()
    converted: int = 0
    unfit: tuple[str, ...] = ()
    pages: int


class PartCover(Letter):
    """The first page of one part of several."""

    template: ClassVar[str] = "bundle-part.typ"
    file_name: ClassVar[str] = "partie.pdf"

    title: str
    case: str
    rg_number: str = ""
    number: int
    count: int
    first: int
    last: int
    pages: int


def front(letter: Cover | PartCover, *, archival: bool) -> bytes:
    """The front pages. They decide what the whole claims to be: PDF/A-3b, or an ordinary PDF."""
    standard: str | Sequence[str] = ARCHIVAL if archival else ORDINARY
    return typeset(TEMPLATES / letter.template, {**letter.values(), "qr": qr_code(letter.reference.url)}, standard=standard)

"""A piece of a bundle, to read here: of which document each of its pages is, where its text is, and the words found in it.

The text of a page is that of the document it was bound from, which was read, by eye too, when that one came: nothing is read twice.
"""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from backend.errors import NotNow
from backend.people.actor import Actor
from cases import access, bundles, papers
from cases.models import Bundle, Case
from cases.papers import Hit, Paper
from documents import finding, reading
from documents.models import State, Version
from documents.reading import Layout, Page

SECONDS = 8.0  # of reading, for whoever waits, what nobody has read: it is kept, and the next asking goes on from there


@dataclass(frozen=True)
class Stretch:
    """Consecutive pages of a piece, from `first` to `last`: those of one document, of which `start` is the first here; or a cover's, of none."""

    first: int
    last: int
    part: dict[str, Any] | None = None
    start: int = 1

    @property
    def pages(self) -> range:
        return range(self.first, self.last + 1)

    def place(self, number: int) -> int:
        """Which page of its document a page of the piece is."""
        return number - self.first + self.start


@dataclass(frozen=True)
class Piece:
    """One PDF of a bundle; its pages are numbered from 1, whatever they are of the whole."""

    bundle: Bundle
    number: int
    version: Version

    @property
    def count(self) -> int:
        return self.version.pages or 0

    @cached_property
    def stretches(self) -> list[Stretch]:
        """All its pages, in order, by the document they are of."""
        told = self.bundle.pieces[self.number - 1]
        covers = self.count - (told["last"] - told["first"] + 1)  # a cut has a first page of its own
        shift = covers + 1 - told["first"]
        found = [Stretch(1, covers)] if covers else []
        ahead = self.bundle.pages - sum(part["pages"] for part in self.bundle.plan)
        page = 1
        for part in ({"pages": ahead}, *self.bundle.plan):
            first, last = max(page, told["first"]), min(page + part["pages"] - 1, told["last"])
            if first <= last:
                found.append(Stretch(first + shift, last + shift, part if "version" in part else None, first - page + 1))
            page += part["pages"]
        return found

    @cached_property
    def sources(self) -> dict[str, Version]:
        """By the version bound, the one whose text it shows: of a stamped copy, what was stamped."""
        bound = Version.objects.select_related("document", "based_on__document").in_bulk(
            [UUID(part["version"]) for part in self.bundle.plan]
        )
        digests = {part["version"]: part["sha256"] for part in self.bundle.plan}
        return {str(key): _original(version, digests[str(key)]) for key, version in bound.items()}

    def stretch(self, number: int) -> Stretch | None:
        return next((one for one in self.stretches if number in one.pages), None)

    def papers(self, numbers: Collection[int]) -> list[Paper]:
        """The exhibits and instruments that these pages are of."""
        return papers.bound(self.bundle, [one.part for one in self.stretches if one.part and any(page in one.pages for page in numbers)])


def piece(actor: Actor, case: Case, bundle: UUID | str, number: int) -> Piece:
    """A piece of a bundle this person may take away, numbered from 1. Raises NotFound where there is none, or no more."""
    found = access.bundle(actor, case, bundle)
    return Piece(found, number, bundles.piece(found, number))


def layout(piece: Piece, number: int) -> Layout | None:
    """Where the text of a page is seen; None where there is no such page or it cannot be read."""
    stretch = piece.stretch(number)
    source = piece.sources.get(stretch.part["version"]) if stretch and stretch.part else None
    found = reading.layout(source, stretch.place(number)) if stretch and source else None
    return found or reading.layout(piece.version, number)


def find(piece: Piece, words: str) -> list[Hit]:
    """The pages that have these words, in order. Raises NotNow while what is not read yet takes longer than one waits for an answer."""
    return finding.among(_read(piece), words)


def _read(piece: Piece) -> Iterator[Page]:
    ends = time.monotonic() + SECONDS
    for stretch in piece.stretches:
        source = piece.sources.get(stretch.part["version"]) if stretch.part else None
        if source and source.state == State.READY:
            if not reading.is_read(source):
                _see_that_there_is_time(ends)
            yield from _as_it_came(source, stretch)
            continue
        for number in stretch.pages:  # a cover, or what is gone since it was bound: as it is seen in the copy itself
            _see_that_there_is_time(ends)
            seen = reading.layout(piece.version, number)
            yield Page(number, "\n".join(run.text for run in seen.runs) if seen else "")


def _as_it_came(source: Version, stretch: Stretch) -> Iterator[Page]:
    """The pages of a document that are in a stretch, each with its number in the piece."""
    there = range(stretch.place(stretch.first), stretch.place(stretch.last) + 1)
    for page in reading.whole(source):
        if page.number in there:
            yield replace(page, number=page.number - stretch.start + stretch.first)


def _see_that_there_is_time(ends: float) -> None:
    if time.monotonic() > ends:
        raise NotNow(_("This copy is long: its text is still being read. Try again in a moment."))


def _original(version: Version, digest: str) -> Version:
    before = version.based_on
    return before if before and version.sha256 != digest and before.sha256 == digest else version

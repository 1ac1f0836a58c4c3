"""A document of a case as one reader gets it, and whether its opening is to be noted for those who brought it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from backend import clock
from backend.errors import NotFound, NotNow
from backend.people.actor import Actor
from backend.register.models import Entry
from cases import access
from cases.models import Bundle, Case, Exhibit, Instrument
from documents import finding
from documents.finding import Hit
from documents.models import Document, State, Version
from signatures import gathering

Thing = TypeVar("Thing", bound=Exhibit | Instrument, covariant=True)

__all__ = ["Hit", "Paper", "bound", "exhibit", "find", "instrument", "readable", "scan", "unnoted"]


@dataclass(frozen=True)
class Paper(Generic[Thing]):
    """An exhibit or an instrument, and the version of it that its reader gets."""

    thing: Thing
    version: Version

    @property
    def depositor(self) -> UUID | None:
        """Who brought it; nobody where the platform made it."""
        if isinstance(self.thing, Exhibit):
            return self.thing.added_by_id
        if self.version.document_id == self.thing.scan_id and self.thing.scan:
            return self.thing.scan.created_by
        return self.thing.document.created_by if self.thing.document else None

    @property
    def digests(self) -> dict[str, str]:
        return {str(self.thing.pk): self.version.sha256}


def exhibit(actor: Actor, case: Case, key: UUID | str, *, stamped: bool = False) -> Paper[Exhibit]:
    """An exhibit as this person gets it, or its stamped copy. Raises NotFound, NotNow."""
    found = access.exhibit(actor, case, key)
    return Paper(found, readable(found.stamped if stamped else access.file_of(access.standing(actor, case), found)))


def instrument(actor: Actor, case: Case, key: UUID | str) -> Paper[Instrument]:
    """An instrument this person may see, as it was frozen where it awaits their signature. Raises NotFound, NotNow."""
    found = access.instrument(actor, case, key)
    newest = readable(found.document)
    return Paper(found, gathering.frozen_for(found.session, actor.user_id) or newest)


def scan(actor: Actor, case: Case, key: UUID | str) -> Paper[Instrument]:
    """The scan of an instrument signed on paper, until it is confirmed. Raises NotFound, NotNow."""
    found = access.instrument(actor, case, key)
    return Paper(found, readable(found.scan))


def bound(bundle: Bundle, parts: Sequence[Mapping[str, Any]] | None = None) -> list[Paper]:
    """The exhibits and instruments that a bundle, or these parts of its plan, are a copy of, each with the version bound."""
    versions = Version.objects.in_bulk([UUID(part["version"]) for part in (bundle.plan if parts is None else parts)])
    by_document = {version.document_id: version for version in versions.values()}
    any_file = Q(document__in=by_document) | Q(stamped__in=by_document) | Q(marked__in=by_document)
    held: list[tuple[Exhibit | Instrument, tuple[UUID | None, ...]]] = [
        *((one, (one.document_id, one.stamped_id, one.marked_id)) for one in bundle.case.exhibits.filter(any_file)),
        *((one, (one.document_id,)) for one in bundle.case.instruments.filter(document__in=by_document).select_related("document")),
    ]
    return [Paper(thing, by_document[key]) for thing, keys in held for key in keys if key in by_document]


def find(paper: Paper, words: str) -> list[Hit]:
    """The pages that have these words, in order. Raises NotNow while the document is still being read."""
    return finding.find(paper.version, words)


def readable(document: Document | None) -> Version:
    """The newest version of a document, once its check is over. Raises NotFound, NotNow."""
    if document is None or document.head is None or document.erased:
        raise NotFound
    if document.head.state != State.READY:
        raise NotNow
    return document.head


def unnoted(actor: Actor, case: Case, papers: Iterable[Paper], kind: str) -> list[Paper]:
    """Those that somebody is to be told of, and that were not noted yet for this person today (at the court), in this version."""
    told = [paper for paper in papers if access.concerned(paper.thing) and paper.depositor != actor.user_id]
    if not told or actor.is_platform:
        return []
    noted = _noted_today(actor, case, told, kind)
    return [paper for paper in told if paper.digests not in noted]


def _noted_today(actor: Actor, case: Case, papers: Sequence[Paper], kind: str) -> list[dict[str, str]]:
    begun = datetime.combine(clock.today(case.zone), time(), ZoneInfo(case.zone))
    about = [paper.thing.pk for paper in papers]
    entries = Entry.objects.filter(chain__reading_book__case=case, about_id__in=about, actor_id=actor.user_id, kind=kind, at__gte=begun)
    return list(entries.values_list("digests", flat=True).order_by("seq"))

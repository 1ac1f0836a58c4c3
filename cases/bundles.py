"""What a bundle is made of for one reader: each document in order under its heading, and what cannot be in it yet."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from backend.errors import Finding, Invalid, NotFound
from backend.people.actor import Actor
from cases import access, elision, titles
from cases.models import Bundle, Case, Exhibit, Filing, Instrument
from cases.writing.petition import LABELS
from documents.models import State, Version

NAMES = {Bundle.What.CASE: "dossier", Bundle.What.FILING: "depot", Bundle.What.EXHIBIT: "piece"}
ACTS = ("petition", "agreement")
SMALLEST, LARGEST = 1_000_000, 2_000_000_000  # bytes of a piece
STATES = {State.RECEIVED: "checking", State.CHECKING: "checking", State.REFUSED: "refused"}


@dataclass(frozen=True)
class Planned:
    """One document of a bundle: the version bound, and the digest of the original it is a copy of."""

    group: str
    title: str
    version: str
    sha256: str
    pages: int
    size: int
    signed: bool = False


@dataclass(frozen=True)
class Absent:
    """What is named and cannot be in it: to follow, being made, being checked, refused."""

    title: str
    why: str


@dataclass
class Plan:
    """What goes into a bundle."""

    parts: list[Planned] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)

    def fingerprint(self, case: Case, what: str, about: UUID | None) -> str:
        """Of all that shows in the bundle: two with the same are the same."""
        shown = [what, str(about), case.title, case.rg_number, str(case.court_id), *map(asdict, self.parts), *map(asdict, self.absent)]
        return sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()


def name_of_piece(bundle: Bundle, number: int) -> str:
    """The file's name: what it is, and which part of how many."""
    stem = NAMES[Bundle.What(bundle.what)]
    return f"{stem}.pdf" if len(bundle.pieces) == 1 else f"{stem}-partie-{number}-sur-{len(bundle.pieces)}.pdf"


def piece(bundle: Bundle, number: int) -> Version:
    """One of its PDFs, numbered from 1. Raises NotFound where there is none to read."""
    known = bundle.pieces if bundle.state == Bundle.State.READY else []
    wanted = [each["version"] for place, each in enumerate(known, 1) if place == number]
    found = Version.objects.ready().select_related("document").filter(pk__in=wanted).first()
    if found is None:
        raise NotFound
    return found


def progress(bundle: Bundle) -> dict[str, Any]:
    """How far it is, for who waits; `words` only once there is something to say aloud."""
    words = {Bundle.State.READY: _("The copy is ready."), Bundle.State.FAILED: _("The copy could not be made.")}
    said = {"state": bundle.state, "percent": bundle.percent, "doing": str(bundle.get_doing_display())}
    return {"bundle": str(bundle.pk), **said, "words": words.get(Bundle.State(bundle.state), "")}


def problem(bundle: Bundle) -> Finding | None:
    """Why a bundle could not be made, and what to do, in the reader's language."""
    if bundle.state != Bundle.State.FAILED:
        return None
    if bundle.problem.get("code") == "given-up":
        reason = _("Something went wrong on the platform while the copy was being made.")
        return Finding(
            "given-up", "blocker", "bundle", reason, _("Ask for it again. If it fails once more, download the documents one by one.")
        )
    if bundle.problem.get("code") != "page-too-large":
        return Finding("unreadable", "blocker", "bundle", _("The documents could not be put together."), _("Download them one by one."))
    heaviest = max(bundle.problem["pages"], key=lambda page: page["size"])
    told = {
        "page": heaviest["page"],
        "size": _mega(heaviest["size"]),
        "limit": _mega(bundle.limit),
        "title": _at_page(bundle, heaviest["page"]),
    }
    reason = _("Page %(page)s (%(title)s) alone weighs %(size)s MB: more than the %(limit)s MB asked.") % told
    return Finding("page-too-large", "blocker", "bundle", reason, _("Ask for parts of at least %(size)s MB.") % told)


def _mega(size: int) -> int:
    return -(-size // 1_000_000)


def _at_page(bundle: Bundle, page: int) -> str:
    """The title of the document that a page of the whole belongs to."""
    whole = bundle.whole or bundle
    place = page - (whole.pages - sum(part["pages"] for part in whole.plan))
    for part in whole.plan:
        if place <= part["pages"]:
            return str(part["title"])
        place -= part["pages"]
    return ""


def plan(actor: Actor, case: Case, what: str, about: UUID | None) -> Plan:
    """What this person may see of what is asked, in French as the acts are. Raises NotFound, Invalid where there is nothing to bind."""
    made = Plan()
    with translation.override("fr"):
        for one in PLANS[Bundle.What(what)](actor, case, about):
            (made.parts if isinstance(one, Planned) else made.absent).append(one)  # type: ignore[arg-type]
    if not made.parts:
        raise Invalid(_("There is no document to put together yet."), field="what")
    return made


def _whole_file(actor: Actor, case: Case, about: UUID | None) -> Iterator[Planned | Absent]:
    instruments = list(access.instruments(actor, case).current())
    yield from _instruments(instruments, ACTS, "Actes")
    yield from _exhibits(actor, case, access.exhibits(actor, case))
    others = [one.kind for one in instruments if one.kind not in ACTS]
    yield from _instruments(instruments, others, "Greffe, audience et décisions")


def _filing(actor: Actor, case: Case, about: UUID | None) -> Iterator[Planned | Absent]:
    """Exactly what was handed in, in the versions that were."""
    filing: Filing | None = case.filings.filter(pk=about).first()
    if filing is None:
        raise NotFound
    seen = access.instruments(actor, case).filter(filings=filing)
    for instrument in sorted(seen, key=lambda one: (one.kind != "petition", one.pk)):
        filed = Version.objects.filter(document=instrument.document_id, sha256=filing.digests.get(str(instrument.pk), "")).first()
        yield _planned("Actes", str(titles.instrument_title(instrument)), filed, signed=instrument.signed_at is not None)
    yield from _exhibits(actor, case, access.exhibits(actor, case).filter(filings=filing))


def _exhibit(actor: Actor, case: Case, about: UUID | None) -> Iterator[Planned | Absent]:
    return _exhibits(actor, case, [access.exhibit(actor, case, about or "")])


PLANS = {Bundle.What.CASE: _whole_file, Bundle.What.FILING: _filing, Bundle.What.EXHIBIT: _exhibit}


def _instruments(instruments: Iterable[Instrument], kinds: Iterable[str], group: str) -> Iterator[Planned | Absent]:
    wanted = list(dict.fromkeys(kinds))
    for instrument in sorted((one for one in instruments if one.kind in wanted), key=lambda one: (one.at, one.pk)):
        head = instrument.document.head if instrument.document else None
        title = str(titles.instrument_title(instrument))
        yield _planned(group, title, head, why="making", signed=instrument.signed_at is not None)


def _exhibits(actor: Actor, case: Case, exhibits: Iterable[Exhibit]) -> Iterator[Planned | Absent]:
    mine = access.standing(actor, case)
    names = {spouse.side: spouse.short_name for spouse in case.spouses.all()}
    kinds = titles.exhibit_kinds(case.proceeding)
    for exhibit in exhibits:
        group = f"Pièces {elision.of(names[exhibit.side])}" if exhibit.side else "Pièces communes"
        number = f"{LABELS[exhibit.side].format(exhibit.number)} — " if exhibit.number else ""
        title = f"{number}{titles.exhibit_title(exhibit, kinds)}"
        file = access.file_of(mine, exhibit)
        head = file.head if file else None
        stamped = exhibit.stamped.head if exhibit.stamped else None
        yield _planned(group, title, head, copy=stamped, why="to-follow", signed=bool(head and head.signed))


def _planned(
    group: str, title: str, head: Version | None, *, copy: Version | None = None, why: str = "", signed: bool = False
) -> Planned | Absent:
    """The document as it is bound: its stamped copy where there is one; or why it cannot be."""
    if head is None:
        return Absent(title, why)
    if head.state != State.READY or not head.pages:
        return Absent(title, STATES.get(State(head.state), "unreadable"))
    bound = copy if copy and copy.state == State.READY and copy.pages else head
    return Planned(group, title, str(bound.pk), head.sha256, bound.pages or 0, bound.size, signed)

"""The text of a document, page by page: for whoever searches it, and for checks that compare. Read in the limited process; kept encrypted."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from backend.errors import NotFound, NotNow
from documents import beside, media, recognising, rows, sandbox, vault
from documents.models import State, Version
from documents.sandbox import Held, Limits
from documents.sandbox.served import Served

TEXT = "text"
HEAVY = Limits(cpu=60, wall=90.0)


@dataclass(frozen=True)
class Page:
    """What is written on a page; `by_eye` where it was recognised in a picture, and may be wrong by a letter."""

    number: int
    text: str
    by_eye: bool = False


@dataclass(frozen=True)
class Run:
    """Some text on one line, and its box: left, top, width and height in ten-thousandths of the page as it is seen."""

    text: str
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Layout:
    """A page as it is seen: its size in points, and where its text is."""

    width: float
    height: float
    runs: tuple[Run, ...]


def read(version_id: UUID | str) -> None:
    """Read the text of a version that is ready, and keep it (job `documents.read`). May be done again."""
    version = Version.objects.ready().filter(pk=version_id, media_type=media.PDF).first()
    if version is None:
        return
    with vault.at_hand(version) as held:
        pages = _recognised(version, held, list(_written(held, version.pages or 0)), set(version.pages_of("blank-pages")))
    _keep(version, pages)
    rows.go_on(version.pk, "")


def pages(version: Version) -> tuple[Page, ...]:
    """The pages that have text, in order; none where it was not read, or is erased. Raises Unavailable."""
    return _kept(version) or ()


def is_read(version: Version) -> bool:
    """Whether its text was read: asking for it takes no time. Raises Unavailable."""
    return _kept(version) is not None


def whole(version: Version) -> tuple[Page, ...]:
    """The same, read now where nobody has: what the platform made, or what its reading was given up on. Raises NotNow while it is being read."""
    found = _kept(version)
    if found is None and version.state == State.READY:
        if version.stage:
            raise NotNow(_("Its text is still being read. Try again in a moment."))
        with vault.at_hand(version) as held:
            found = tuple(page for page in _written(held, version.pages or 0) if page.text)
        _keep(version, found)
    return found or ()


def layout(version: Version, number: int) -> Layout | None:
    """Where the text of a page is seen; None where there is no such page or it cannot be read. Found at its first reader's asking, then kept."""
    if version.state != State.READY or not 1 <= number <= (version.pages or 0):
        return None
    try:
        kept = beside.get(version, f"layout-{number}")
    except NotFound:
        try:
            found = sandbox.run("documents.sandbox.text:runs", vault.served(version), number=number)
        except sandbox.Failed:
            return None
        kept = _place(version, number, found.facts["size"], json.loads(found.output))
    told = json.loads(kept)
    return Layout(told["width"], told["height"], tuple(Run(*run) for run in told["runs"]))


def _kept(version: Version) -> tuple[Page, ...] | None:
    if version.state != State.READY:
        return None
    try:
        return tuple(Page(**page) for page in json.loads(beside.get(version, TEXT)))
    except NotFound:
        return None


def _keep(version: Version, pages: Iterable[Page]) -> None:
    beside.put(version, TEXT, json.dumps([asdict(page) for page in pages if page.text], ensure_ascii=False).encode())


def _written(held: Held | Served, count: int) -> Iterator[Page]:
    """The text that is in the file. What no parser can read has none."""
    at_once = vault.pages_at_once(held)
    for first in range(1, count + 1, at_once):
        try:
            read = sandbox.run("documents.sandbox.text:text", held, first=first, count=at_once, limits=HEAVY)
            texts = list(read.pieces())
        except sandbox.Failed:
            texts = [b""] * min(at_once, count + 1 - first)
        for number, text in enumerate(texts, first):
            yield Page(number, text.decode("utf-8", "replace").strip())


def _place(version: Version, number: int, size: Sequence[float], runs: Sequence[Sequence[object]]) -> bytes:
    """Keep where the text of a page is seen."""
    kept = json.dumps({"width": size[0], "height": size[1], "runs": runs}, ensure_ascii=False).encode()
    beside.put(version, f"layout-{number}", kept)
    return kept


def _recognised(version: Version, held: Held | Served, pages: list[Page], blank: Collection[int]) -> list[Page]:
    """The pages, with the text that is seen on the first of those that have none and show something."""
    pictures = [page.number for page in pages if not page.text and page.number not in blank]
    seen = {number: _seen(version, held, number) for number in pictures[: settings.OCR_MAX_PAGES if recognising.able() else 0]}
    return [Page(page.number, seen[page.number], by_eye=True) if page.number in seen else page for page in pages]


def _seen(version: Version, held: Held | Served, number: int) -> str:
    """The text of a picture; where it lies is kept, so that it can be selected and marked upon it."""
    try:
        picture = sandbox.run("documents.sandbox.text:picture", held, number=number, limits=HEAVY)
    except sandbox.Failed:
        return ""
    found = recognising.lines(picture.output)
    _place(version, number, picture.facts["size"], [[line.text, *line.box] for line in found])
    return recognising.text(found)

"""The text of a document, page by page: for whoever searches it, and for checks that compare. Read in the limited process; kept encrypted."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from uuid import UUID

from backend.errors import NotFound
from documents import beside, media, rows, sandbox, vault
from documents.models import Version
from documents.sandbox import Limits

TEXT = "text"
PAGES_AT_ONCE = 20  # read by one limited process
HEAVY = Limits(cpu=60, wall=90.0)


@dataclass(frozen=True)
class Page:
    """What is written on a page; `by_eye` where it was recognised in a picture, and may be wrong by a letter."""

    number: int
    text: str
    by_eye: bool = False


def read(version_id: UUID | str) -> None:
    """Read the text of a version that is ready, and keep it (job `documents.read`). May be done again."""
    version = Version.objects.ready().filter(pk=version_id, media_type=media.PDF).first()
    if version is None:
        return
    with sandbox.hold(vault.stream(version)) as held:
        pages = list(_written(held, version.pages or 0))
    beside.put(version, TEXT, json.dumps([asdict(page) for page in pages if page.text], ensure_ascii=False).encode())
    rows.go_on(version.pk, "")


def pages(version: Version) -> tuple[Page, ...]:
    """The pages that have text, in order; none where it was not read. Raises Unavailable."""
    try:
        return tuple(Page(**page) for page in json.loads(beside.get(version, TEXT)))
    except NotFound:
        return ()


def _written(held: sandbox.Held, count: int) -> Iterator[Page]:
    """The text that is in the file. Pages that no parser can read have none."""
    for first in range(1, count + 1, PAGES_AT_ONCE):
        try:
            said = sandbox.run("documents.sandbox.text:text", held, first=first, count=PAGES_AT_ONCE, limits=HEAVY).facts["pages"]
        except sandbox.Failed:
            said = []
        for number, text in enumerate(said, first):
            yield Page(number, text.strip())

"""Pictures of pages, made by us: what people look at is never the raw file. Encrypted in the store like the document itself."""

from uuid import UUID

from backend.errors import NotFound
from backend.work.jobs import Job
from backend.work.owing import owe
from documents import beside, media, rows, sandbox, vault
from documents.models import Stage, State, Version

AHEAD = 20  # pages drawn before anyone asks; the others when they are asked for
BATCH = 5
MEDIA_TYPE = "image/webp"


def make(version_id: UUID | str) -> None:
    """Draw the first pages of a version that is ready, the very first before the others; then its text is read. May be done again."""
    version = Version.objects.ready().filter(pk=version_id, media_type=media.PDF).first()
    if version is None:
        return
    last = min(version.pages or 0, AHEAD)
    for first in (1, *range(2, last + 1, BATCH)):
        _draw(version, first, min(BATCH, last + 1 - first) if first > 1 else 1)
    owe([Job("documents.read", version.pk, lane=f"document:{version.document_id}")])
    rows.go_on(version.pk, Stage.TEXT)


def page(version: Version, number: int) -> bytes | None:
    """The picture (WebP, at most 1,200 pixels wide) of a page, numbered from 1; None where there is no such page or it cannot be drawn."""
    if version.state != State.READY or not 1 <= number <= (version.pages or 0):
        return None
    try:
        return beside.get(version, _name(number))
    except NotFound:
        return _draw(version, number, 1)


def _draw(version: Version, first: int, count: int) -> bytes | None:
    """Draw pages and keep them. Returns the first."""
    try:
        drawn = sandbox.run("documents.sandbox.pdf:draw", vault.stream(version), first=first, count=count)
    except sandbox.Failed:
        return None
    pictures = list(drawn.pieces())
    for number, picture in enumerate(pictures, first):
        beside.put(version, _name(number), picture)
    return pictures[0] if pictures else None


def _name(number: int) -> str:
    return f"page-{number}"

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


def page(version: Version, number: int, *, small: bool = False) -> bytes | None:
    """The picture of a page, numbered from 1, as WebP: at most 1,200 pixels wide, to be read, or 240 where `small`.

    None where there is no such page or it cannot be drawn.
    """
    if version.state != State.READY or not 1 <= number <= (version.pages or 0):
        return None
    try:
        return beside.get(version, _name(number, small))
    except NotFound:
        return _draw(version, number, 1).get((number, small))


def _draw(version: Version, first: int, count: int) -> dict[tuple[int, bool], bytes]:
    """Draw pages in both sizes, and keep them: each by its number and whether it is small."""
    try:
        drawn = sandbox.run("documents.sandbox.pdf:draw", vault.served(version), first=first, count=count)
    except sandbox.Failed:
        return {}
    pictures = {(first + place // 2, place % 2 == 1): picture for place, picture in enumerate(drawn.pieces())}
    for (number, small), picture in pictures.items():
        beside.put(version, _name(number, small), picture)
    return pictures


def _name(number: int, small: bool) -> str:
    return f"{'small' if small else 'page'}-{number}"

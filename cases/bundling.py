"""Making a bundle: each document made fit for an archive, all bound under one cover, cut where a size was asked. Jobs, outside every lock.

Every step leaves its result on the row, so that a worker that dies leaves only its last step to do again.
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from backend import clock
from backend.work import Job, Later
from backend.work.owing import owe
from cases.bytes import end
from cases.letters.bundle import ARCHIVAL, ORDINARY, Cover, Entry, Heading, Missing, PartCover, front
from cases.letters.parts import Reference
from cases.models import Bundle
from cases.writing.parts import seat
from documents import archiving, merging, sandbox, vault
from documents.models import Maker, Version

TURN_SECONDS = 25.0
WAIT_SECONDS = 2.0
TELL_SECONDS = 1.0
ROUNDS = 5  # of typesetting the cover, whose own length moves what it says; of cutting, where an estimate was short
MARGIN = 30_000  # bytes of a part besides its pages: bookmarks, table of objects
TITLES = {"case": "Copie du dossier", "filing": "Copie du dépôt", "exhibit": "Copie de la pièce"}
WHY = {
    "making": "en cours d'établissement",
    "checking": "en cours de vérification",
    "refused": "refusé à la vérification",
    "to-follow": "annoncé, à suivre",
    "unreadable": "illisible",
}


def make(bundle: str) -> None:
    """Do what is left to do of a bundle (job `cases.bind`)."""
    row = Bundle.objects.select_related("case__court", "case__chamber", "document", "whole__document").filter(pk=bundle).first()
    if row is None or not Bundle.objects.under_way().filter(pk=row.pk).exists():
        return _leave_nothing(row)
    try:
        if row.whole:
            _cut(row, row.whole)
        else:
            _prepare(row)
            _bind(row)
    except merging.PageTooLarge as found:
        pages = [{"page": page, "size": size} for page, size in found.pages]
        _end(row, Bundle.State.FAILED, problem={"code": "page-too-large", "pages": pages})
    except sandbox.Failed:
        _end(row, Bundle.State.FAILED, problem={"code": "unreadable"})


def _leave_nothing(row: Bundle | None) -> None:
    """What was being made when the bundle was ended, and its worker died before it could know, goes too."""
    if row is not None and row.state == Bundle.State.EXPIRED:
        vault.erase(row.document)


def give_up(bundle: str) -> None:
    """Say that a bundle could not be made, and may be asked for again: its job is parked."""
    for row in Bundle.objects.under_way().filter(pk=bundle):
        _end(row, Bundle.State.FAILED, problem={"code": "given-up"})


def expire(bundle: str) -> None:
    """Destroy a bundle whose time has come, and keep its row (job `cases.expire`)."""
    row = Bundle.objects.select_related("document").get(pk=UUID(str(bundle)))
    end([row])
    _tell(row)


def _prepare(row: Bundle) -> None:
    """Make each document fit for an archive, where it is not yet; leave the turn to others from time to time."""
    ends = time.monotonic() + TURN_SECONDS
    for part in row.plan:
        if "bound" in part:
            continue
        if time.monotonic() > ends:
            raise Later(0)
        part.update(_prepared(row, Version.objects.select_related("document").get(pk=part["version"])))
        _change(row, state=Bundle.State.MAKING, doing=Bundle.Doing.PREPARING, plan=row.plan, done=row.done + part["pages"])


def _prepared(row: Bundle, version: Version) -> dict[str, Any]:
    """Which version is bound, and whether it is archival; a converted one is kept with the bundle."""
    vault.readable(version)
    with vault.at_hand(version) as content:
        made = archiving.archived(content)
    if made.content is not None:
        version = vault.keep(made.content, name=row.document.name, made_by=Maker.COPY, document=row.document)
    return {"bound": str(version.pk), "archival": made.archival, "converted": made.content is not None, "pages": made.pages}


def _bind(row: Bundle) -> None:
    """All under one cover, straight from the store to the store."""
    archival = all(part["archival"] for part in row.plan)
    cover, ahead = _cover(row, archival)
    versions = Version.objects.in_bulk([UUID(part["bound"]) for part in row.plan])
    total = ahead + sum(part["pages"] for part in row.plan)
    bound = [(part, versions[UUID(part["bound"])]) for part in row.plan]
    groups = [
        merging.Group(title, [merging.Part(part["title"], vault.served(version)) for part, version in parts])
        for title, parts in groupby(bound, key=lambda each: each[0]["group"])
    ]
    _change(row, doing=Bundle.Doing.BINDING)
    with merging.bind(_title(row), cover, groups, total, ARCHIVAL if archival else ORDINARY) as running:
        told = _told(row, running.chunks(), sum(version.size for version in versions.values()))
        version = vault.keep_stream(told, pages=lambda: running.facts()["pages"], name=row.document.name, document=row.document)
    piece = {"version": str(version.pk), "first": 1, "last": total, "size": version.size}
    _end(row, Bundle.State.READY, pieces=[piece], archival=archival)


def _cover(row: Bundle, archival: bool) -> tuple[bytes, int]:
    """The cover, and how many pages it has: they come first, so what it says of the others depends on them."""
    ahead = 1
    for _round in range(ROUNDS):
        cover = front(_letter(row, ahead), archival=archival)
        pages = sandbox.run("documents.sandbox.pdf:pages", cover).facts["pages"]
        if pages == ahead:
            break
        ahead = pages
    return cover, pages


def _letter(row: Bundle, ahead: int) -> Cover:
    first, headings = ahead + 1, []
    for title, parts in groupby(row.plan, key=lambda part: part["group"]):
        entries = []
        for part in parts:
            entries.append(Entry(first=first, **{name: part[name] for name in ("title", "sha256", "pages", "signed")}))
            first += part["pages"]
        headings.append(Heading(title=title, entries=tuple(entries)))
    return Cover(
        **_heading(row),
        at=row.asked_at,
        until=clock.day(clock.now() + _kept(), row.case.zone),
        headings=tuple(headings),
        missing=tuple(Missing(title=each["title"], why=WHY[each["why"]]) for each in row.absent),
        converted=sum(part["converted"] for part in row.plan),
        unfit=tuple(part["title"] for part in row.plan if not part["archival"]),
        pages=first - 1,
    )


def _heading(row: Bundle) -> dict[str, Any]:
    """What every front page says."""
    case, url = row.case, f"{settings.BASE_URL}/dossiers/{row.case_id}/copies/{row.pk}/"
    reference = Reference(code=row.pk.hex[-12:].upper(), url=url)
    return {"reference": reference, "court": seat(case), "title": _title(row), "case": case.title, "rg_number": case.rg_number}


def _title(row: Bundle) -> str:
    return TITLES[row.what]


def _cut(row: Bundle, whole: Bundle) -> None:
    """Cut the whole, once it is made, so that no part passes the limit."""
    if whole.state in (Bundle.State.WAITING, Bundle.State.MAKING):
        raise Later(WAIT_SECONDS)
    if whole.state != Bundle.State.READY:
        return _end(row, Bundle.State.FAILED, problem=whole.problem)
    source = Version.objects.select_related("document").get(pk=whole.pieces[0]["version"])
    _change(row, state=Bundle.State.MAKING, doing=Bundle.Doing.CUTTING, total=source.pages or 0)
    room = row.limit - len(_part_front(row, whole, 1, 1, 1, 1)) - MARGIN
    for _round in range(ROUNDS):
        if _fits(row, whole, source, merging.measure(vault.served(source), room)):
            return _end(row, Bundle.State.READY, pieces=row.pieces, archival=whole.archival)
        room = room * 9 // 10
    _end(row, Bundle.State.FAILED, problem={"code": "unreadable"})


def _fits(row: Bundle, whole: Bundle, source: Version, counts: list[int]) -> bool:
    """Make each part; False as soon as one passes the limit after all."""
    row.pieces, first = [], 1
    for number, count in enumerate(counts, 1):
        last = first + count - 1
        page = _part_front(row, whole, number, len(counts), first, last)
        with merging.cut(page, vault.served(source), first, count) as running:
            version = vault.keep_stream(
                running.chunks(), pages=lambda: running.facts()["pages"], name=row.document.name, document=row.document
            )
        if version.size > row.limit:
            return False
        row.pieces.append({"version": str(version.pk), "first": first, "last": last, "size": version.size})
        _change(row, done=last)
        first = last + 1
    return True


def _part_front(row: Bundle, whole: Bundle, number: int, count: int, first: int, last: int) -> bytes:
    letter = PartCover(**_heading(row), number=number, count=count, first=first, last=last, pages=whole.pages)
    return front(letter, archival=bool(whole.archival))


def _told(row: Bundle, chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The chunks as they are; now and then how far they are is written down."""
    passed, before, spoke = 0, row.done, time.monotonic()
    pages = row.total - before
    for chunk in chunks:
        passed += len(chunk)
        if time.monotonic() - spoke > TELL_SECONDS:
            spoke = time.monotonic()
            _change(row, done=before + min(pages, pages * passed // max(size, 1)))
        yield chunk


def _end(row: Bundle, state: str, **changes: Any) -> None:
    """Write down what came of it, and owe its removal."""
    until = clock.now() + _kept()
    with transaction.atomic():
        if not _change(row, state=state, doing=Bundle.Doing.NOTHING, made_at=clock.now(), expires_at=until, **changes):
            return vault.erase(row.document)  # ended while it was being made: what was made since goes too
        owe([Job("cases.expire", row.pk, lane=f"bundle:{row.pk}", due=until)])


def _kept() -> timedelta:
    return timedelta(days=settings.BUNDLE_DAYS)


def _change(row: Bundle, **changes: Any) -> bool:
    """Change the row, and tell settings.BUNDLE_CHANGED once that is committed. False where it was ended meanwhile."""
    for name, value in changes.items():
        setattr(row, name, value)
    changed = Bundle.objects.filter(pk=row.pk).exclude(state=Bundle.State.EXPIRED).update(**changes)
    _tell(row)
    return bool(changed)


def _tell(row: Bundle) -> None:
    if settings.BUNDLE_CHANGED:
        transaction.on_commit(lambda: import_string(settings.BUNDLE_CHANGED)(row.pk), robust=True)

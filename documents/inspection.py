"""Inspecting what was sent, stage after stage, with a verdict people understand. Only what passes is ever shown."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from backend.errors import Unavailable
from backend.work.jobs import Job, Later
from backend.work.leases import leased
from backend.work.owing import owe, ring
from documents import rows, sandbox, scanner, stages
from documents.models import Stage, State, Version
from documents.stages import Found
from documents.verdicts import BLOCKER, INFECTED, NOT_CHECKED, entry

STAGES: Mapping[str, tuple[Callable[[Version], Found], str]] = {
    Stage.SCAN: (stages.scan, Stage.STRUCTURE),
    Stage.SCAN_WAITS: (stages.scan, Stage.STRUCTURE),
    Stage.STRUCTURE: (stages.structure, Stage.CONTENT),
    Stage.CONTENT: (stages.content, Stage.PICTURES),
}
SCANNER_SECONDS = 20.0  # until the scanner is asked again
PATIENCE, LOOK_AGAIN = 20.0, 0.1  # seconds a sender waits for a worker, and between two looks


def inspect(version_id: UUID | str) -> None:
    """Check an upload: received → checking, through each stage → ready, refused or set aside (job `documents.inspect`).

    May be cut short and done again at any point: a stage that was passed is not done again, and what is judged is not judged twice.
    Raises Later where the virus scanner does not answer: nothing is shown before it has.
    """
    version = _begun(version_id)
    while version and version.state == State.CHECKING:
        work, after = STAGES[version.stage]
        version = _passed(version, _found(work, version), after)


def promptly(version: Version) -> None:
    """Have a file checked while its sender waits: here, or by the worker that is at it already. What takes too long is left to the worker."""
    lane = f"document:{version.document_id}"
    with leased(lane) as holder, suppress(Later, Unavailable):
        if holder:
            inspect(version.pk)
    ring(lane)
    if not holder:
        wait_for(Version.objects.waiting().filter(pk=version.pk).exclude(stage=Stage.SCAN_WAITS))


def wait_for(at_work: QuerySet[Version]) -> None:
    """Wait until the worker that is at it has done, for as long as a sender may wait."""
    ends = time.monotonic() + PATIENCE
    while at_work.exists() and time.monotonic() < ends:
        time.sleep(LOOK_AGAIN)


def give_up(version_id: UUID | str) -> None:
    """Say that a file could not be checked: its job is parked, and nobody will try again by itself."""
    for version in Version.objects.waiting().filter(pk=version_id):
        found = Version.objects.waiting().filter(pk=version_id, stage=version.stage)
        if found.update(state=State.STUCK, stage="", verdict=[*version.verdict, entry(NOT_CHECKED)]):
            rows.tell(Version.objects.get(pk=version_id))


def leave(version_id: UUID | str) -> None:
    """A file that is ready waits no longer for its pictures or its text: they are made when they are asked for, or not at all."""
    rows.go_on(version_id, "")


def _begun(version_id: UUID | str) -> Version | None:
    """The version where it is to be checked, at the stage it had come to; one that was given up begins afresh, but for what was done to its bytes."""
    for found in Version.objects.filter(pk=version_id, state__in=(State.RECEIVED, State.STUCK)):
        verdict = [item for item in found.verdict if item["code"] in stages.DONE]
        facts = {name: value for name, value in found.facts.items() if name in stages.DONE}
        same = Version.objects.filter(pk=version_id, state=found.state)
        if same.update(state=State.CHECKING, stage=Stage.SCAN, verdict=verdict, facts=facts):
            rows.tell(Version.objects.get(pk=version_id))
    return Version.objects.select_related("document").filter(pk=version_id, state=State.CHECKING).first()


def _found(work: Callable[[Version], Found], version: Version) -> Found:
    """What a stage found; a parser that dies or dawdles makes a verdict too."""
    try:
        return work(version)
    except sandbox.TooHeavy:
        return Found({"too-heavy": ()})
    except sandbox.Failed:
        return Found({"broken": ()})
    except scanner.Away:
        _wait(version, stage=Stage.SCAN_WAITS)
    except scanner.Unfinished:
        _wait(version, facts=version.facts | {"scan_tries": version.facts.get("scan_tries", 0) + 1})
    raise Later(SCANNER_SECONDS)


def _wait(version: Version, **changes: Any) -> None:
    """Say that it waits, where that is news."""
    same = Version.objects.filter(pk=version.pk, state=State.CHECKING)
    if same.exclude(**changes).update(**changes):
        version.refresh_from_db()
        rows.tell(version)


def _passed(version: Version, found: Found, after: str) -> Version | None:
    """Write down what a stage found, once, and go on: to the next stage, or to the verdict."""
    verdict = [*version.verdict, *(entry(code, pages) for code, pages in found.codes.items())]
    state, stage = _next(verdict, after)
    changes = {**found.changes, "facts": version.facts | found.facts, "verdict": verdict, "state": state, "stage": stage}
    with transaction.atomic():
        if not Version.objects.filter(pk=version.pk, state=State.CHECKING, stage=version.stage).update(**changes):
            return None  # erased, or judged by another, meanwhile
        version.refresh_from_db()
        if version.state == State.QUARANTINED and settings.DOCUMENTS_SET_ASIDE:
            owe([Job(settings.DOCUMENTS_SET_ASIDE, version.pk)])
        if version.state == State.READY:
            rows.move_head(version)
            owe([Job("documents.preview", version.pk, lane=f"document:{version.document_id}")])
            if version.signed and settings.DOCUMENTS_SIGNED:
                owe([Job(settings.DOCUMENTS_SIGNED, version.pk)])
        rows.tell(version)
    return version


def _next(verdict: list[dict[str, Any]], after: str) -> tuple[str, str]:
    if any(item["code"] == INFECTED for item in verdict):
        return State.QUARANTINED, ""
    if any(item["severity"] == BLOCKER for item in verdict):
        return State.REFUSED, ""
    return (State.READY if after == Stage.PICTURES else State.CHECKING), after

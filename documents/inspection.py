"""Inspecting what was sent: in the limited process, with a verdict people understand. Only what passes is ever shown."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from backend.work.jobs import Job
from backend.work.owing import owe
from documents import keyring, media, rows, sandbox, sealing, vault
from documents.models import State, Version
from documents.verdicts import BLOCKER, VERDICTS, entry


def inspect(version_id: UUID | str) -> None:
    """Check an upload: received → checking → ready or refused. May be done again at any point: what is judged is not judged twice."""
    if not Version.objects.waiting().filter(pk=version_id).update(state=State.CHECKING):
        return
    version = Version.objects.select_related("document").get(pk=version_id)
    rows.tell(version)
    try:
        changes = _pdf(version) if version.media_type == media.PDF else _picture(version)
    except sandbox.TooHeavy:
        changes = {"verdict": ["too-heavy"]}
    except sandbox.Failed:
        changes = {"verdict": ["broken"]}
    _conclude(version, **changes)


def _pdf(version: Version) -> dict[str, Any]:
    """What a PDF is worth: codes, pages, facts."""
    seen = sandbox.run("documents.sandbox.examine:examine", vault.unchecked(version), max_pages=settings.DOCUMENT_MAX_PAGES).facts
    return {"verdict": seen["codes"], "pages": seen["pages"], "facts": seen["facts"]}


def _picture(version: Version) -> dict[str, Any]:
    """A picture becomes one upright page, re-encoded: it takes the place of what was sent, whose digest is kept."""
    made = sandbox.run("documents.sandbox.pictures:to_page", vault.unchecked(version))
    if codes := made.facts["codes"]:
        return {"verdict": codes}
    data_key = keyring.unwrap(bytes(version.wrapped_key), version.key_id)
    page = sealing.replace(version, made.output, data_key)
    return {"verdict": [], "pages": 1, "facts": {"picture": version.media_type}, "media_type": media.PDF, **page}


def _conclude(version: Version, *, verdict: Sequence[str], **changes: Any) -> None:
    """Write the verdict down, once, and owe the pictures of what is ready."""
    refused = any(VERDICTS[code].severity == BLOCKER for code in verdict)
    changes |= {"state": State.REFUSED if refused else State.READY, "verdict": [entry(code) for code in verdict]}
    with transaction.atomic():
        if not Version.objects.filter(pk=version.pk, state=State.CHECKING).update(**changes):
            return  # erased, or judged by another, meanwhile
        version.refresh_from_db()
        if not refused:
            rows.move_head(version)
            owe([Job("documents.preview", version.pk, lane=f"document:{version.document_id}")])
        rows.tell(version)

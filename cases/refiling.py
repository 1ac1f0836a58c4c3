"""What is new in a filing since the one before it was returned for correction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.people.actor import Actor
from cases import access
from cases.models import Case, Filing


@dataclass(frozen=True)
class Changes:
    """Since when; the documents that are new or are not the same any more; the answers given since, as topic and whom it is about."""

    since: datetime
    documents: frozenset[str]
    answers: tuple[tuple[str, UUID | None], ...]


def changes(actor: Actor, case: Case, filing: Filing) -> Changes | None:
    """From the digests of both filings and the dates of the answers this person sees; None for what was not filed again."""
    if filing.attempt == 1:
        return None
    before = case.filings.filter(kind=filing.kind, attempt=filing.attempt - 1, state=Filing.State.RETURNED).first()
    if before is None or before.answered_at is None:
        return None
    documents = frozenset(key for key, digest in filing.digests.items() if before.digests.get(key) != digest)
    given = access.answers(actor, case).filter(at__gt=before.answered_at, at__lte=filing.submitted_at)
    return Changes(before.answered_at, documents, tuple(given.values_list("topic", "about")))

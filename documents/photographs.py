"""Photographed pages gathered into one document, in the order and the turn their sender gives them; not encoded again."""

from collections.abc import Sequence
from uuid import UUID

from documents import sandbox, vault
from documents.models import Maker, Version


def gather(versions: Sequence[Version], turns: Sequence[int], *, name: str, created_by: UUID | None) -> Version:
    """A new document of all the pages, each version's turned clockwise by so many degrees. Raises sandbox.Failed, Unavailable."""
    contents = [vault.stream(version) for version in versions]
    made = sandbox.run("documents.sandbox.pictures:gather", *contents, turns=list(turns))
    facts = {"picture": "several", "photographs": [version.sent_sha256 for version in versions]}
    return vault.keep(made.output, name=name, made_by=Maker.UPLOAD, created_by=created_by, facts=facts)

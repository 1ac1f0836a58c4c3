"""Photographed pages gathered into one document, in the order and the turn their sender gives them; not encoded again."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from documents import quotas, sandbox, vault
from documents.models import Maker, Version
from documents.sandbox import Limits

GATHERING = Limits()


def gather(versions: Sequence[Version], turns: Sequence[int], *, name: str, created_by: UUID | None) -> Version:
    """A new document of all the pages, each version's turned clockwise by so many degrees; it takes the place of theirs in the sender's quota.

    Raises sandbox.Failed, Unavailable, Full.
    """
    contents = [vault.stream(version) for version in versions]
    made = sandbox.run("documents.sandbox.pictures:gather", *contents, turns=list(turns), limits=GATHERING)
    facts = {"picture": "several", "photographs": [version.sent_sha256 for version in versions]}
    admit = partial(quotas.admit_alone, created_by, instead_of=versions)
    return vault.keep(made.output, name=name, made_by=Maker.UPLOAD, created_by=created_by, facts=facts, admit=admit)

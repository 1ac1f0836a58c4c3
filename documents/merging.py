"""Several PDFs made into one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from documents import sandbox
from documents.sandbox.client import MAX_INPUTS


@dataclass(frozen=True)
class Part:
    """One of the PDFs, with the bookmark it gets."""

    content: bytes = field(repr=False)
    title: str = ""


def merge(parts: Sequence[Part | bytes]) -> bytes:
    """One PDF of all the parts, in order, at most 200 of them; a bookmark for each that has a title. The copy carries no signature."""
    known = [part if isinstance(part, Part) else Part(part) for part in parts]
    if not 0 < len(known) <= MAX_INPUTS:
        raise ValueError(f"from 1 to {MAX_INPUTS} parts")
    return sandbox.run("documents.sandbox.pdf:merge", *(part.content for part in known), titles=[part.title for part in known]).output

"""Many PDFs bound into one, and one cut into several: streamed from the store to the store, in memory that does not grow with them."""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from documents import sandbox
from documents.sandbox.served import Served
from documents.sandbox.streaming import Running, stream
from documents.typeset import TEMPLATES_DIR, typeset

LONG = sandbox.Limits(memory=2 * 1024 * 1024 * 1024, cpu=300, wall=500.0, output=16 * 1024 * 1024 * 1024)


@dataclass(frozen=True)
class Part:
    """One of the PDFs, under the bookmark it gets."""

    title: str
    content: Served


@dataclass(frozen=True)
class Group:
    """Parts that stand under one heading."""

    title: str
    parts: Sequence[Part]


class PageTooLarge(Exception):
    """Pages that pass the limit by themselves: their numbers, and their sizes in bytes."""

    def __init__(self, pages: Sequence[tuple[int, int]]) -> None:
        super().__init__(pages)
        self.pages = pages


def bind(title: str, front: bytes, groups: Sequence[Group], pages: int, standard: str | Sequence[str]) -> AbstractContextManager[Running]:
    """One PDF: `front` (under the bookmark `title`), then every part, each of the `pages` in all bearing its number.

    `front` decides what the whole claims to be (PDF/A or not): its metadata and its output intent are those of the whole. The copy has
    neither forms nor signatures; what they show stays. Read the chunks of what is given, then its facts: {"pages": …}.
    """
    plan = {"front": title, "groups": [{"title": group.title, "parts": [part.title for part in group.parts]} for group in groups]}
    numbers = typeset(TEMPLATES_DIR / "numbers.typ", {"title": title, "total": pages}, standard=standard)
    served = [part.content for group in groups for part in group.parts]
    return stream("documents.sandbox.bundle:bind", [json.dumps(plan).encode(), front, numbers], served, LONG)


def measure(content: Served, limit: int) -> list[int]:
    """Cut a PDF at the edges of pages so that no part passes `limit` bytes: how many pages each takes. Raises PageTooLarge."""
    with stream("documents.sandbox.bundle:measure", [], [content], LONG, limit=limit) as running:
        for _ in running.chunks():
            pass
        facts = running.facts()
    if "too_large" in facts:
        raise PageTooLarge([(page["page"], page["size"]) for page in facts["too_large"]])
    return list(facts["pages"])


def cut(front: bytes, content: Served, first: int, count: int) -> AbstractContextManager[Running]:
    """One part: `front`, then `count` pages from page `first` (from 1), with the bookmarks that lead to them."""
    return stream("documents.sandbox.bundle:cut", [front], [content], LONG, first=first, count=count)

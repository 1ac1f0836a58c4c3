"""Papers as people bring them: one or two plausible French pages, typeset on the spot and marked as a demonstration."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from django.utils import translation

from documents.typeset import typeset

TEMPLATE = Path(__file__).parent / "templates" / "paper.typ"


@dataclass(frozen=True)
class Part:
    """A part of a paper: paragraphs, then a table whose first row is its head."""

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Paper:
    """What a paper says, whoever issues it."""

    title: str
    issuer: str
    under: tuple[str, ...] = ()
    look: Literal["registry", "court", "office", "plain", "hand"] = "plain"
    fields: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()
    done: str = ""
    signed_by: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def pdf(paper: Paper) -> bytes:
    """The paper as a PDF; the same paper is typeset once."""
    with translation.override("fr"):
        return typeset(TEMPLATE, asdict(paper))


def text(*paragraphs: str, title: str = "", rows: Sequence[tuple[str, ...]] = ()) -> Part:
    """A part, as one writes it."""
    return Part(title, paragraphs, tuple(rows))

"""Stamped copies: "Pièce n° 3" on each page of an exhibit, whatever its size and however it is turned."""

from contextlib import AbstractContextManager
from functools import lru_cache

from documents.sandbox import Limits
from documents.sandbox.served import Served
from documents.sandbox.streaming import Running, stream
from documents.typeset import TEMPLATES_DIR, typeset

LIMITS = Limits(cpu=120, wall=240.0, output=16 * 1024 * 1024 * 1024)


def stamp(content: Served, label: str) -> AbstractContextManager[Running]:
    """A copy of a PDF with `label` at the upper right of each page, over what is there, whatever its size.

    The copy carries no signature; the original keeps its own. Read the chunks of what is given, then its facts: {"pages": …}.
    """
    return stream("documents.sandbox.pdf:stamp", [_label(label)], [content], LIMITS)


@lru_cache(maxsize=256)
def _label(label: str) -> bytes:
    """The label as a small page of its own, with its font inside."""
    return typeset(TEMPLATES_DIR / "stamp.typ", {"label": label}, standard="a-3b")

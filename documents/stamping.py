"""Stamped copies: "Pièce n° 3" on each page of an exhibit, whatever its size and however it is turned."""

from functools import lru_cache

from documents import sandbox
from documents.typeset import TEMPLATES_DIR, typeset


def stamp(content: bytes, label: str) -> bytes:
    """A copy of a PDF with `label` at the upper right of each page, over what is there.

    The copy carries no signature; the original keeps its own.
    """
    return sandbox.run("documents.sandbox.pdf:stamp", content, _label(label)).output


@lru_cache(maxsize=256)
def _label(label: str) -> bytes:
    """The label as a small page of its own, with its font inside."""
    return typeset(TEMPLATES_DIR / "stamp.typ", {"label": label}, standard="a-3b")

"""Marked copies: what is shown of a paper that could be misused elsewhere. Pictures of its pages, each crossed by a sentence."""

from functools import lru_cache

from documents import sandbox
from documents.sandbox import Held
from documents.sandbox.served import Served
from documents.typeset import TEMPLATES_DIR, typeset

AT_ONCE = 25  # pages


def watermark(content: bytes | Held | Served, label: str) -> bytes:
    """A copy of a PDF made of pictures of its pages, with `label` aslant all over each. It carries no text, no signature, no attachment."""
    made, pages, first = b"", 1, 1
    while first <= pages:
        done = sandbox.run("documents.sandbox.marks:mark", _sheet(label), made, content, first=first, count=AT_ONCE)
        made, pages, first = done.output, done.facts["pages"], first + AT_ONCE
    return made


@lru_cache(maxsize=64)
def _sheet(label: str) -> bytes:
    return typeset(TEMPLATES_DIR / "watermark.typ", {"label": label}, standard="a-3b")

"""Real PDFs for the tests: made once per text, by the platform's own typesetter's engine."""

import os
from functools import cache
from io import BytesIO

import pikepdf
import typst


@cache
def pdf(text: str = "Convention", pages: int = 1) -> bytes:
    """A small, honest PDF that says `text` on each of its pages."""
    body = "\n#pagebreak()\n".join(f"= {text}\n\nPage {number + 1}." for number in range(pages))
    return bytes(typst.compile(f'#set document(title: "{text}")\n#set text(lang: "fr")\n{body}'.encode()))


@cache
def weighty(text: str, size: int) -> bytes:
    """The same, of one page, with so many more bytes that nothing can make smaller."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf(text))) as made:
        made.Root["/Ballast"] = made.make_stream(os.urandom(size))
        made.save(out)
    return out.getvalue()

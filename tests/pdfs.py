"""Real PDFs for the tests: made once per text, by the platform's own typesetter's engine."""

from functools import cache

import typst


@cache
def pdf(text: str = "Convention", pages: int = 1) -> bytes:
    """A small, honest PDF that says `text` on each of its pages."""
    body = "\n#pagebreak()\n".join(f"= {text}\n\nPage {number + 1}." for number in range(pages))
    return bytes(typst.compile(f'#set document(title: "{text}")\n#set text(lang: "fr")\n{body}'.encode()))

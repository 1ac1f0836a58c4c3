"""Reading a letter back as a person would: its words in order, on one line."""

from io import BytesIO

from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """The text of all pages, with straight apostrophes, single spaces and hyphenated words joined."""
    return flat("\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def pages_of(pdf: bytes) -> list[str]:
    return [flat(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def flat(text: str) -> str:
    joined = text.replace("\u00ad\n", "").replace("-\n", "-").replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    return " ".join(joined.split())

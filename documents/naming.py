"""The name a person gave a file, made harmless to keep, to send in a header and to show."""

import unicodedata

from documents.media import PDF

LONGEST = 150  # characters
UNNAMED = "document"
ENDINGS = (".pdf", ".jpg", ".jpeg", ".png", ".heic", ".heif", ".tif", ".tiff", ".docx", ".odt", ".rtf")  # of what can be sent


def harmless(name: str) -> str:
    """One line of visible characters: no path, no control, nothing that turns the direction of reading; cut, its ending kept."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(_visible(character) for character in unicodedata.normalize("NFC", last))
    line = " ".join(shown.split()).lstrip(". ")
    stem, dot, ending = line.rpartition(".")
    if len(line) > LONGEST and dot and len(ending) < 10:
        line = f"{stem[: LONGEST - len(ending) - 1]}.{ending}"
    return line[:LONGEST] or UNNAMED


def with_ending(name: str, media_type: str) -> str:
    """A harmless name with the ending of what the file now is, in place of the one it was sent with. Any other dot is the name's own."""
    last = name.replace("\\", "/").rpartition("/")[2]
    if media_type != PDF or last.lower().endswith(".pdf"):
        return last
    ending = next((ending for ending in ENDINGS if last.lower().endswith(ending)), "")
    return f"{last[: len(last) - len(ending)].rstrip('.') or UNNAMED}.pdf"


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    return " " if category[0] == "Z" or category == "Cc" else "" if category[0] == "C" else character

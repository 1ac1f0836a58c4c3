"""The name a person gave a file, made harmless to keep, to send in a header and to show."""

import unicodedata

LONGEST = 150  # characters
UNNAMED = "document"


def harmless(name: str) -> str:
    """One line of visible characters: no path, no control, nothing that turns the direction of reading; cut, its ending kept."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(_visible(character) for character in unicodedata.normalize("NFC", last))
    line = " ".join(shown.split()).lstrip(". ")
    stem, dot, ending = line.rpartition(".")
    if len(line) > LONGEST and dot and len(ending) < 10:
        line = f"{stem[: LONGEST - len(ending) - 1]}.{ending}"
    return line[:LONGEST] or UNNAMED


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    return " " if category[0] == "Z" or category == "Cc" else "" if category[0] == "C" else character

"""Text that people read: whether it shows as it is written."""

from unicodedata import category


def shows(text: str, *, lines: bool = False) -> bool:
    """No control character, nothing that turns the direction of reading (Unicode C*), no line of its own (Zl, Zp; `lines`: line feeds are fine)."""
    kinds = {category(character) for character in text if not (lines and character in "\r\n\t")}
    return not any(kind[0] == "C" or kind in ("Zl", "Zp") for kind in kinds)


def legible(text: str) -> str:
    """The same without what does not show: a title that was copied from somewhere, or is the name of a file, is kept as it reads."""
    return "".join(character if shows(character) else " " * character.isspace() for character in text).strip()

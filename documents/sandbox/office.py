"""Looking into a text document before it is converted, inside the limited process: what it is, how large it becomes, whether it acts."""

import zipfile
from typing import Any, BinaryIO

MAX_FILES = 2000
MAX_UNPACKED = 200 * 1024 * 1024  # bytes
MOST_PACKED = 200  # times, for a file inside of some size
SOME_SIZE = 10 * 1024 * 1024  # bytes
WORD, OPEN_DOCUMENT, RICH_TEXT = "docx", "odt", "rtf"
OPEN_DOCUMENT_TYPE = b"application/vnd.oasis.opendocument.text"
ACTING = ("vbaproject.bin", "/activex/", "basic/", "scripts/")


def examine(content: BinaryIO, *, output: BinaryIO) -> dict[str, Any]:
    """`kind` ("docx", "odt", "rtf") or the `codes` of `documents.verdicts` that say why it cannot be taken."""
    if content.read(5) == b"{\\rtf":
        return {"codes": [], "kind": RICH_TEXT}
    try:
        with zipfile.ZipFile(content) as packed:
            return _packed(packed)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError):
        return {"codes": ["broken"]}


def _packed(packed: zipfile.ZipFile) -> dict[str, Any]:
    entries = packed.infolist()
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_UNPACKED or any(map(_swollen, entries)):
        return {"codes": ["bomb"]}
    if any(entry.flag_bits & 1 for entry in entries):
        return {"codes": ["encrypted"]}
    if not _as_told(packed):
        return {"codes": ["bomb"]}
    if any(
        part in f"/{name}" if part.startswith("/") else name.startswith(part) or name.endswith(part) for part in ACTING for name in names
    ):
        return {"codes": ["scripted"]}
    if _locked(packed):
        return {"codes": ["encrypted"]}
    kind = _kind(packed, names)
    return {"codes": [], "kind": kind} if kind else {"codes": ["not-a-text"]}


def _swollen(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > SOME_SIZE and entry.file_size > MOST_PACKED * max(entry.compress_size, 1)


def _as_told(packed: zipfile.ZipFile) -> bool:
    """Whether each file inside becomes as large as it says, and no larger: what it says is not believed."""
    for entry in packed.infolist():
        left = entry.file_size
        with packed.open(entry) as inside:
            while chunk := inside.read(1024 * 1024):
                left -= len(chunk)
                if left < 0:
                    return False
    return True


def _kind(packed: zipfile.ZipFile, names: set[str]) -> str:
    if "word/document.xml" in names and "[content_types].xml" in names:
        return WORD
    if "mimetype" in names and packed.read("mimetype").strip() == OPEN_DOCUMENT_TYPE and "content.xml" in names:
        return OPEN_DOCUMENT
    return ""


def _locked(packed: zipfile.ZipFile) -> bool:
    """Whether it is an OpenDocument under a password: it says so in its manifest, and is not encrypted as an archive."""
    return "META-INF/manifest.xml" in packed.namelist() and b"encryption-data" in packed.read("META-INF/manifest.xml")

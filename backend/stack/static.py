"""Whether the collected static files are older than their sources: collecting and compressing them takes seconds."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (ROOT / "frontend" / "static", ROOT / "requirements.lock")


def outdated(folder: Path) -> bool:
    """Whether anything changed since they were last collected under `folder`."""
    note = folder / "static" / ".collected"
    return not note.exists() or note.read_text() != state()


def remember(folder: Path) -> None:
    (folder / "static").mkdir(exist_ok=True)
    (folder / "static" / ".collected").write_text(state())


def state() -> str:
    """A digest of the sources' names, sizes and times."""
    digest = hashlib.sha256()
    for source in SOURCES:
        for path in sorted([source, *source.rglob("*")]):
            about = path.stat()
            digest.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()

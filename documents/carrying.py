"""Carrying the store's objects to a folder and back, sealed as they are: with the database and the keys, a backup."""

from collections.abc import Iterator
from pathlib import Path

from documents import storage
from documents.sweeping import ROOT


def save(folder: Path) -> int:
    """Copy to `folder` each object it does not hold yet. Returns how many. An object never changes, so that one copied once is copied."""
    missing = [key for key, _ in storage.walk(ROOT) if not (folder / key).exists()]
    for key in missing:
        target = folder / key
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f"{target.name}.part")
        with half.open("wb") as file:
            file.writelines(storage.get(key))
        half.replace(target)
    return len(missing)


def load(folder: Path) -> int:
    """Put into the store each object of `folder` that it does not hold. Returns how many."""
    there = {key for key, _ in storage.walk(ROOT)}
    missing = [path for path in _kept(folder) if path.relative_to(folder).as_posix() not in there]
    for path in missing:
        with path.open("rb") as file:
            storage.put(path.relative_to(folder).as_posix(), file, path.stat().st_size)
    return len(missing)


def _kept(folder: Path) -> Iterator[Path]:
    return (path for path in sorted((folder / ROOT).rglob("*")) if path.is_file() and path.suffix != ".part")

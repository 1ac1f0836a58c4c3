"""Carrying the store's objects to a folder and back, sealed as they are: with the database and the keys, a backup.

What came in parts and is not put together yet goes along: it is one object only later.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from backend.errors import NotFound
from documents import assembly, storage, sweeping

ROOTS = (sweeping.ROOT, assembly.ROOT)


def save(folder: Path) -> int:
    """Copy to `folder` each object it does not hold yet. Returns how many. An object never changes, so that one copied once is copied.

    What is erased meanwhile is not copied.
    """
    missing = [key for key in _there() if not (folder / key).exists()]
    return sum(_copied(key, folder / key) for key in missing)


def load(folder: Path) -> int:
    """Put into the store each object of `folder` that it does not hold. Returns how many."""
    there = set(_there())
    missing = [path for path in _kept(folder) if path.relative_to(folder).as_posix() not in there]
    for path in missing:
        with path.open("rb") as file:
            storage.put(path.relative_to(folder).as_posix(), file, path.stat().st_size)
    return len(missing)


def _copied(key: str, target: Path) -> bool:
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f"{target.name}.part")
    with suppress(NotFound):
        with half.open("wb") as file:
            file.writelines(storage.get(key))
        half.replace(target)
        return True
    half.unlink()
    return False


def _there() -> Iterator[str]:
    return (key for root in ROOTS for key, _stored_at in storage.walk(root))


def _kept(folder: Path) -> Iterator[Path]:
    return (path for root in ROOTS for path in sorted((folder / root).rglob("*")) if path.is_file() and path.suffix != ".part")

"""Compiles the translations without GNU gettext: each `.po` gets its `.mo` beside it."""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]


def compile_all(root: Path = ROOT / "frontend" / "locale") -> list[Path]:
    """Compile every catalogue older than its source; answers those written."""
    return [compiled for source in sorted(root.glob("*/LC_MESSAGES/*.po")) if (compiled := compile_one(source))]


def compile_one(source: Path) -> Path | None:
    """Compile one catalogue, whole or not at all; None where it is up to date."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return None
    half = target.with_suffix(".mo.new")
    polib.pofile(str(source)).save_as_mofile(str(half))
    half.replace(target)
    return target

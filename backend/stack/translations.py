"""Compiles the translations without GNU gettext: each `.po` gets its `.mo` beside it; and says what is missing in them."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


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


def faults(root: Path = ROOT) -> list[str]:
    """What is wrong with the translations of the tree at `root`: texts without French, doubtful ones, placeholders that differ.

    The texts are gathered afresh in a copy of the tree, so that a catalogue somebody forgot to update shows. Needs GNU gettext.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for package in ("backend", "documents", "signatures", "cases", "frontend"):
            shutil.copytree(root / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "migrations"))
        shutil.copy(root / "manage.py", copy)
        for domain in ("django", "djangojs"):
            command = [sys.executable, "manage.py", "makemessages", "--locale=fr", "--no-obsolete", f"--domain={domain}"]
            environment = {**os.environ, "ENVIRONMENT": "development"}
            done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                return [f"makemessages failed: {done.stderr.strip()}"]
        return [fault for source in sorted(copy.glob("frontend/locale/*/LC_MESSAGES/*.po")) for fault in catalogue_faults(source)]


def catalogue_faults(source: Path) -> list[str]:
    """What is wrong with one catalogue."""
    return [
        f"{source.name}: {where(entry)}: {fault}: {entry.msgid!r}" for entry in polib.pofile(str(source)) if (fault := entry_fault(entry))
    ]


def where(entry: polib.POEntry) -> str:
    return ", ".join(":".join(place) for place in entry.occurrences[:1])


def entry_fault(entry: polib.POEntry) -> str:
    """Why an entry cannot be shown, or nothing."""
    if entry.obsolete:
        return ""
    if not entry.translated():
        return "doubtful" if entry.fuzzy else "not translated"
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    return next(("other placeholders" for text in texts if not fits(set(PLACEHOLDER.findall(text)), wanted, entry)), "")


def fits(found: set[str], wanted: set[str], entry: polib.POEntry) -> bool:
    """Whether a translation names what the text names; a singular may say "one" in words."""
    return found <= wanted if entry.msgid_plural else found == wanted

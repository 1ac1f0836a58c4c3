"""The repository read as text and as syntax trees, for the tests that keep the house."""

import ast
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PRODUCT = ("manage.py", "backend", "documents", "signatures", "cases", "frontend")
WHOLE = (*PRODUCT, "tests", "docs", ".ci", "Makefile", "README.md", "pyproject.toml", "requirements.lock")
Rule = Callable[[str], Collection[str]]  # a source in, what breaks the rule in it out


def files(*rooms: str, ending: str | tuple[str, ...] = ".py") -> Iterator[tuple[str, str]]:
    """(place, text) of every file of these rooms whose name ends so; places are relative to the root."""
    for room in rooms:
        place = ROOT / room
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and path.name.endswith(ending) and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def offences(rule: Rule, *rooms: str, but: Mapping[str, str] | None = None, ending: str | tuple[str, ...] = ".py") -> dict[str, list[str]]:
    """Where a rule is broken, and by what. `but` excuses places, each with its reason; one that needs no excuse is an offence too."""
    excused = but or {}
    found = {place: sorted(broken) for place, text in files(*rooms, ending=ending) if (broken := rule(text))}
    needless = {place: ["is excused, and breaks nothing"] for place in excused if place not in found}
    return {place: broken for place, broken in found.items() if place not in excused} | needless


def used(source: str) -> set[str]:
    """Every name a module uses, in full: `moment.now` under `from datetime import datetime as moment` is `datetime.datetime.now`."""
    tree = ast.parse(source)
    known = dict(imported(tree))
    return {full(node, known) for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name)} | set(known.values())


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(local name, full name) of everything imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                yield (each.asname, each.name) if each.asname else (each.name.partition(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                yield each.asname or each.name, f"{node.module}.{each.name}"


def full(node: ast.AST, known: Mapping[str, str]) -> str:
    """The dotted name of an expression; what is no name at its root (a call, an item) is written `?`."""
    if isinstance(node, ast.Attribute):
        return f"{full(node.value, known)}.{node.attr}"
    return known.get(node.id, node.id) if isinstance(node, ast.Name) else "?"


def calls(source: str) -> Iterator[tuple[str, ast.Call]]:
    """(full name, call) of every call in a module."""
    tree = ast.parse(source)
    known = dict(imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield full(node.func, known), node

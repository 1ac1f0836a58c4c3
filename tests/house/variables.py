"""The environment variables that the program reads, found in its source."""

import ast
from collections.abc import Iterator
from pathlib import Path

from backend.stack.checks import ROOT

SETTINGS = [ROOT / "backend" / "config" / name for name in ("environment.py", "settings.py", "trust.py")]
STACK = ROOT / "backend" / "stack"
ENVIRONMENTS = ("environ", "given")  # what the launcher calls the environment


def of_settings(source: str | None = None) -> dict[str, ast.expr | None]:
    """Each variable of the settings, by `env.…("NAME", default)`, `secret(…)` or `address(…)`, with its default; the first one counts."""
    return dict(reversed(list(_asked(ast.parse(source or written())))))


def written() -> str:
    """The settings' source."""
    return "\n".join(path.read_text() for path in SETTINGS)


def _asked(tree: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _asks(node.func) and node.args and isinstance(node.args[0], ast.Constant):
            named = {word.arg: word.value for word in node.keywords}
            yield node.args[0].value, named.get("default", node.args[1] if len(node.args) > 1 else None)


def _asks(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in ("secret", "address")
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "env"


def of_the_launcher() -> set[str]:
    """Each variable that `backend/stack` reads by itself, before Django does or beside it."""
    return {name for path in STACK.glob("*.py") for name in read_directly(path.read_text())}


def read_directly(source: str) -> set[str]:
    """The names asked of an environment: `environ["NAME"]`, `given.get("NAME")`, `"NAME" in given`."""
    return {name for node in ast.walk(ast.parse(source)) for name in _names(node)}


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Subscript(value=place, slice=ast.Constant(value=str(name)), ctx=ast.Load()) if _environment(place):
            yield name
        case ast.Call(func=ast.Attribute(value=place, attr="get"), args=[ast.Constant(value=str(name)), *_]) if _environment(place):
            yield name
        case ast.Compare(left=ast.Constant(value=str(name)), ops=[ast.In()], comparators=[place]) if _environment(place):
            yield name


def _environment(place: ast.expr) -> bool:
    return ast.unparse(place).rpartition(".")[2] in ENVIRONMENTS


def rows(page: Path) -> dict[str, list[str]]:
    """The rows of a page's tables whose first cell is a variable, by its name."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.read_text().splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in cells}

"""Past 400 lines a file is two ideas; a module says in its first line what it is for; a function is seen at once."""

import ast

from tests.house.source import PRODUCT, WHOLE, files, offences

LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 400, 50
WRITTEN = (".py", ".html", ".typ", ".js", ".css", ".md", "Makefile")
GENERATED = ("/migrations/", "/locale/", "frontend/static/css/dsfr.css")


def long(text: str) -> list[str]:
    count = len(text.splitlines())
    return [f"{count} lines"] if count > LINES_OF_A_FILE else []


def nameless(source: str) -> list[str]:
    """A module with something in it that does not say what it is for, in one line."""
    tree = ast.parse(source)
    said = (ast.get_docstring(tree) or "").partition("\n")[0].strip()
    return ["says not what it is for"] if tree.body and not said else []


def endless(source: str) -> list[str]:
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [each.name for each in functions if (each.end_lineno or 0) - each.lineno >= LINES_OF_A_FUNCTION]


def by_hand(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {place: faults for place, faults in found.items() if not any(part in place for part in GENERATED)}


def test_no_file_holds_two_ideas() -> None:
    assert by_hand(offences(long, *WHOLE, ending=WRITTEN)) == {}


def test_every_module_says_what_it_is_for() -> None:
    assert by_hand(offences(nameless, *PRODUCT, "tests")) == {}


def test_every_function_is_seen_at_once() -> None:
    assert by_hand(offences(endless, *PRODUCT, "tests")) == {}


def test_what_has_grown_is_caught() -> None:
    assert long("x = 1\n" * 401)
    assert not long("x = 1\n" * 400)
    assert endless("def all_of_it():\n" + "    x = 1\n" * 50) == ["all_of_it"]
    assert not endless("def enough():\n" + "    x = 1\n" * 49)


def test_a_module_that_does_not_say_what_it_is_for_is_caught() -> None:
    assert nameless("import os\n")
    assert nameless('"""\n"""\nimport os\n')
    assert not nameless("")


def test_every_room_is_read() -> None:
    assert {place.partition("/")[0] for place, _ in files(*WHOLE, ending=WRITTEN)} >= {"backend", "cases", "docs", "frontend", "tests"}

"""docs/settings.md has one row for every environment variable that is read, with its default; and none for any other."""

import ast

import pytest

from backend.stack.checks import ROOT
from tests.house import variables

PAGE = ROOT / "docs" / "settings.md"


def said(default: ast.expr | None) -> str | None:
    """A default as the page writes it; None where the code works it out."""
    match default:
        case ast.Constant(value=bool(value)):
            return f"`{str(value).lower()}`"
        case ast.Constant(value=""):
            return "none"
        case ast.Constant(value=value):
            return f"`{value}`"
    return None


def test_every_variable_has_its_row_and_every_row_its_variable() -> None:
    assert set(variables.rows(PAGE)) == set(variables.of_settings()) | variables.of_the_launcher()


def test_every_default_is_the_one_of_the_code() -> None:
    rows = variables.rows(PAGE)
    secrets = {name for name in rows if rows[name][1] == "development only"}
    wrong = {name: (said(default), rows[name][1]) for name, default in variables.of_settings().items() if name not in secrets}
    assert {name: pair for name, pair in wrong.items() if pair[0] not in (None, pair[1])} == {}


def test_the_page_says_which_are_secrets_that_production_refuses_to_miss() -> None:
    tree = ast.parse(variables.written())
    called = [node.args[0] for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "secret"]
    assert {name for name, row in variables.rows(PAGE).items() if row[1] == "development only"} == {
        ast.literal_eval(name) for name in called
    }


@pytest.mark.parametrize(
    ("source", "name"),
    [('X = env.int("NEW_ONE", 3)', "NEW_ONE"), ('X = Path(env.str("A_PATH", str(BASE)))', "A_PATH"), ('X = secret("S", "d")', "S")],
)
def test_a_new_variable_is_found(source: str, name: str) -> None:
    assert name in variables.of_settings(source)


@pytest.mark.parametrize("source", ['os.environ["ONE"]', 'self.given.get("ONE", "2")', 'environ.get("ONE")', '"ONE" in given'])
def test_one_read_by_the_launcher_is_found(source: str) -> None:
    assert variables.read_directly(source) == {"ONE"}

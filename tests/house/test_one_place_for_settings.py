"""The environment is read in the settings, and by what starts the servers before there are settings; nowhere else."""

import ast

from tests.house.source import PRODUCT, full, imported, offences

READING = ("os.environ", "os.getenv", "os.environb", "environ.Env")
WRITING = {"setdefault", "clear", "update"}


def read(source: str) -> set[str]:
    """What reads the environment. To say which settings are meant (`setdefault`), or to empty it, is not to read it."""
    tree = ast.parse(source)
    known = dict(imported(tree))
    written = {node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in WRITING}
    return {full(node, known) for node in ast.walk(tree) if full(node, known) in READING and node not in written}


def test_the_environment_is_read_in_the_settings_only() -> None:
    found = offences(read, *PRODUCT, but={"backend/config/environment.py": "it is where settings are read"})

    assert {place for place in found if not place.startswith("backend/stack/")} == set()


def test_a_setting_read_on_the_side_is_caught() -> None:
    assert read("import os\nTOKEN = os.environ.get('TOKEN')")
    assert read("from os import environ as e\nTOKEN = e['TOKEN']")
    assert read("from os import getenv\nTOKEN = getenv('TOKEN')")
    assert not read("import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'backend.config.settings')")

"""Nothing half-done stands in the repository, and nothing in it tells of the machine it was written on."""

import re

from tests.house.source import WHOLE, offences

TEXTS = (".py", ".html", ".txt", ".typ", ".js", ".css", ".md", ".yaml", ".toml", ".lock", ".po", "environment", "run", "tools", "Makefile")
# a letter in brackets, so that this file does not find itself
HALF_DONE = re.compile(r"\b(TO[D]O|FI[X]ME|XX[X]|HA[C]K|NotImplementedErro[r]|not implemented ye[t])\b")
MACHINE = re.compile(r"(?<![\w./])/(wor[k]|hom[e]|roo[t]|User[s])/\w|/tmp/w[t]\b|[A-Z]:\\User[s]")
REGISTRY = re.compile(
    r"pypi\.or[g]|pythonhosted\.or[g]|registry\.npmj[s]|--(extra-)?index-ur[l]|/simple[/]|\bartifactor[y]\b", re.IGNORECASE
)


def half_done(text: str) -> set[str]:
    return {found[0] for found in HALF_DONE.finditer(text)}


def told(text: str) -> set[str]:
    """Paths of somebody's machine and addresses of package registries."""
    return {found[0] for pattern in (MACHINE, REGISTRY) for found in pattern.finditer(text)}


def test_nothing_is_half_done() -> None:
    assert offences(half_done, *WHOLE, ending=TEXTS) == {}


def test_nothing_tells_of_a_machine_or_of_a_registry() -> None:
    assert offences(told, *WHOLE, ending=TEXTS) == {}


def test_what_is_left_for_later_is_caught() -> None:
    assert half_done(f"# {'TO' + 'DO'}: the second instance")
    assert half_done(f"raise {'NotImplemented' + 'Error'}")
    assert not half_done("assert answer is NotImplemented")


def test_a_path_and_an_address_are_caught() -> None:
    assert told(f"CORPUS = Path('{'/' + 'work'}/shared/corpus')")
    assert told(f"cd {'/' + 'home'}/camille/commun-accord")
    assert told(f"pip install --{'index' + '-url'} https://example.org")
    assert not told("see backend/work/README.md, or /dossiers/work/")

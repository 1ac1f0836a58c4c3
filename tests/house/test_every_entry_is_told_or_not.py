"""Every kind of entry that the code records has its line in the table of notices: told to somebody, or to nobody."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from cases.actions.base import ACTIONS
from cases.notices.occasions import OCCASIONS, UNTOLD

ROOMS = ("cases/actions", "cases/delivery.py")
KIND = re.compile(r"[a-z]+\.[a-z_]+")


def kinds_in(source: str) -> Iterator[str]:
    """The texts of a module that have the shape of a kind of entry, less the jobs it owes and the fields it names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KIND.fullmatch(node.value):
            yield node.value


def recorded() -> set[str]:
    files = [file for room in ROOMS for file in _files(Path(settings.BASE_DIR) / room)]
    found = {kind for file in files for kind in kinds_in(file.read_text(encoding="utf-8"))}
    return found - set(settings.WORK_HANDLERS) - set(ACTIONS)


def _files(place: Path) -> list[Path]:
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]


def test_every_kind_that_is_recorded_is_in_the_table() -> None:
    assert recorded() - set(OCCASIONS) - UNTOLD == set()


def test_the_table_names_no_kind_that_nobody_records() -> None:
    assert (set(OCCASIONS) | UNTOLD) - recorded() == set()


def test_no_kind_is_both_told_and_untold() -> None:
    assert not set(OCCASIONS) & UNTOLD


def test_a_kind_without_its_line_is_caught() -> None:
    source = 'record(case.chain, "exhibit.burnt", actor, audience=access.PARTIES)'

    assert set(kinds_in(source)) - set(OCCASIONS) - UNTOLD == {"exhibit.burnt"}

"""The pages in docs/ point to files and tests that are there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.stack.checks import ROOT

NAMED = re.compile(r"`((?:backend|cases|deploy|docs|documents|frontend|signatures|tests)/[\w./-]+?)(?:::(\w+))?`")
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])


def absent(text: str) -> Iterator[str]:
    """What a page names that is not there."""
    for path, test in NAMED.findall(text):
        file = ROOT / path
        if not file.exists():
            yield path
        elif test and not re.search(rf"^(async )?def {test}\(", file.read_text(), re.MULTILINE):
            yield f"{path}::{test}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    assert list(absent(page.read_text())) == []


def test_what_is_not_there_is_caught() -> None:
    assert list(absent("`cases/nothing.py`, `tests/house/variables.py::test_none`, `docs/asvs.md`")) == [
        "cases/nothing.py",
        "tests/house/variables.py::test_none",
    ]

"""Every template is used, and every template that is named is there."""

import re
from pathlib import Path

from django.template.utils import get_app_template_dirs

from tests.house.source import PRODUCT, ROOT, files

SHELVES = ("/templates/", "/texts/")
WRITTEN = {"words.txt", "LISEZMOI.txt"}  # what tesseract writes, what goes with a proof: no templates
ENDINGS = (".html", ".txt", ".typ")
NAME = re.compile(r"""["']([\w./-]+\.(?:html|txt|typ))["']""")
BY_LIBRARIES = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}  # Django and allauth ask for these by name


def ours() -> set[str]:
    """The templates of the house, each by the name it is asked for."""
    places = [place for place, _ in files(*PRODUCT, ending=ENDINGS)]
    return {place.partition(shelf)[2] for place in places for shelf in SHELVES if shelf in place}


def theirs() -> set[str]:
    """Those of the applications that we install; ours may stand before them under the same name."""
    shelves = [Path(shelf) for shelf in get_app_template_dirs("templates") if not _is_ours(Path(shelf))]
    return {path.relative_to(shelf).as_posix() for shelf in shelves for path in shelf.rglob("*.*")}


def _is_ours(shelf: Path) -> bool:
    return any(shelf.is_relative_to(ROOT / room) for room in PRODUCT)


def named() -> set[str]:
    """The templates that code or another template asks for."""
    return {name for _, text in files(*PRODUCT, ending=(".py", *ENDINGS)) for name in names(text)}


def names(text: str) -> set[str]:
    return set(NAME.findall(text))


def test_every_template_is_used() -> None:
    assert ours() - named() - theirs() - BY_LIBRARIES == set()


def test_every_template_that_is_named_is_there() -> None:
    assert named() - ours() - theirs() - WRITTEN == set()


def test_a_template_nobody_asks_for_and_one_that_is_not_there_are_caught() -> None:
    page = '{% extends "base.html" %}{% include "components/gone.html" with it=1 %}'
    code = 'return render(request, "case/absent.html", {"title": title})'
    letter = '#import "kit.typ": *'

    assert names(page) | names(code) | names(letter) == {"base.html", "components/gone.html", "case/absent.html", "kit.typ"}
    assert names(page) - ours() == {"components/gone.html"}
    assert {"base.html"} - names(code) == {"base.html"}

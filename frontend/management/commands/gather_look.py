"""Gathers the parts of the State's design system that the pages use into one small stylesheet, with the icons it names.

The design system as published weighs 700 kB and brings the State's typeface; a page of ours weighs under 300 kB in all.
Run it after an upgrade of django-dsfr; a test compares what is committed with what it would write.
"""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

COMPONENTS = [
    *("link", "button", "alert", "badge", "breadcrumb", "callout", "checkbox", "footer", "form", "header", "highlight", "input", "notice"),
    *("pagination", "radio", "search", "select", "skiplink", "stepper", "table", "tag", "upload"),
]
STATE_COMPONENTS = ["logo"]
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
ADDRESS = re.compile(r"url\(['\"]?(?!data:|#)([^)'\"]+)['\"]?\)")


def distribution() -> Path:
    """The folder of the design system in the installed package."""
    spec = find_spec("dsfr")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("django-dsfr is not installed")
    return Path(spec.origin).parent / "static" / "dsfr" / "dist"


def sources(components: list[str]) -> list[Path]:
    return [distribution() / "component" / name / f"{name}.main.min.css" for name in components]


def moved(source: Path, icons: dict[str, Path]) -> str:
    """A stylesheet with its icons' addresses made ours; `icons` collects them by name."""

    def address(match: re.Match[str]) -> str:
        icon = (source.parent / match[1]).resolve()
        icons[icon.name] = icon
        return f"url(../icons/{icon.name})"

    return ADDRESS.sub(address, FONT_FACE.sub("", source.read_text()).replace("Marianne,arial,sans-serif", "var(--typeface)"))


def state_sheet(icons: dict[str, Path]) -> str:
    """The State's own marks: its typeface and brand block, for sites of the State only."""
    core = (distribution() / "core" / "core.main.min.css").read_text()
    faces = "".join(face for face in FONT_FACE.findall(core) if "Marianne" in face).replace("../fonts/", "../state/fonts/")
    return faces + ":root{--typeface:Marianne,arial,sans-serif}" + "".join(moved(source, icons) for source in sources(STATE_COMPONENTS))


def gathered() -> Iterator[tuple[Path, bytes]]:
    """Every file of the look, and its content."""
    static = Path(settings.BASE_DIR) / "frontend" / "static"
    icons: dict[str, Path] = {}
    parts = [distribution() / "core" / "core.main.min.css", *sources(COMPONENTS)]
    yield static / "css" / "dsfr.css", "".join(moved(part, icons) for part in parts).encode()
    yield static.with_name("static_state") / "css" / "state.css", state_sheet(icons).encode()
    for name, icon in sorted(icons.items()):
        yield static / "icons" / name, icon.read_bytes()


class Command(BaseCommand):
    help = "Gathers the design system's stylesheet and icons from the installed django-dsfr."

    def handle(self, *args: Any, **options: Any) -> None:
        for path, content in gathered():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            self.stdout.write(f"{path.relative_to(settings.BASE_DIR)} {len(content)}")

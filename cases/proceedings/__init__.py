"""The proceedings: one folder per kind, each version declared in its own module and frozen once published."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from cases.proceedings.declare import Proceeding


@cache
def all_versions() -> dict[tuple[str, int], Proceeding]:
    """Every declared proceeding, by kind and version. A new folder is found by being there."""
    found = {}
    for folder in iter_modules(__path__):
        if not folder.ispkg:
            continue
        for module in iter_modules(import_module(f"{__name__}.{folder.name}").__path__):
            if module.name.startswith("v"):
                proceeding: Proceeding = import_module(f"{__name__}.{folder.name}.{module.name}").PROCEEDING
                found[proceeding.kind, proceeding.version] = proceeding
    return found


def get(kind: str, version: int | None = None) -> Proceeding:
    """A proceeding in the given version, or in the newest."""
    versions = all_versions()
    return versions[kind, version or max(number for name, number in versions if name == kind)]

"""French elision: "de" before a name."""

import re
from collections.abc import Iterable

VOICED = re.compile(r"[aàâäeéèêëiîïoôöœuùûü]|y[^aeiouéèâôœ]|h[^aâ]", re.IGNORECASE)


def of(name: str) -> str:
    """Gives "d’Armelle", "d’Yves", "d’Hélène"; "de Marc", "de Yann", "de Hassan"."""
    return f"d’{name}" if VOICED.match(name) else f"de {name}"


def of_all(names: Iterable[str]) -> str:
    """The same for one or several: "d’Armelle et de Marc"."""
    return " et ".join(of(name) for name in names)

"""Which court may hear a case: the courts we know, their indicative territories, and competence by residence."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from cases.deadlines import Calendar

DATA = Path(__file__).parent / "data" / "courts.csv"


class HasTerritory(Protocol):
    """Anything that covers postal codes: a row of the file, or an organisation of the database."""

    @property
    def territory(self) -> Sequence[str]: ...


Covering = TypeVar("Covering", bound=HasTerritory)


@dataclass(frozen=True)
class Court:
    """A tribunal judiciaire. Its territory is a list of prefixes of postal codes, indicative: the law lists communes."""

    name: str
    address: str
    postal_code: str
    city: str
    territory: tuple[str, ...]
    zone: str
    holidays: str

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.zone, self.holidays)


@cache
def known() -> tuple[Court, ...]:
    """The courts of `data/courts.csv`, which an installation loads with `manage.py load_courts` and then makes its own."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(map(_court, csv.DictReader(file, delimiter=";")))


def _court(row: dict[str, str]) -> Court:
    territory = tuple(row.pop("territory").split())
    return Court(territory=territory, **row)


def competent(postal_codes: Iterable[str], courts: Sequence[Covering]) -> list[Covering]:
    """The courts where either lives, in the order of the addresses: they choose among them (CPC 1070).

    Residence is that of the day of the petition. The longest prefix wins, so that a court inside another's department is found.
    """
    found: list[Covering] = []
    for postal_code in postal_codes:
        length, nearest = max(((covers(court, postal_code), court) for court in courts), key=lambda pair: pair[0], default=(0, None))
        if nearest is not None and length and nearest not in found:
            found.append(nearest)
    return found


def covers(court: HasTerritory, postal_code: str) -> int:
    """How many digits of a postal code this court's territory names; 0 where it does not cover it."""
    return max((len(prefix) for prefix in court.territory if postal_code.startswith(prefix)), default=0)

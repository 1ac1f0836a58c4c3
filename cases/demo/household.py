"""A household as its papers tell it: spouses, children, what they own, what they agreed."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Person:
    """A spouse."""

    first_names: str
    birth_name: str
    used_name: str
    born: date
    birthplace: str
    occupation: str
    address: str
    postal_code: str
    city: str
    income: int
    email: str
    title: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_names.split(',')[0]} {self.birth_name}"

    @property
    def home(self) -> str:
        return f"{self.address}, {self.postal_code} {self.city}"


@dataclass(frozen=True)
class Minor:
    """A child of the marriage."""

    first_names: str
    name: str
    born: date
    birthplace: str
    asks: bool | None = True  # None: without discernment, not informed

    @property
    def full_name(self) -> str:
        return f"{self.first_names.split(',')[0]} {self.name}"


@dataclass(frozen=True)
class Asset:
    """Something to share, and to whom it goes."""

    kind: str
    value: int
    to: str
    land_register: bool = False


@dataclass(frozen=True)
class Household:
    """Two spouses, their children, their marriage and their terms, euros a month where a month is meant."""

    spouses: tuple[Person, Person]
    children: tuple[Minor, ...]
    married_on: date
    married_at: str
    assets: tuple[Asset, ...]
    debts: tuple[tuple[str, int], ...] = ()
    maintenance: int = 200
    allowance: int = 0
    lawyers: tuple[str, ...] = field(default=())

    @property
    def has_land(self) -> bool:
        return any(asset.land_register for asset in self.assets)

    @property
    def names(self) -> str:
        return " et ".join(spouse.name for spouse in self.spouses)

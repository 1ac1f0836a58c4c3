"""What letters are made of: plain values, given by whoever maps a case to a letter. No ORM, no rule of access."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict

Wish = Literal["asks", "does-not-ask", "without-discernment", "adult", "unknown"]


class Part(BaseModel):
    """A frozen value. An address that its reader may not know is None, and prints as "adresse non communiquée"."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False)


class Reference(Part):
    """How to find a document again: a short code, and the page where it is verified."""

    code: str
    url: str


class Seat(Part):
    """The court, and the chamber the case is before."""

    name: str
    address: str = ""
    postal_code: str = ""
    city: str
    chamber: str = ""
    phone: str = ""
    email: str = ""
    zone: str = "Europe/Paris"


class Body(Part):
    """A social-security, family-benefits or pension body of a spouse (CPC 1075)."""

    kind: str
    name: str
    address: str = ""
    number: str = ""


class Spouse(Part):
    """A spouse as an act names them (CPC 54, 1090; CC 229-3 1°)."""

    title: str = ""
    last_name: str
    used_name: str = ""
    first_names: str
    occupation: str
    address: str | None
    nationality: str
    born: date
    birthplace: str
    email: str = ""
    phone: str = ""
    legal_aid: str = ""
    bodies: tuple[Body, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.first_names} {self.last_name}"

    @property
    def known_as(self) -> str:
        """In everyday use: Armelle Desmarets."""
        return f"{self.first_names.replace(',', ' ').split()[0]} {self.used_name or self.last_name}"

    @property
    def civil_name(self) -> str:
        """As an act writes it: Madame Armelle Jeanne VAUQUELIN."""
        return f"{self.title} {self.first_names} {self.last_name.upper()}".strip()

    @property
    def born_word(self) -> str:
        return {"Madame": "née", "Monsieur": "né"}.get(self.title, "né(e)")


class Lawyer(Part):
    """A lawyer, their bar, their firm, and those they act for, by either name of a spouse (`name` or `known_as`)."""

    name: str
    bar: str
    firm: str = ""
    structure: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    acts_for: tuple[str, ...] = ()


class Child(Part):
    """A child of the spouses, and what is known of their wish to be heard (CC 388-1; CPC 1090).

    `residence` is empty where it is not stated, and None where its reader may not know it.
    """

    first_names: str
    last_name: str
    born: date
    birthplace: str
    nationality: str = ""
    occupation: str = ""
    residence: str | None = ""
    hearing: Wish = "unknown"


class Marriage(Part):
    """When and where; `contract` says in words the marriage contract, empty where there is none."""

    day: date
    place: str
    contract: str = ""


class Addressee(Part):
    """To whom a letter is written. Only its own reader's address is ever here."""

    name: str
    address: str | None = None
    greeting: str = "Madame, Monsieur,"


class Paper(Part):
    """A document named in an act: what it is, its date, its pages, and its digest where integrity is attested."""

    label: str
    number: str = ""
    dated: date | None = None
    pages: int | None = None
    sha256: str = ""


class Reason(Part):
    """Why a filing comes back, and how it is mended."""

    about: str
    reason: str
    mend: str
    law: str = ""


class Hearing(Part):
    """When and where the spouses are heard."""

    at: AwareDatetime
    room: str = ""
    judge: str = ""


class Recourse(Part):
    """The recourse open against a decision, and the midnight on which its period ends (CPC 680)."""

    kind: Literal["appeal", "cassation"]
    until: date


def with_counsel(values: dict[str, Any], spouses: Sequence[Spouse], lawyers: Sequence[Lawyer]) -> dict[str, Any]:
    """The values of a letter, each spouse beside the lawyers who act for them."""
    for value, spouse in zip(values["spouses"], spouses, strict=True):
        value["lawyers"] = [
            f"{it.name}, avocat au barreau de {it.bar}" for it in lawyers if {spouse.name, spouse.known_as} & set(it.acts_for)
        ]
    return values


def plain(value: Any, zone: str) -> Any:
    """A value as the templates read it: JSON only, days as ISO, moments in the local time of `zone`."""
    if isinstance(value, dict):
        return {key: plain(inner, zone) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, zone) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value

"""An identity as a provider has just vouched for it; and how it differs from what is written here."""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.errors import Text
from backend.people.federation.configured import Provider
from backend.people.levels import Level

COMPARED = ("given_name", "family_name", "preferred_username", "usual_name", "birthdate", "birthplace")
LONGEST = 200
IN_WORDS: Mapping[str, Text] = {
    "first_names": _("first names"),
    "last_name": _("name"),
    "born": _("date of birth"),
    "birthplace": _("place of birth"),
}


@dataclass(frozen=True)
class Identity:
    """Who somebody is at a provider: known by (issuer, subject) and by nothing else.

    `attributes` are the few that are compared; `email` is there only where the provider says that it verified it; `at` is when the person
    last proved themself there, where it says so.
    """

    provider: Provider
    subject: str
    acr: str
    at: datetime | None
    attributes: Mapping[str, str]
    email: str = ""
    bar: str = ""
    bar_number: str = ""
    id_token: str = field(default="", repr=False)

    @property
    def uid(self) -> str:
        """The key of the row, of one length whatever theirs: two issuers may give one subject to two people."""
        return hashlib.sha256(f"{self.provider.issuer}\n{self.subject}".encode()).hexdigest()

    @property
    def level(self) -> Level:
        return self.provider.worth(self.acr)

    @property
    def first_names(self) -> str:
        return self.attributes.get("given_name", "")

    @property
    def last_name(self) -> str:
        """The name in use where there is one, else that of birth, as people write it."""
        found = self.attributes.get("preferred_username") or self.attributes.get("usual_name") or self.attributes.get("family_name", "")
        return found.title() if found.isupper() else found


@dataclass(frozen=True)
class Difference:
    """What is written here and what the provider says, of one thing."""

    about: str
    here: str
    there: str

    @property
    def title(self) -> Text:
        return IN_WORDS[self.about]


def attributes(said: Mapping[str, Any]) -> dict[str, str]:
    """Of all that a provider says, what is compared; the rest is not kept."""
    return {name: value[:LONGEST] for name in COMPARED if isinstance(value := said.get(name), str) and value.strip()}


def differences(
    told: Mapping[str, str], *, first_names: str = "", last_names: Sequence[str] = (), born: str = "", birthplace: str = ""
) -> Iterator[Difference]:
    """How what a provider told differs from what is written here; what either side does not say differs in nothing.

    First names agree where the first of those written here is one of those told; a name where any written here is one of birth or of use told;
    a date where it is the same (what is not known of one may be told as 00). A place of birth told as the INSEE's code of a
    town is compared with nothing.
    """
    names = [told[name] for name in ("family_name", "preferred_username", "usual_name") if name in told]
    given, place = told.get("given_name", ""), told.get("birthplace", "")
    if given and first_names and not _first_name_agrees(first_names, given):
        yield Difference("first_names", first_names, given)
    written = [name for name in last_names if name]
    if names and written and not {plain(name) for name in written} & {plain(name) for name in names}:
        yield Difference("last_name", written[0], names[0])
    if born and not _same_day(born, told.get("birthdate", "")):
        yield Difference("born", born, told["birthdate"])
    if birthplace and place and not _is_code(place) and plain(birthplace) != plain(place):
        yield Difference("birthplace", birthplace, place)


def plain(name: str) -> str:
    """A name without accents, capitals, hyphens or apostrophes: as registers write it in many ways."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare).split())


def _first_name_agrees(written: str, told: str) -> bool:
    """Whether the first one written, or all of them where no comma parts them, begins or stands whole in those told; or holds them all."""
    words, all_told = plain(written.partition(",")[0]).split(), f" {plain(told)} "
    first = f" {' '.join(words)} "
    return bool(words) and (first in all_told or all_told in first or all_told.startswith(f" {words[0]} "))


def _same_day(written: str, told: str) -> bool:
    parts = list(zip(written.split("-"), told.split("-"), strict=False))
    return not told or (len(parts) == len(written.split("-")) and all(there in (here, "00") for here, there in parts))


def _is_code(place: str) -> bool:
    return len(place) == 5 and place[2:].isdigit()

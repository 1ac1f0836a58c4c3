"""The identity providers that the operator configured (`backend/config/trust.py`); none of them shows anywhere where none is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from backend.errors import NotFound
from backend.people.federation import acr
from backend.people.levels import Level


@dataclass(frozen=True)
class Provider:
    """One identity provider: where, who we are there, what we ask, and how well it must know people.

    `acr` is asked for signing in, `strong_acr` for a binding act (none: it cannot confirm one); `bar_claim` and `bar_number_claim` name what it
    says of a lawyer, where it does.
    """

    slug: str
    name: str
    issuer: str
    client_id: str
    secret: str
    scope: tuple[str, ...]
    acr: tuple[str, ...]
    strong_acr: tuple[str, ...]
    about: str = ""
    bar_claim: str = ""
    bar_number_claim: str = ""

    @property
    def confirms(self) -> bool:
        """Whether a binding act can be confirmed there."""
        return bool(self.strong_acr)

    def wanted(self, least: int) -> tuple[str, ...]:
        """The levels taken for an act that needs a proof worth `least`."""
        return tuple(one for one in self.strong_acr if self.worth(one) >= least) or acr.EIDAS[-1:]

    def worth(self, said: str) -> Level:
        return acr.worth(said, self.strong_acr)


def every() -> list[Provider]:
    """Those configured, in the order in which they are shown."""
    return [_made(slug, told) for slug, told in settings.FEDERATION.items()]


def of(slug: str) -> Provider:
    """The one of that name. Raises NotFound."""
    if slug not in settings.FEDERATION:
        raise NotFound
    return _made(slug, settings.FEDERATION[slug])


def _made(slug: str, told: Mapping[str, Any]) -> Provider:
    lists = {name: tuple(told[name]) for name in ("scope", "acr", "strong_acr")}
    return Provider(slug=slug, **{**told, **lists})

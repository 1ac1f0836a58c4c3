"""Asking for an instrument to be made: a row now, its PDF a moment later, after the commit."""

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from backend import clock
from backend.work import Job
from backend.work.owing import owe
from cases.models import Case, Instrument

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE = re.compile(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")


def code() -> str:
    """A short code to print: 12 characters that are not mistaken for one another, 60 bits."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return f"{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"


def ask_for(
    case: Case, kind: str, audience: Sequence[str], *, about: UUID | None = None, data: Mapping[str, Any] | None = None
) -> Instrument:
    """Owe an instrument that the platform typesets, seals where it is its own word, and attaches."""
    instrument = Instrument.objects.create(
        case=case, kind=kind, audience=list(audience), about=about, data=dict(data or {}), code=code(), at=clock.now()
    )
    owe([Job("cases.make", instrument.pk, lane=f"make:{case.pk}")])
    return instrument


def make_anew(case: Case, kind: str, readers: Sequence[str]) -> None:
    """Owe the current instruments of a kind again, of what is known now; those made before are for `readers` alone from now on, if they were theirs."""
    for instrument in case.instruments.of_kind(kind):
        if instrument.superseded_at is None:
            ask_for(case, kind, instrument.audience, about=instrument.about, data=instrument.data)
            instrument.audience = list(readers)
            instrument.superseded_at = clock.now()
        else:
            instrument.audience = [one for one in instrument.audience if one in readers]
        instrument.save(update_fields=["audience", "superseded_at"])


def set_aside(instrument: Instrument | None) -> None:
    """Set one instrument aside, whatever else is current of its kind."""
    if instrument is not None and instrument.superseded_at is None:
        instrument.superseded_at = clock.now()
        instrument.save(update_fields=["superseded_at"])


def supersede(case: Case, *kinds: str) -> int:
    """Set the current instruments of these kinds aside; gives the revision that follows."""
    current = case.instruments.current().of_kind(*kinds)
    revision = max(current.values_list("revision", flat=True), default=0)
    current.update(superseded_at=clock.now())
    return revision + 1

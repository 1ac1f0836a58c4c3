"""Signing with one's own certificate: the two ways to its service by the person's browser, and what comes back of each. Slow: never inside an action."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format

from backend.errors import DomainError, Text
from backend.people.actor import Actor
from cases import actions, ceremonies, own
from cases.models import Case
from signatures import own as turns
from signatures import remote
from signatures.remote import Gone as Gone


@dataclass(frozen=True)
class Choice:
    """A certificate that somebody may sign with, or may not, and why."""

    key: str
    name: str
    issuer: str
    until: str  # the day, in words
    unusable: Text | None


def to_show_oneself(back: str) -> Gone:
    """To the service, to say who one is; it answers the page `back`."""
    return remote.to_show_oneself(back)


def found(code: str, verifier: str, back: str) -> list[dict[str, Any]]:
    """The certificates of whoever came back, as JSON values: their public part, to choose from. Raises Unavailable."""
    return [one.as_json() for one in remote.certificates(remote.handed(code, verifier, back))]


def choices(actor: Actor, case: Case, kept: Iterable[Mapping[str, Any]]) -> list[Choice]:
    """These certificates, as they are shown to their owner where something waits for their signature."""
    count = len(ceremonies.waiting_for(actor, case))
    return [_choice(actor, case, own.of_json(one), count) for one in kept]


def _choice(actor: Actor, case: Case, one: remote.Own, count: int) -> Choice:
    day = date_format(datetime.fromisoformat(one.told["until"]).astimezone(ZoneInfo(settings.TIME_ZONE)))
    return Choice(one.told["sha256"], one.told["subject"], one.told["issuer"], day, own.unusable(actor, case, one, count))


def chosen(kept: Iterable[Mapping[str, Any]], key: str) -> Mapping[str, Any] | None:
    """The one of this key."""
    return next((one for one in kept if own.of_json(one).told["sha256"] == key), None)


def to_authorise(actor: Actor, case: Case, back: str) -> Gone:
    """To the service, to authorise what `signing.prepare` reserved, prepared now. Raises NotNow, Busy, Unavailable: the turn is then over."""
    sessions = _sessions(actor, case)
    try:
        asked = turns.prepare(sessions, actor.person)
    except DomainError:
        turns.give_up(sessions, actor.person)
        raise
    return remote.to_authorise(asked[0].certificate, [one.content for one in asked], back)


def signed(actor: Actor, case: Case, code: str, verifier: str, back: str) -> Case:
    """Sign with what the service signs on this person's authorisation: checked, judged, then consented to, in one act for all documents.

    Raises NotNow, Unavailable, Invalid, or what `signing.finish` does: nothing is signed then, and the turn is over.
    """
    sessions = _sessions(actor, case)
    try:
        asked = turns.asked(sessions, actor.person)
        made = remote.sign(asked[0].certificate, [one.content for one in asked], remote.handed(code, verifier, back))
        for one, signature in zip(asked, made, strict=True):
            turns.look_at(one.session, actor.person, signature)
        signatures = {str(one.session): b64encode(signature).decode() for one, signature in zip(asked, made, strict=True)}
        return actions.signing.finish(actor, case, signatures=signatures)
    except DomainError:
        turns.give_up(sessions, actor.person)
        raise


def give_up(actor: Actor, case: Case) -> None:
    """Somebody came back without authorising: the others need not wait."""
    turns.give_up(_sessions(actor, case), actor.person)


def _sessions(actor: Actor, case: Case) -> list[UUID]:
    """Those of the documents that wait for this person."""
    return [instrument.session_id for instrument in ceremonies.waiting_for(actor, case) if instrument.session_id]

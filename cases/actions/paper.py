"""Signing on paper: the scan brought by a lawyer, compared with the frozen text by the platform, confirmed by a lawyer who was there."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from backend import clock
from backend.errors import Conflict, NotFound
from backend.people.actor import Actor
from backend.register.entries import record
from backend.work import Job
from backend.work.owing import owe
from cases import access, ceremonies
from cases.actions.base import action
from cases.actions.signing import completed
from cases.bytes import bind, ready, useless
from cases.models import Case, Instrument
from signatures import paper
from signatures.models import Session


@action()
def bring(actor: Actor, case: Case, *, instrument: UUID, document: UUID) -> Instrument:
    """Bring the scan of an instrument that everyone has signed by hand: it is compared page by page with the text that was frozen."""
    found, session = _being_signed(case, instrument)
    kept = bind(case, ready(actor, document))
    assert kept.head is not None  # noqa: S101 - it is ready
    paper.bring(session, kept.head)
    if found.scan and found.scan != kept:
        useless(found.scan)
    found.scan = kept
    found.save(update_fields=["scan"])
    owe([Job("cases.compare-scan", session.pk)])
    digests = {str(found.pk): kept.head.sha256}
    record(case.chain, "paper.scan_brought", actor, about=found, digests=digests, audience=access.PARTIES)
    return found


@action()
def compare(actor: Actor, case: Case, *, session: UUID, scan: UUID, found: Sequence[Any]) -> Case:
    """Note what the comparison of a scan found. Done by the platform."""
    if not paper.note(session, scan, found):
        raise Conflict  # ended, or another scan was brought
    instrument = case.instruments.get(session=session)
    record(case.chain, "paper.scan_compared", actor, about=instrument, facts={"findings": len(found)}, audience=access.PARTIES)
    return case


@action(strong=True)
def confirm(actor: Actor, case: Case, *, instrument: UUID, looked: str = "") -> Instrument:
    """Confirm that a scan is what each signed by hand, the text that was frozen: the instrument is signed, and bound to both.

    A machine found what it could; who confirms was there and has looked. Raises Invalid on "looked" where something was found and nothing is said of it.
    """
    found, session = _being_signed(case, instrument)
    done = paper.confirm(session.pk, by=actor.person, by_name=actor.name, looked=looked, evidence=ceremonies.known_by(actor))
    assert done.scan is not None  # noqa: S101 - it was compared
    found.document, found.frozen, found.scan, found.signed_at = done.scan.document, found.document, None, clock.now()
    found.save(update_fields=["document", "frozen", "scan", "signed_at"])
    digests, facts = {str(found.pk): done.scan.sha256}, {"frozen": done.base.sha256, "kind": found.kind}
    record(case.chain, "paper.signed", actor, about=found, digests=digests, facts=facts, audience=access.PARTIES)
    completed(actor, case, found)
    return found


def _being_signed(case: Case, key: UUID) -> tuple[Instrument, Session]:
    """An instrument of this case that is being signed."""
    found = (
        case.instruments.current()
        .filter(pk=key, session__state=Session.State.OPEN)
        .select_related("session__base", "session__ceremony")
        .first()
    )
    if found is None or found.session is None:
        raise NotFound
    return found, found.session

"""Signing in a session with a certificate of one's own, at a service: a turn reserved, the file prepared, the signature that comes back consented to.

`reserve`, `agree` and `give_up` touch rows only, in the caller's transaction; `prepare` and `look_at` are slow, and hold no row that an action waits for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Conflict, Invalid, NotNow, Outdated
from backend.work import Job
from backend.work.owing import owe
from documents import vault
from signatures import ceremony, pades, report, turns
from signatures.models import Session, Signer, Turn
from signatures.remote import Own
from signatures.validation import Problem
from signatures.wording import PROBLEMS

HELD = timedelta(minutes=5)  # for their service to know them and ask them; the others' signatures wait meanwhile


@dataclass(frozen=True)
class Asked:
    """What a turn waits for: the signature of `content` by the key of `certificate`."""

    session: UUID
    certificate: Own
    content: bytes


def reserve(session_id: UUID, person: UUID, own: Own, *, evidence: Mapping[str, Any]) -> Turn:
    """Keep a session for a person who goes to sign at their service. Same errors as `ceremony.consent`; Conflict where it is another's turn."""
    session, signer = ceremony.answering(session_id, person, digest=evidence.get("digest"))
    if session.ordered and Signer.objects.before(signer).exclude(state=Signer.State.SIGNED).exists():
        raise NotNow(_("Somebody else signs before you."), code="not-your-turn")
    turns.forget_over(session.pk)
    Turn.objects.filter(signer=signer).delete()  # an earlier try of theirs
    if Turn.objects.filter(session=session).exists():
        raise Conflict(_("Somebody is signing with a certificate of their own. Try again in a few minutes."), code=turns.RESERVED)
    until = clock.now() + HELD
    turn = Turn.objects.create(session=session, signer=signer, until=until, evidence=dict(evidence), certificate=own.as_json())
    owe([Job("signatures.release", session.pk, due=until)])
    return turn


def prepare(sessions: Sequence[UUID], person: UUID) -> list[Asked]:
    """Make room for this person's signature in each session where it is their turn, over what is signed so far. Gives what they are to sign.

    Slow (vault, PDF). Raises NotNow (their turn is over, the session ended), Outdated, Busy, Unavailable.
    """
    for session_id in sorted(sessions):
        with transaction.atomic(), ceremony.alone(session_id):
            _prepare(session_id, person)
    return asked(sessions, person)


def asked(sessions: Sequence[UUID], person: UUID) -> list[Asked]:
    """What this person is to sign, in their turn. Raises NotNow where it is over in one of these sessions."""
    found = _going(sessions, person)
    return [Asked(turn.session_id, Own.of_json(turn.certificate), _attributes(turn)) for turn in found]


def look_at(session_id: UUID, person: UUID, signature: bytes) -> None:
    """Judge a signature that came back as any signature of a file is judged. Raises Invalid, which says why it cannot be relied on; NotNow."""
    (turn,) = _going([session_id], person)
    prepared = turns.prepared(turn, vault.content(turn.based_on))  # type: ignore[arg-type]
    found = report.report(pades.bare(prepared, turns.made(turn, signature)))
    one = next(each.status for each in found.signatures if each.status.field == ceremony.field_of(turn.signer))
    if wrong := [problem for problem in one.problems if problem != Problem.TIMESTAMP_MISSING]:
        said = _("Your certificate cannot be taken here, and nothing is signed: %(why)s") % {
            "why": " ".join(str(PROBLEMS[each]) for each in wrong)
        }
        raise Invalid(said, code="certificate")


@transaction.atomic
def agree(session_id: UUID, person: UUID, signature: bytes) -> Signer:
    """Consent with the signature that came back, in the words stated before one went: `ceremony.apply` then owes it its place.

    Same errors as `ceremony.consent`; NotNow where the turn is over, or used already.
    """
    turn = turns.taken(session_id, person)
    if turn is None:
        raise over()
    turn.signature = signature
    turn.save(update_fields=["signature"])
    return ceremony.consent(session_id, person, evidence=turn.evidence)


def give_up(sessions: Sequence[UUID], person: UUID) -> None:
    """End the turns of a person who came back without a signature: the others need not wait."""
    signers = list(Signer.objects.filter(session__in=sessions, person=person).values_list("pk", flat=True))
    Turn.objects.filter(signer__in=signers, signature=None).delete()  # of one table: what is signed at this moment is looked at again


def over() -> NotNow:
    return NotNow(
        _("It took too long, or the signature has changed meanwhile: nothing is signed. Start again when you like."), code="turn-over"
    )


def _going(sessions: Sequence[UUID], person: UUID) -> list[Turn]:
    mine: QuerySet[Turn] = Turn.objects.filter(session__in=sessions, signer__person=person, signature=None, added__isnull=False)
    found = list(mine.filter(until__gt=clock.now()).select_related("signer", "based_on").order_by("session"))
    if not found or len(found) < len(set(sessions)):
        raise over()
    return found


def _attributes(turn: Turn) -> bytes:
    facts_only = pades.Prepared(b"", turn.facts)
    return pades.asked(facts_only, turns.made(turn, b""))


def _prepare(session_id: UUID, person: UUID) -> None:
    turn = Turn.objects.filter(session=session_id, signer__person=person, until__gt=clock.now(), signature=None).first()
    if turn is None:
        raise over()
    signer = Signer.objects.select_related("session__document", "session__newest").get(pk=turn.signer_id)
    if signer.session.state != Session.State.OPEN:
        raise over()
    if turn.added is not None:
        return  # prepared before: the same is asked again
    ceremony.unchanged(signer.session)
    newest = signer.session.newest
    content = vault.content(newest)
    if sha256(content).hexdigest() != newest.sha256:
        raise Outdated
    made = pades.prepare(content, turns.made(turn, b""), ceremony.place_of(signer), name=signer.name)
    added = made.content[len(content) :]
    if not Turn.objects.filter(pk=turn.pk, signer=signer).update(based_on=newest, added=added, facts=made.facts):
        raise over()

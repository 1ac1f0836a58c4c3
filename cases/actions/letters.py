"""What the platform attaches to a case once it is made: instruments, stamped and marked copies of exhibits."""

from uuid import UUID

from backend import clock
from backend.errors import Conflict
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access
from cases.actions.base import action
from cases.bytes import put_to_use
from cases.models import Case, Exhibit, Instrument, Summons


@action()
def attach(actor: Actor, case: Case, *, instrument: UUID, document: UUID, said: str = "") -> Instrument:
    """Bind an instrument to its document. A summons to somebody who consented to electronic exchange is sent by that (CPC 748-2, 1092).

    `said` is the digest of what it says, where one asks later whether it would still say the same.
    """
    found = case.instruments.get(pk=instrument)
    if found.document_id:
        raise Conflict
    found.document = put_to_use(case, document)
    if said:
        found.data = {**found.data, "said": said}
    found.save(update_fields=["document", "data"])
    if found.kind == "summons":
        _sent_electronically(case, found)
    digests = {str(found.pk): found.document.head.sha256} if found.document.head else {}
    record(case.chain, "letter.attached", actor, about=found, digests=digests, facts={"kind": found.kind}, audience=found.audience)
    return found


@action()
def stamp(actor: Actor, case: Case, *, exhibit: UUID, document: UUID) -> Exhibit:
    """Bind an exhibit's stamped copy to it; the original stays as it was."""
    found = case.exhibits.get(pk=exhibit)
    if found.stamped_id:
        raise Conflict
    found.stamped = put_to_use(case, document)
    found.save(update_fields=["stamped"])
    digests = {str(found.pk): found.stamped.head.sha256} if found.stamped.head else {}
    record(case.chain, "exhibit.stamped", actor, about=found, digests=digests, facts={"number": found.number}, audience=access.EVERYONE)
    return found


@action()
def mark(actor: Actor, case: Case, *, exhibit: UUID, document: UUID, of: UUID) -> Exhibit:
    """Bind the marked copy of an identity paper, made of the document `of`, to its exhibit."""
    found = case.exhibits.kept().filter(pk=exhibit).first()
    if found is None or found.marked_id or not found.is_identity or found.document_id != of:
        raise Conflict
    found.marked = put_to_use(case, document)
    found.save(update_fields=["marked"])
    digests = {str(found.pk): found.marked.head.sha256} if found.marked.head else {}
    record(case.chain, "exhibit.marked", actor, about=found, digests=digests, audience=found.audience)
    return found


def _sent_electronically(case: Case, instrument: Instrument) -> None:
    summons = Summons.objects.select_related("spouse__user").get(instrument=instrument)
    user = summons.spouse.user
    if user and user.consent_electronic_at:
        summons.sent_on = clock.today(case.zone)
        summons.save(update_fields=["sent_on"])

"""Answering what the proceeding asks, one topic at a time, saved as one goes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Invalid, NotAllowed, Outdated
from backend.people.actor import Actor
from backend.register.entries import record
from backend.register.models import Entry
from cases import access, instruments
from cases import bytes as files
from cases.actions.base import action
from cases.models import Answer, Case, Child, Spouse
from cases.proceedings.declare import LAWYER, STAFF
from cases.proceedings.questions import SPOUSE_CONTACT, Topic
from cases.typed import typed
from cases.writing import EVIDENCE


@action()
def save(actor: Actor, case: Case, *, topic: str, value: Mapping[str, Any], about: UUID | None = None, since: int | None = None) -> Answer:
    """Save the answer to one topic; the one before it stays in the history.

    `since` is the sequence of the case at which this question was read: Outdated where it was answered after that, whatever else went on.
    """
    asked = next((candidate for candidate in case.proceeding.topics if candidate.name == topic), None)
    if asked is None:
        raise Invalid(_("This is not asked in this proceeding."), field="topic")
    person = _person(case, asked, about)
    if not open_to(actor, case, asked, person):
        raise NotAllowed(_("Only this person and their own lawyer answer this."))
    if since is not None and _answered_after(case, topic, about, since):
        raise Outdated(_("This question was answered since you opened it. What you typed is still here: save again to put it in place."))
    answer = typed(asked.model, value)
    case.answers.current().about(topic, about).update(superseded_at=clock.now())
    saved = Answer.objects.create(
        case=case, topic=topic, about=about, value=answer.model_dump(mode="json"), by_id=actor.user_id, at=clock.now()
    )
    if asked.row and person is not None:
        shown = isinstance(person, Spouse) and not person.concealed
        _write(person, answer.model_dump())
        _retitle(case, person)
        if shown and isinstance(person, Spouse) and person.concealed:
            _conceal_what_was_made(case, person)
    facts = {"topic": topic, "person": str(about)} if about else {"topic": topic}
    record(case.chain, "answer.saved", actor, about=saved, facts=facts, audience=_audience(asked, person))
    return saved


def _conceal_what_was_made(case: Case, spouse: Spouse) -> None:
    """The evidence of signatures says from where a spouse signed: it is made again without; copies of the file that hold it end, and can be asked for anew."""
    instruments.make_anew(case, EVIDENCE, access.side(spouse.side))
    files.end(case.bundles.kept())


def _answered_after(case: Case, topic: str, about: UUID | None, seq: int) -> bool:
    given = case.answers.about(topic, about).values("pk")
    return Entry.objects.filter(chain=case.chain_id, seq__gt=seq, kind="answer.saved", about_id__in=given).exists()


def _person(case: Case, topic: Topic, about: UUID | None) -> Spouse | Child | None:
    if topic.of == "case":
        if about is not None:
            raise Invalid(_("This is asked of the case, not of a person."), field="about")
        return None
    rows: QuerySet[Spouse] | QuerySet[Child] = case.spouses.all() if topic.of == "spouse" else case.children.all()
    person = rows.filter(pk=about).first()
    if person is None:
        raise Invalid(_("Say of whom."), field="about")
    return person


def open_to(actor: Actor, case: Case, topic: Topic, person: Spouse | Child | None) -> bool:
    """Whether this person answers this: of a spouse, they and their lawyer; another lawyer until they have their own, save what they conceal."""
    mine = access.standing(actor, case)
    if not (topic.own and isinstance(person, Spouse)) or person.side in mine.sides:
        return True
    return mine.is_any(LAWYER, STAFF) and not _represented(case, person) and not (topic is SPOUSE_CONTACT and person.concealed)


def _represented(case: Case, spouse: Spouse) -> bool:
    """Whether a lawyer of this spouse's side has joined the case."""
    return any(counsel.user_id and counsel.until is None and spouse.side in counsel.sides for counsel in case.counsels.all())


def _write(person: Spouse | Child, values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        setattr(person, field, value)
    person.save(update_fields=list(values))


def _retitle(case: Case, person: Spouse | Child) -> None:
    if isinstance(person, Spouse):
        case.title = " / ".join(case.spouses.order_by("side").values_list("birth_name", flat=True))


def _audience(topic: Topic, person: Spouse | Child | None) -> tuple[str, ...]:
    return access.side(person.side) if topic is SPOUSE_CONTACT and isinstance(person, Spouse) else access.PARTIES

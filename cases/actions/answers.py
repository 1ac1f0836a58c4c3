"""Answering what the proceeding asks, one topic at a time, saved as one goes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Invalid, NotAllowed
from backend.people.actor import Actor
from backend.register.entries import record
from cases import access
from cases.actions.base import action
from cases.models import Answer, Case, Child, Spouse
from cases.proceedings.declare import LAWYER, STAFF
from cases.proceedings.questions import SPOUSE_CONTACT, Topic
from cases.typed import typed


@action()
def save(actor: Actor, case: Case, *, topic: str, value: Mapping[str, Any], about: UUID | None = None) -> Answer:
    """Save the answer to one topic; the one before it stays in the history."""
    asked = next((candidate for candidate in case.proceeding.topics if candidate.name == topic), None)
    if asked is None:
        raise Invalid(_("This is not asked in this proceeding."), field="topic")
    person = _person(case, asked, about)
    if not open_to(actor, case, asked, person):
        raise NotAllowed(_("Only this person and their own lawyer answer this."))
    answer = typed(asked.model, value)
    case.answers.current().about(topic, about).update(superseded_at=clock.now())
    saved = Answer.objects.create(
        case=case, topic=topic, about=about, value=answer.model_dump(mode="json"), by_id=actor.user_id, at=clock.now()
    )
    if asked.row and person is not None:
        _write(person, answer.model_dump())
        _retitle(case, person)
    facts = {"topic": topic, "person": str(about)} if about else {"topic": topic}
    record(case.chain, "answer.saved", actor, about=saved, facts=facts, audience=_audience(asked, person))
    return saved


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
    """Whether this person answers this: a party for themselves only; a lawyer not in the place of the other side's spouse who conceals it."""
    mine = access.standing(actor, case)
    if not (topic.own and isinstance(person, Spouse)) or person.side in mine.sides:
        return True
    return mine.is_any(LAWYER, STAFF) and not (topic is SPOUSE_CONTACT and person.concealed)


def _write(person: Spouse | Child, values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        setattr(person, field, value)
    person.save(update_fields=list(values))


def _retitle(case: Case, person: Spouse | Child) -> None:
    if isinstance(person, Spouse):
        case.title = " / ".join(case.spouses.order_by("side").values_list("birth_name", flat=True))


def _audience(topic: Topic, person: Spouse | Child | None) -> tuple[str, ...]:
    return access.side(person.side) if topic is SPOUSE_CONTACT and isinstance(person, Spouse) else access.PARTIES

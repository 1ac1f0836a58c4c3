"""Who is awaited in a case, and until when: those the registry asks, those who are invited."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch

from cases.models import Case, Invitation, Question
from cases.proceedings.facts import Named

ANSWERS, INVITATIONS = "open_questions", "open_invitations"


def named(case: Case) -> dict[str, tuple[Named, ...]]:
    """The last days that somebody named, by what they asked. Asks the database only where the step and the people leave something to answer."""
    asked = case.questions.filter(answered_at=None).prefetch_related("to") if case.current_step.offers("filing.answer") else ()
    invited = () if _all_joined(case) else case.invitations.filter(state=Invitation.State.SENT)
    return _named(asked, invited)


def read() -> tuple[Prefetch, ...]:
    """What is fetched with many cases for `named_in`."""
    return (
        Prefetch("questions", Question.objects.filter(answered_at=None).prefetch_related("to"), to_attr=ANSWERS),
        Prefetch("invitations", Invitation.objects.filter(state=Invitation.State.SENT), to_attr=INVITATIONS),
    )


def named_in(case: Case) -> dict[str, tuple[Named, ...]]:
    """The same of one of many cases, from what was fetched with them."""
    asked = getattr(case, ANSWERS) if case.current_step.offers("filing.answer") else ()
    return _named(asked, getattr(case, INVITATIONS))


def _named(asked: Sequence[Question] | Any, invited: Sequence[Invitation] | Any) -> dict[str, tuple[Named, ...]]:
    return {
        "asked": tuple(Named(row.answer_by, row.pk, frozenset(user.pk for user in row.to.all())) for row in asked),
        "invited": tuple(Named(row.answer_by, row.invited) for row in invited),
    }


def _all_joined(case: Case) -> bool:
    return all(spouse.user_id for spouse in case.spouses.all()) and all(counsel.user_id for counsel in case.counsels.all())

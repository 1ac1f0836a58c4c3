"""The days that somebody names, for the registry's question or an invitation, are dates of the case like those that are counted."""

from datetime import timedelta
from typing import Any

import pytest

from backend import clock
from backend.errors import NotAllowed, NotNow
from cases import actions, facts, links, timing
from cases.models import Case
from cases.notices import approaching
from cases.outlook import outlook
from tests.world import World


def test_the_day_to_answer_the_registry_is_a_date_of_the_case_of_which_those_asked_are_told(world: World) -> None:
    case = world.joint_petition(at="check")
    actions.filing.claim(world.clerk, case)
    assert "filing.answer" not in outlook(world.lawyer, world.again(case)).may
    by = clock.today() + timedelta(days=5)
    question = actions.filing.ask(world.clerk, case, to=[world.spouse_1_user.pk], text="Quel est le régime ?", answer_by=by)

    case = world.again(case)
    seen = outlook(world.spouse_1, case)
    assert (seen.next_due.period.name, seen.next_due.on, case.next_due) == ("question", by, by)
    assert "filing.answer" in seen.may
    assert "filing.answer" not in outlook(world.spouse_2, case).may
    owed = {(notice.kind, notice.user_id) for notice in approaching.notices(case, facts.of_many([case])[case.pk])}
    assert owed == {("date.question.7", world.spouse_1_user.pk)}

    actions.filing.answer(world.spouse_1, case, question=question.pk, text="La communauté.")
    assert outlook(world.spouse_1, world.again(case)).next_due is None


def test_a_link_past_its_day_opens_nothing_and_says_to_ask_for_another_and_only_the_person_invited_answers(world: World) -> None:
    case = world.joint_petition(spouses=False)
    spouse = case.spouses.get(side=1)
    invitation = actions.invitation.send(world.lawyer, case, spouse=spouse.pk, email=world.spouse_1_user.email)
    token = links.token(invitation.pk)
    due = timing.due(case, facts.of(world.again(case)), "invitation")
    assert due is not None
    assert due.on == invitation.answer_by == world.again(case).next_due

    with pytest.raises(NotAllowed):
        actions.invitation.ask_for_changes(world.stranger, case, token=token, comment="à moi")
    with clock.at(due.until), pytest.raises(NotNow) as refusal:
        actions.invitation.accept(world.spouse_1, case, token=token, consent=True)
    assert refusal.value.mend
    with clock.at(due.until - timedelta(minutes=1)):
        assert actions.invitation.accept(world.spouse_1, case, token=token, consent=True)


def test_a_day_on_which_nothing_could_be_sent_is_not_the_last_cpc_748_7(settings: Any) -> None:
    case, since = Case(kind="joint-petition", version=1), clock.today()
    last = timing.laid(case, "appeal", since).on

    settings.OUTAGE_DAYS = frozenset({last})

    assert timing.laid(case, "appeal", since).on > last

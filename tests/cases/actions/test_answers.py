"""Who answers for whom, and what becomes of an answer that somebody else gave meanwhile."""

import pytest

from backend.errors import Invalid, NotAllowed, Outdated
from cases import actions
from tests.world import World, unchanged

INCOME = {"monthly": "1950"}


def test_once_a_spouse_has_a_lawyer_of_their_own_the_others_lawyer_answers_for_them_no_more(world: World) -> None:
    case = world.joint_petition(lawyers=2)
    theirs = case.spouses.get(side=2).pk

    for actor in (world.lawyer, world.staff, world.spouse_1):
        with unchanged(case.chain), pytest.raises(NotAllowed):
            world.answer(case, "income", INCOME, theirs, actor=actor)
    for actor in (world.second_lawyer, world.spouse_2):
        world.answer(case, "income", INCOME, theirs, actor=actor)


def test_until_that_lawyer_has_joined_the_one_who_opened_the_case_prepares_the_answers_of_both(world: World) -> None:
    case = world.joint_petition(spouses=False)
    actions.counsel.name(world.lawyer, case, side=2, full_name="Maître Ronan Kerdoncuff", email=world.second_lawyer_user.email)

    world.answer(case, "income", INCOME, case.spouses.get(side=2).pk)


def test_an_answer_is_not_put_in_place_of_one_that_was_given_after_the_question_was_read(world: World) -> None:
    case = world.joint_petition()
    read = case.chain.seq
    world.answer(case, "income", INCOME, case.spouses.get(side=1).pk)
    costs = {"topic": "costs", "since": read}

    actions.answers.save(world.lawyer, case, value={"first": 60, "second": 40}, **costs)
    with unchanged(case.chain), pytest.raises(Outdated):
        actions.answers.save(world.spouse_2, case, value={"first": 50, "second": 50}, **costs)
    actions.answers.save(world.spouse_2, case, value={"first": 50, "second": 50}, topic="costs", since=case.chain.seq)


@pytest.mark.parametrize("hidden", ["\u202e", "\u0000", "\u200b", "\u2028", "\n"], ids=["right-to-left", "nul", "no-width", "line", "feed"])
def test_what_does_not_show_is_in_no_name_and_in_no_answer(world: World, hidden: str) -> None:
    case = world.joint_petition()
    child = {"first_names": f"Lou{hidden}ise", "name": "Vauquelin", "born": "2014-05-02"}

    with unchanged(case.chain), pytest.raises(Invalid) as refusal:
        actions.opening.add_child(world.lawyer, case, **child)
    assert refusal.value.field == "first_names"
    with unchanged(case.chain), pytest.raises(Invalid):
        world.answer(case, "bodies", {"social_security": f"CPAM{hidden} du Rhône"}, case.spouses.get(side=1).pk)

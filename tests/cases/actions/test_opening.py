"""The court is where either spouse lives; where one conceals it, the court of that address is not told to the other side."""

import pytest

from backend.errors import Invalid
from cases import actions, checks
from cases.models import Instrument
from cases.writing.petition import joint_petition
from tests.world import World, unchanged


def test_the_court_of_a_concealed_address_is_chosen_by_its_own_side_only(world: World) -> None:
    """CPC 1070, 1136-5."""
    case = world.joint_petition(lawyers=2, concealed=True)

    with unchanged(case.chain), pytest.raises(Invalid):
        actions.opening.choose_court(world.second_lawyer, case, court=world.other_court.pk)
    actions.opening.choose_court(world.second_lawyer, case, court=world.court.pk)
    actions.opening.choose_court(world.lawyer, case, court=world.other_court.pk)
    assert case.court == world.other_court


def test_no_finding_tells_in_which_district_a_concealed_address_is(world: World) -> None:
    """The other side moves its own address about, and looks whether the court chosen is still found to be competent."""
    case = world.joint_petition(lawyers=2, concealed=True)
    found = []
    for court in (world.court, world.other_court):
        actions.opening.choose_court(world.lawyer, case, court=court.pk)
        elsewhere = {"address": "1 rue Neuve", "postal_code": "35000", "city": "Rennes"}
        world.answer(case, "contact", elsewhere, case.spouses.get(side=2).pk, actor=world.second_lawyer)
        found.append({finding.code for finding in checks.findings(world.again(case))})
        world.answer(case, "contact", {**elsewhere, "postal_code": "76000"}, case.spouses.get(side=2).pk, actor=world.second_lawyer)

    assert found[0] == found[1]


def test_the_petition_names_as_living_before_the_court_only_those_who_do_not_conceal_it(world: World) -> None:
    case = world.joint_petition(lawyers=2, concealed=True)
    said = []
    for court in (world.court, world.other_court):
        actions.opening.choose_court(world.lawyer, case, court=court.pk)
        said.append(joint_petition(Instrument(case=world.again(case), code="")).residents)

    assert said == [("Thibault Desmarets",), ()]

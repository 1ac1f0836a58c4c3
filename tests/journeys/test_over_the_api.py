"""The whole story of a joint petition over HTTP alone, on the real server and worker; then the ways it may take otherwise.

The hearing and the end of the time for recourse are reached by letting days pass: the programs are started again in days to come.
"""

import pytest
from django.core.management import call_command

from tests.journeys.house import House
from tests.journeys.joint_petition import NOT_ALLOWED, NOT_NOW, Story
from tests.world import World


@pytest.fixture
def story(house: House, world: World) -> Story:
    return Story(house, world)


def begun(story: Story, at: str, *, after: float = 0) -> None:
    """A story that others have brought to a step; its people come to it so many days later."""
    story.world.joint_petition(at=at, lawyers=2)
    story.house.open(days=after)
    story.href = story.solene.href


def test_from_the_opening_to_the_closing_with_a_question_and_a_return_for_correction(story: Story) -> None:
    story.house.open()
    for act in (story.open, story.invite, story.answer, story.bring, story.draft, story.sign):
        act()
    for act in (story.file, story.check, story.send_back, story.accept, story.hear_the_child, story.schedule):
        act()
    story.house.later(days=31)
    story.decide("homologation")
    story.serve()
    story.house.later(days=40)
    story.close()
    assert story.armelle.look()["case"]["outcome"] == "divorced"
    call_command("verify_register")
    story.house.close()
    assert story.house.faults == []


def test_adjourned_agreed_again_and_refused_a_second_time_the_petition_lapses(story: Story) -> None:
    begun(story, "hear", after=31)
    assert story.jeanne.refused("decision.draft", {"kind": "lapse"}) == NOT_NOW  # a first refusal adjourns (CC 250-2)
    assert story.jeanne.refused("decision.draft", {"kind": "adjournment"})[0] == 422  # without conditions (CPC 1100)
    story.decide("adjournment", conditions=["Une contribution qui couvre l'internat."], provisional_measures=["Le domicile à Armelle."])
    assert story.step() == "new-agreement"
    assert {due["name"] for due in story.armelle.look()["deadlines"]} >= {"new-agreement", "appeal"}
    assert story.jeanne.refused("decision.draft", {"kind": "lapse"}) == NOT_NOW  # the six months run
    story.renew_the_agreement()
    story.schedule()
    story.house.later(days=31)
    assert story.jeanne.refused("decision.draft", {"kind": "adjournment", "conditions": ["Encore."]}) == NOT_NOW  # CC 250-3
    story.decide("lapse")
    assert story.step() == "lapsed"
    assert story.gaelle.refused("certificate.issue") == NOT_NOW  # an appeal is open for fifteen days
    story.house.later(days=20)
    story.close("recourse.appeal", ["certificate"])


def test_an_acceptance_undone_keeps_its_number_and_a_spouse_who_withdraws_ends_the_case_for_all(story: Story) -> None:
    begun(story, "hear-child")
    number = story.armelle.look()["case"]["rg_number"]
    assert story.gaelle.refused("filing.undo_acceptance", {"reason": ""})[0] == 422
    assert story.jeanne.refused("filing.undo_acceptance", {"reason": "Erreur."}) == NOT_ALLOWED
    story.gaelle.act("filing.undo_acceptance", {"reason": "Acceptée par erreur."})
    assert story.step() == "check"
    assert story.armelle.get("filings")[0]["undone_because"] == "Acceptée par erreur."
    story.gaelle.act("filing.accept")
    assert {person.look()["case"]["rg_number"] for person in (*story.parties, *story.court)} == {number}
    story.hear_the_child()
    assert story.gaelle.refused("filing.undo_acceptance", {"reason": "Trop tard."}) == NOT_NOW
    story.withdraw()

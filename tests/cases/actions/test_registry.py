"""The registry: its chambers and lists, a filing that outlives its clerk, the court a case stays with."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend import clock
from backend.errors import Conflict, Invalid, NotFound, NotNow
from backend.people.models import Membership
from backend.register.models import Entry
from cases import access, actions
from cases.models import Filing
from cases.notices import occasions, recipients
from tests.world import World


def test_a_case_goes_to_the_chamber_whose_list_it_is_put_on_and_its_judge_sees_it(world: World) -> None:
    case = world.joint_petition(at="schedule")
    judge = world.actor(world.person("Marc", "Second", world.other_chamber, "judge"))
    registry = world.actor(world.person("Rose", "Accueil", world.court, "clerk"))
    listed = actions.hearing.make_list(
        registry, world.book, chamber=world.other_chamber.pk, on=clock.today() + timedelta(days=30), starts=time(9, 30), room="Salle 1"
    )
    with pytest.raises(NotFound):
        access.case(judge, case.pk)

    actions.hearing.schedule(registry, case, hearing_list=listed.pk)

    assert access.case(judge, case.pk).chamber == world.other_chamber
    with pytest.raises(NotFound):
        access.case(world.judge, case.pk)
    actions.hearing.move(registry, case, hearing_list=world.hearing_list().pk, reason="indisponible")
    assert access.case(world.judge, case.pk).chamber == world.chamber


def test_the_registry_sends_a_filing_to_another_chamber_where_a_clerk_takes_it(world: World) -> None:
    case = world.joint_petition(at="check")
    clerk = world.actor(world.person("Nour", "Seconde", world.other_chamber, "clerk"))
    actions.filing.claim(world.clerk, case)
    with pytest.raises(Invalid):
        actions.filing.assign(world.clerk, case, chamber=world.other_court.pk)

    actions.filing.assign(world.clerk, case, chamber=world.other_chamber.pk)

    actions.filing.claim(clerk, access.case(clerk, case.pk))
    actions.filing.return_for_correction(clerk, case, reasons=[{"code": "illegible", "note": ""}])
    actions.filing.submit(world.lawyer, case)
    assert world.again(case).chamber == world.other_chamber


def test_a_filing_passes_on_when_its_clerk_has_left_the_registry(world: World) -> None:
    case = world.joint_petition(at="check")
    actions.filing.claim(world.clerk, case)
    Membership.objects.filter(user=world.clerk_user).update(until=clock.today() - timedelta(days=1))

    assert actions.filing.claim(world.second_clerk, case).claimed_by == world.second_clerk_user


def test_a_filing_is_put_back_for_its_clerk_with_a_reason_that_the_clerk_is_told(world: World) -> None:
    case = world.joint_petition(at="check")
    actions.filing.claim(world.clerk, case)
    with pytest.raises(Invalid):
        actions.filing.release(world.second_clerk, case)

    released = actions.filing.release(world.second_clerk, case, reason="en congé cette semaine")

    assert (released.claimed_by, released.released_because) == (None, "en congé cette semaine")
    entry = Entry.objects.filter(chain=case.chain_id, kind="filing.released").get()
    assert recipients.users(entry, world.again(case), occasions.OCCASIONS["filing.released"]) == [world.clerk_user]
    with pytest.raises(Conflict):
        actions.filing.release(world.second_clerk, case, reason="encore")


@pytest.mark.parametrize("who", ["nobody", "a clerk", "a judge of another court"])
def test_a_list_is_held_by_a_judge_of_the_court(world: World, who: str) -> None:
    elsewhere = world.person("Ève", "Lointaine", world.other_court, "judge")
    judge = {"nobody": uuid4(), "a clerk": world.clerk_user.pk, "a judge of another court": elsewhere.pk}[who]

    with pytest.raises(Invalid) as refusal:
        actions.hearing.make_list(
            world.judge,
            world.book,
            chamber=world.chamber.pk,
            on=clock.today() + timedelta(days=30),
            starts=time(9),
            room="1",
            judge=judge,
        )
    assert refusal.value.field == "judge"


def test_a_list_is_held_while_a_case_is_put_on_it(world: World) -> None:
    case = world.joint_petition(at="schedule")
    listed = world.hearing_list()

    with CaptureQueriesContext(
        connection,
    ) as asked:
        actions.hearing.schedule(world.judge, case, hearing_list=listed.pk)

    held = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"] and "cases_hearinglist" in one["sql"]]
    assert len(held) == 1


def test_another_court_chosen_after_a_return_sees_nothing_before_it_is_filed_there(world: World) -> None:
    case = world.joint_petition(at="check")
    spouse = case.spouses.get(side=1)
    actions.filing.claim(world.clerk, case)
    actions.filing.return_for_correction(world.clerk, case, reasons=[{"code": "competence", "note": ""}])
    actions.agreement.reopen(world.lawyer, case)
    contact = {"address": "3 rue Neuve", "postal_code": "49000", "city": "Angers", "email": "a@example.fr", "concealed": False}
    world.answer(case, "contact", contact, spouse.pk)

    actions.opening.choose_court(world.lawyer, case, court=world.other_court.pk)

    assert (case.court, case.filed_at, case.chamber) == (world.other_court, None, None)
    with pytest.raises(NotFound):
        access.case(world.other_clerk, case.pk)
    assert case.filings.get().state == Filing.State.RETURNED


def test_a_case_that_has_its_number_stays_with_its_court_cpc_1070_1092(world: World) -> None:
    case = world.joint_petition(at="hear-child")
    actions.filing.undo_acceptance(world.clerk, case, reason="mauvais dossier")
    actions.filing.return_for_correction(world.clerk, case, reasons=[{"code": "competence", "note": ""}])
    actions.agreement.reopen(world.lawyer, case)

    with pytest.raises(NotNow):
        actions.opening.choose_court(world.lawyer, case, court=world.other_court.pk)
    assert actions.opening.choose_court(world.lawyer, case, court=world.court.pk).filed_at

"""The nearest date that lists sort by: the hearing among them, and never one that has passed."""

from datetime import time, timedelta

from backend import clock
from cases import benches
from cases.models import Case, Hearing, HearingList
from cases.notices import reminders
from tests.world import World


def test_a_hearing_to_come_is_a_date_and_a_date_that_passed_is_written_anew(world: World) -> None:
    case = world.joint_petition(at="hear")
    hearing = clock.day(case.hearings.get(state=Hearing.State.SCHEDULED).at, case.zone)
    assert case.next_due == hearing
    Case.objects.filter(pk=case.pk).update(next_due=clock.today() - timedelta(days=1))

    reminders.settle_what_passed()

    case.refresh_from_db()
    assert case.next_due == hearing


def test_a_date_still_to_come_is_left_alone(world: World) -> None:
    case = world.joint_petition(at="hear")
    Case.objects.filter(pk=case.pk).update(next_due=clock.today())

    reminders.settle_what_passed()

    case.refresh_from_db()
    assert case.next_due == clock.today()


def test_only_lists_that_leave_fifteen_days_to_summon_are_offered_cpc_1092(world: World) -> None:
    case = world.joint_petition(at="schedule")
    soon, far = (
        HearingList.objects.create(chamber=world.chamber, on=clock.today() + timedelta(days=days), starts=time(9, 30), room="1")
        for days in (14, 15)
    )

    offered = benches.open_lists(world.clerk, case)

    assert far in offered
    assert soon not in offered

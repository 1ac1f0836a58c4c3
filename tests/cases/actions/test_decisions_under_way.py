"""Between the judge's signature and the delivery nothing derails the case; what one may do now is told as it is."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backend import clock
from backend.errors import NotNow
from cases import actions, benches, facts, timing
from cases.models import Case, Hearing, Instrument
from cases.outlook import outlook
from tests.world import World, unchanged


def signed(world: World, case: Case, kind: str, **values: object) -> None:
    """The judge drafts and signs a decision; its signature is owed, and not yet made."""
    decision = actions.decision.draft(world.judge, case, kind=kind, **values)
    world.work()
    instrument = Instrument.objects.get(pk=decision.instrument_id)
    actions.decision.sign(world.judge, case, shown=instrument.document.head.sha256)


def may(world: World, name: str, case: Case) -> set[str]:
    return set(outlook(getattr(world, name), world.again(case)).may)


def test_while_a_decision_is_being_signed_the_hearing_stays_and_nothing_else_is_drafted(world: World) -> None:
    case = world.joint_petition(at="hear")
    with world.after_hearing(case):
        assert "decision.sign" not in may(world, "judge", case)  # nothing is drafted yet
        signed(world, case, "homologation")
        listed = world.hearing_list(days=60)
        for act in (
            lambda: actions.hearing.drop(world.clerk, case, reason="indisponible"),
            lambda: actions.hearing.move(world.judge, case, hearing_list=listed.pk, reason="indisponible"),
            lambda: actions.decision.draft(world.judge, case, kind="homologation"),
            lambda: actions.withdrawal.withdraw(world.spouse_1, case),
        ):
            with unchanged(case.chain), pytest.raises(NotNow):
                act()
        assert {"hearing.drop", "hearing.move", "decision.draft", "decision.sign"}.isdisjoint(may(world, "judge", case))
        world.work()

    case = world.again(case)
    assert (case.step, case.outcome) == ("recourse", "divorced")
    assert [hearing.state for hearing in case.hearings.all()] == [Hearing.State.HELD]


def test_after_the_judgment_one_is_offered_only_what_can_be_done_cc_260_cpc_1102_1103(world: World) -> None:
    case = world.joint_petition(at="recourse")

    assert {"recourse.appeal", "withdrawal.withdraw"}.isdisjoint(may(world, "spouse_1", case))
    assert "recourse.petition_for_cassation" in may(world, "spouse_1", case)
    assert {"certificate.issue", "closing.close", "recourse.end"}.isdisjoint(may(world, "clerk", case))
    with pytest.raises(NotNow) as refusal:
        actions.recourse.appeal(world.spouse_1, case)
    assert refusal.value.law == "CPC 1102"
    with clock.at(clock.now() + timedelta(days=90)):
        assert "recourse.petition_for_cassation" not in may(world, "spouse_1", case)
        assert "certificate.issue" in may(world, "clerk", case)
        actions.certificate.issue(world.clerk, case)
        assert "closing.close" in may(world, "clerk", case)


def test_one_is_offered_to_sign_while_ones_own_signature_is_awaited(world: World) -> None:
    case = world.joint_petition(at="sign")
    world.signs(world.spouse_1, case)

    assert "signing.sign" not in may(world, "spouse_1", case)
    assert "signing.sign" in may(world, "spouse_2", case)


def test_a_withdrawal_takes_back_an_adjournment_that_is_being_signed_cc_232(world: World) -> None:
    case = world.joint_petition(at="hear")
    with world.after_hearing(case):
        signed(world, case, "adjournment", conditions=["l'internat"])
        actions.withdrawal.withdraw(world.spouse_2, case)
        world.work()

    case = world.again(case)
    assert (case.step, case.decisions.count()) == ("withdrawn", 0)
    assert benches.tally(world.judge)["drafts"] == 0


def test_an_order_once_delivered_stays_current_when_the_next_decision_is_drafted(world: World) -> None:
    case = world.joint_petition(at="new-agreement")
    with clock.at(clock.now() + timedelta(days=300)):
        actions.decision.draft(world.judge, case, kind="lapse")

    assert case.instruments.current().of_kind("decision").count() == 2


def test_the_six_months_stand_still_while_any_appeal_is_open_and_end_that_much_later_cpc_1100_1101(world: World) -> None:
    case = world.joint_petition(at="new-agreement")
    before, adjourned = due(case), case.decisions.get().delivered_at
    with clock.at(adjourned + timedelta(days=1)):
        first = actions.recourse.appeal(world.lawyer, case, side=1)
    with clock.at(adjourned + timedelta(days=3)):
        second = actions.recourse.appeal(world.lawyer, case, side=2)
    with clock.at(adjourned + timedelta(days=12)):
        actions.recourse.end(world.clerk, case, recourse=first.pk, on=clock.today())
        assert due(case).suspended
    with clock.at(adjourned + timedelta(days=300)), pytest.raises(NotNow):
        actions.decision.draft(world.judge, case, kind="lapse")
    with clock.at(adjourned + timedelta(days=31)):
        actions.recourse.end(world.clerk, case, recourse=second.pk, on=clock.today())
        assert not due(case).suspended
        assert due(case).counted.raw_end == before.counted.raw_end + timedelta(days=30)


def due(case: Case) -> timing.Due:
    found = timing.due(case, facts.of(case), "new-agreement")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("zone", "at"),
    [("Pacific/Tahiti", "16:30"), ("Pacific/Noumea", "09:30")],
    ids=["Papeete, the next day in UTC", "Nouméa, the day before in UTC"],
)
def test_a_decision_is_of_the_day_of_its_hearing_where_the_court_sits(world: World, zone: str, at: str) -> None:
    case = world.joint_petition(at="schedule")
    world.court.zone = zone
    world.court.save(update_fields=["zone"])
    actions.hearing.schedule(world.judge, case, hearing_list=world.hearing_list().pk, at=datetime.strptime(at, "%H:%M").time())  # noqa: DTZ007
    hearing, case = case.hearings.get(), world.again(case)
    day = hearing.at.astimezone(ZoneInfo(zone)).date()

    with clock.at(hearing.at + timedelta(hours=1)):
        with pytest.raises(NotNow):
            actions.decision.draft(world.judge, case, kind="homologation", on=day - timedelta(days=1))
        assert actions.decision.draft(world.judge, case, kind="homologation", on=day).on == day

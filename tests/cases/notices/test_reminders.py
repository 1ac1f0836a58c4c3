"""What comes round: each person reminded once, of what still stands, whoever rings and however often."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core import mail

from backend import clock
from backend.api.models import Remembered
from backend.register.models import Entry
from backend.work.models import Owed, Period
from cases import actions, facts, timing
from cases.models import Case
from cases.notices import digest, preferences, reminders, tasks
from cases.notices.models import Notice
from cases.timing import Due
from tests.world import World

Told = Callable[[], dict[str, Any]]


def ring(told: Told) -> dict[str, Any]:
    """Beat rings, and what is owed is done."""
    reminders.owe_rounds()
    return told()


def reminded(case: Case) -> int:
    return Entry.objects.filter(chain=case.chain_id, kind="invitation.reminded").count()


def invited(world: World) -> Case:
    case = world.joint_petition(spouses=False)
    actions.invitation.send(world.lawyer, case, spouse=case.spouses.first().pk, email="nouvelle@example.fr")
    world.work()
    return case


def test_an_invitation_is_recalled_once_when_its_date_is_near(world: World, told: Told) -> None:
    case = invited(world)
    answer_by = case.invitations.get().answer_by

    assert ring(told) == {}
    with clock.at(clock.now() + timedelta(days=settings.INVITATION_DAYS - settings.INVITATION_REMINDER_DAYS)):
        first = ring(told)
    with clock.at(clock.now() + timedelta(days=settings.INVITATION_DAYS - 1)):
        second = ring(told)

    assert list(first) == ["nouvelle@example.fr"]
    assert str(answer_by.day) in first["nouvelle@example.fr"].body
    assert second == {}
    assert reminded(case) == 1


def test_an_invitation_whose_date_has_passed_is_not_recalled(world: World, told: Told) -> None:
    case = invited(world)

    with clock.at(clock.now() + timedelta(days=settings.INVITATION_DAYS + 2)):
        assert ring(told) == {}

    assert reminded(case) == 0


def test_an_accepted_invitation_is_not_recalled(world: World, told: Told) -> None:
    case = world.joint_petition()
    world.work()

    with clock.at(clock.now() + timedelta(days=settings.INVITATION_DAYS - 1)):
        assert ring(told) == {}

    assert reminded(case) == 0


def test_a_date_that_approaches_is_told_seven_days_and_one_day_before_each_once(world: World, told: Told) -> None:
    case = world.joint_petition(at="new-agreement")
    world.work()
    due = _due(case, "new-agreement")
    sent = []
    for days_before in (8, 7, 6, 2, 1, 0):
        with clock.at(_noon(due) - timedelta(days=days_before)):
            sent.append(set(ring(told)))

    those = {world.spouse_1_user.email, world.spouse_2_user.email, world.lawyer_user.email}
    assert sent == [set(), those, set(), set(), those, set()]


def test_a_date_of_a_case_that_ended_before_the_mail_left_is_not_told(world: World, told: Told) -> None:
    case = world.joint_petition(at="new-agreement")
    world.work()
    with clock.at(_noon(_due(case, "new-agreement")) - timedelta(days=7)):
        reminders.tell_dates()
        actions.withdrawal.withdraw(world.spouse_1, case)
        told()

    assert Notice.objects.filter(kind="date.new-agreement.7", sent_at=None, dropped_at__isnull=False).count() == 3
    assert Notice.objects.filter(kind="case.withdrawn", sent_at__isnull=False).exists()


def test_the_dates_of_many_cases_are_read_in_a_constant_number_of_queries(world: World, django_assert_max_num_queries: Any) -> None:
    for _number in range(3):
        world.joint_petition()
    Case.objects.update(next_due=clock.today())

    with django_assert_max_num_queries(22):
        reminders.tell_dates()


def test_beat_may_ring_twice_and_again_within_the_hour(world: World, told: Told) -> None:
    invited(world)
    with clock.at(clock.now() + timedelta(days=settings.INVITATION_DAYS - 1)):
        tasks.daily()
        tasks.daily()
        assert Owed.objects.filter(kind="notices.round").count() == len(reminders.ROUNDS)
        assert len(told()) == 1
        assert ring(told) == {}

    assert Period.objects.filter(name__in=["invitations", "dates", "digests", "forgotten-keys", "erasure"]).count() == 5


def test_what_is_asked_for_once_a_day_comes_once_a_day_in_one_mail(world: World, told: Told) -> None:
    case = world.joint_petition()
    world.work()
    preferences.choose(world.spouse_1_user, "daily")
    with clock.at(_at(9)):
        actions.agreement.upload(world.lawyer, case, document=world.brought(world.lawyer, "Convention"))
        actions.correspondence.write(world.lawyer, case, channel="side:1", body="Bonjour.")
        assert set(told()) == {world.spouse_2_user.email}
        first = ring(told)
        actions.correspondence.write(world.lawyer, case, channel="side:1", body="Encore.")
        assert told() == {}
    with clock.at(_at(11)):
        assert ring(told) == {}, "one a day"
    with clock.at(_at(33)):
        second = ring(told)

    assert list(first) == list(second) == [world.spouse_1_user.email]
    assert first[world.spouse_1_user.email].body.count("http") == 3, "two pieces of news, and the site"
    assert not Notice.objects.for_digest().exists()


def test_no_digest_leaves_in_the_night(world: World, told: Told) -> None:
    case = world.joint_petition()
    world.work()
    preferences.choose(world.spouse_1_user, "daily")
    with clock.at(_at(26)):
        actions.correspondence.write(world.lawyer, case, channel="side:1", body="Tard.")
        assert ring(told) == {}
    with clock.at(_at(32)):
        assert list(ring(told)) == [world.spouse_1_user.email]


def test_a_digest_tells_nothing_of_what_one_sees_no_more(world: World, told: Told) -> None:
    case = world.joint_petition(lawyers=2)
    preferences.choose(world.second_lawyer_user, "daily")
    with clock.at(_at(9)):
        actions.correspondence.write(world.lawyer, case, channel="lawyers", body="Confrère.")
        told()
        case.counsels.filter(user=world.second_lawyer_user).update(until=clock.now())
        assert digest.awaited_by() == [world.second_lawyer_user]
        assert ring(told) == {}
        assert digest.awaited_by() == []


def test_what_is_urgent_is_told_at_once_to_those_who_asked_for_a_digest(world: World) -> None:
    preferences.choose(world.spouse_1_user, "daily")
    mail.outbox.clear()
    world.joint_petition(at="hear", anew=True)
    world.work()

    sent = set(Notice.objects.filter(user=world.spouse_1_user, sent_at__isnull=False).values_list("kind", flat=True))
    assert sent == {"letter.attached"}


def test_an_unknown_rhythm_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="weekly"):
        preferences.choose(world.spouse_1_user, "weekly")


def test_keys_whose_promise_ran_out_are_forgotten(world: World) -> None:
    case = world.joint_petition()
    actions.correspondence.write(world.lawyer, case, channel="side:1", body="Bonjour.", key="once")
    assert Remembered.objects.count() == 1

    with clock.at(clock.now() + timedelta(days=3)):
        reminders.forget_keys()

    assert Remembered.objects.count() == 0


def _due(case: Case, name: str) -> Due:
    due = timing.due(case, facts.of(case), name)
    assert due is not None
    return due


def _noon(due: Due) -> datetime:
    return datetime(due.on.year, due.on.month, due.on.day, 12, tzinfo=ZoneInfo("Europe/Paris"))


def _at(hour: int) -> datetime:
    """An hour of tomorrow, in Paris; of the day after beyond 24."""
    start = clock.now().astimezone(ZoneInfo("Europe/Paris")).replace(hour=0, minute=0, second=0, microsecond=0)
    return start + timedelta(days=1, hours=hour)

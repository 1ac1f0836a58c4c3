"""A person's calendar: theirs alone, right to the hour across the change of time, readable by any program."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from backend import clock
from backend.people.actor import Actor
from cases import actions
from cases.models import Case
from cases.notices import calendar_address
from cases.notices.calendar import calendar_of
from tests.world import HIDDEN_STREET, World

PARIS = ZoneInfo("Europe/Paris")


def events(actor: Actor) -> list[Any]:
    return list(Calendar.from_ical(calendar_of(actor)).walk("VEVENT"))


def hearings(actor: Actor) -> list[Any]:
    return [event for event in events(actor) if str(event["uid"]).startswith("hearing-")]


@pytest.mark.parametrize(
    ("today", "hearing_on", "utc"),
    [
        (datetime(2027, 2, 22, 10, tzinfo=UTC), date(2027, 3, 26), 8),  # the Friday before the clocks go forward
        (datetime(2027, 2, 22, 10, tzinfo=UTC), date(2027, 3, 29), 7),  # the Monday after
        (datetime(2027, 9, 20, 10, tzinfo=UTC), date(2027, 11, 2), 8),  # after they went back
    ],
)
def test_a_hearing_stands_at_its_hour_whatever_the_change_of_time(world: World, today: datetime, hearing_on: date, utc: int) -> None:
    with clock.at(today):
        case = world.joint_petition(at="schedule")
        found = world.hearing_list(days=(hearing_on - clock.today()).days)
        actions.hearing.schedule(world.judge, case, hearing_list=found.pk)
        raw = calendar_of(world.lawyer)
        [event] = hearings(world.lawyer)

    starts = event["dtstart"].dt
    assert starts.astimezone(UTC) == datetime(hearing_on.year, hearing_on.month, hearing_on.day, utc, 30, tzinfo=UTC)
    assert (starts.hour, starts.minute) == (9, 30)
    assert b"DTSTART;TZID=Europe/Paris:" in raw
    assert b"BEGIN:VTIMEZONE" in raw


def test_the_lines_are_those_of_the_standard(world: World) -> None:
    world.joint_petition(at="hear")

    raw = calendar_of(world.lawyer)

    assert raw.startswith(b"BEGIN:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    for event in events(world.lawyer):
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event)


def test_an_event_keeps_its_name_from_one_reading_to_the_next(world: World) -> None:
    world.joint_petition(at="hear")

    first, second = ([str(event["uid"]) for event in events(world.lawyer)] for _time in range(2))

    assert first == second
    assert len(set(first)) == len(first)


def test_a_moved_hearing_is_in_the_calendar_once(world: World) -> None:
    case = world.joint_petition(at="hear")
    later = world.hearing_list(days=50, room="Salle 7")

    actions.hearing.move(world.judge, case, hearing_list=later.pk, reason="Grève")

    [event] = hearings(world.lawyer)
    assert event["dtstart"].dt.date() == later.on
    assert "Salle 7" in event["location"]


def test_deadlines_are_whole_days_of_those_who_must_keep_them(world: World) -> None:
    case = world.joint_petition(at="new-agreement")

    dates = {str(event["uid"]).split("@")[0]: event["dtstart"].dt for event in events(world.spouse_1)}

    due = case.decisions.get().on
    assert dates[f"date-{case.pk}-new-agreement"] > due
    assert type(dates[f"date-{case.pk}-new-agreement"]) is date
    assert not [uid for uid in dates if "maintenance" in uid], "the registry's own dates are the registry's"


def test_strangers_see_nothing_and_a_party_only_what_is_theirs_without_names(world: World) -> None:
    world.joint_petition(at="hear", concealed=True)

    assert events(world.outsider) == events(world.stranger) == events(world.administrator) == []
    theirs = calendar_of(world.spouse_2).decode()
    assert "hearing-" in theirs
    for private in ("Vauquelin", "Desmarets", "Zélie", HIDDEN_STREET):
        assert private not in theirs
    assert HIDDEN_STREET not in calendar_of(world.lawyer).decode()


def test_the_bench_sees_its_lists_and_the_other_courts_nothing(world: World) -> None:
    world.joint_petition(at="hear")

    for actor in (world.clerk, world.judge):
        [entry] = [event for event in events(actor) if str(event["uid"]).startswith("list-")]
        assert entry["dtstart"].dt.astimezone(PARIS).hour == 9
    assert events(world.other_clerk) == []


def test_a_question_is_in_the_calendar_until_it_is_answered(world: World) -> None:
    case = world.joint_petition(at="check")
    actions.filing.claim(world.clerk, case)
    by = clock.today() + timedelta(days=6)
    question = actions.filing.ask(world.clerk, case, to=[world.spouse_1_user.pk], text="Où ?", answer_by=by)

    assert [event["dtstart"].dt for event in events(world.spouse_1)] == [by]
    assert events(world.spouse_2) == []
    actions.filing.answer(world.spouse_1, case, question=question.pk, text="Ici.")
    assert events(world.spouse_1) == []


def test_the_queries_do_not_grow_with_the_cases(world: World, django_assert_max_num_queries: Any) -> None:
    for _number in range(4):
        world.joint_petition()
    Case.objects.update(next_due=clock.today())
    actor = world.lawyer

    with django_assert_max_num_queries(20):
        calendar_of(actor)


def test_an_address_opens_the_calendar_until_it_is_replaced_or_ended(world: World) -> None:
    first = calendar_address.issue(world.spouse_1_user)
    owner = calendar_address.of_token(first)
    assert owner is not None
    assert (owner.user_id, owner.strong) == (world.spouse_1_user.pk, False)

    second = calendar_address.issue(world.spouse_1_user)
    assert calendar_address.of_token(first) is None
    assert calendar_address.of_token(second) is not None
    calendar_address.revoke(world.spouse_1_user)
    assert calendar_address.of_token(second) is None


def test_a_closed_account_has_no_calendar(world: World) -> None:
    secret = calendar_address.issue(world.spouse_1_user)
    world.spouse_1_user.is_active = False
    world.spouse_1_user.save()

    assert calendar_address.of_token(secret) is None


def test_the_secret_is_not_kept(world: World) -> None:
    secret = calendar_address.issue(world.spouse_1_user)

    assert secret not in world.spouse_1_user.calendar_address.digest

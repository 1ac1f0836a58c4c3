"""Deadlines to the day: the worked vectors, the articles one by one, and what holds for every date."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.deadlines import (
    ABROAD,
    GOOD_FRIDAY,
    HOLIDAYS,
    Calendar,
    Period,
    add_months,
    backward,
    extended,
    forward,
    months_for_distance,
    public_holidays,
    reflection,
    suspended,
    territory_of,
)

PARIS = Calendar()
ZONES = {"Europe/Paris": PARIS, "Alsace-Moselle": Calendar("Europe/Paris", GOOD_FRIDAY)}
VECTORS = list(csv.DictReader((Path(__file__).parents[1] / "data" / "deadline-vectors.csv").read_text(encoding="utf-8").splitlines()))
FIFTEEN = Period(days=15)

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
calendars = st.sampled_from(HOLIDAYS).map(lambda code: Calendar("Europe/Paris", code))
periods = st.builds(Period, days=st.integers(0, 90), months=st.integers(0, 24)).filter(lambda period: period.days or period.months)


def day(text: str) -> date:
    return date.fromisoformat(text)


def period(text: str) -> Period:
    months, in_days = re.search(r"(\d+) month", text), re.search(r"(\d+) day", text)
    return Period(days=int(in_days[1]) if in_days else 0, months=int(months[1]) if months else 0)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['event']} {vector['day_0']}")
def test_a_worked_example_comes_out_to_the_day(vector):
    calendar, length = ZONES[vector["zone"]], period(vector["period"])

    found = forward(vector["event"], length, day(vector["day_0"]), calendar)
    assert (found.raw_end.isoformat(), found.end.isoformat()) == (vector["raw_end"], vector["end"])

    if vector["event"] == "reflection":
        wait = reflection("reflection", day(vector["day_0"]), calendar, length)
        assert wait.strict.isoformat() == vector["first_day_to_sign_strict"]
        assert wait.cautious.isoformat() == vector["first_day_to_sign_cautious"]


@pytest.mark.parametrize(
    ("hearing", "latest", "proposed"),
    [
        ("2026-06-26", "2026-06-11", "2026-06-10"),
        ("2026-03-19", "2026-03-04", "2026-03-03"),
        ("2026-10-16", "2026-10-01", "2026-09-30"),
        ("2026-07-10", "2026-06-25", "2026-06-24"),
        ("2026-12-17", "2026-12-02", "2026-12-01"),
    ],
)
def test_a_summons_is_sent_fifteen_days_before_and_proposed_the_working_day_before_that_cpc_1092(hearing, latest, proposed):
    notice = backward("summons", Period(days=15, law="CPC 1092"), day(hearing), PARIS)

    assert (notice.latest_sending, notice.proposed_sending) == (day(latest), day(proposed))
    assert notice.kept(day(latest))
    assert not notice.kept(day(latest) + timedelta(days=1))


def test_a_backward_period_ending_on_a_monday_is_proposed_for_the_friday_and_never_extended():
    notice = backward("summons", FIFTEEN, day("2026-06-15") + timedelta(days=15), PARIS)

    assert notice.latest_sending == day("2026-06-15")
    assert notice.proposed_sending == day("2026-06-12")


def test_a_backward_period_ending_on_a_holiday_stays_there_and_proposes_the_working_day_before():
    notice = backward("summons", FIFTEEN, day("2026-07-29"), PARIS)

    assert notice.latest_sending == day("2026-07-14")
    assert notice.proposed_sending == day("2026-07-13")


def test_months_end_on_the_same_number_or_on_the_months_last_day_cpc_641():
    assert add_months(day("2026-03-31"), 6) == day("2026-09-30")
    assert add_months(day("2027-08-31"), 6) == day("2028-02-29")
    assert add_months(day("2028-02-29"), 12) == day("2029-02-28")
    assert add_months(day("2026-01-31"), -2) == day("2025-11-30")


def test_months_are_counted_before_days_cpc_641():
    assert Period(days=15, months=1).after(day("2027-01-31")) == day("2027-03-15")


def test_the_last_day_counts_until_midnight_and_not_a_second_more_cpc_642():
    deadline = forward("new agreement", Period(months=6), day("2026-03-19"), PARIS)
    paris = ZoneInfo("Europe/Paris")

    assert not deadline.passed(datetime(2026, 9, 21, 23, 59, 59, tzinfo=paris))
    assert deadline.passed(datetime(2026, 9, 22, 0, 0, tzinfo=paris))
    assert deadline.first_day_after == day("2026-09-22")


def test_good_friday_moves_an_end_only_where_it_is_kept():
    assert forward("appeal", FIFTEEN, day("2026-03-19"), PARIS).end == day("2026-04-03")
    assert forward("appeal", FIFTEEN, day("2026-03-19"), Calendar(holidays="alsace-moselle")).end == day("2026-04-03")
    assert forward("appeal", FIFTEEN, day("2026-03-19"), Calendar(holidays=GOOD_FRIDAY)).end == day("2026-04-07")


def test_saint_stephens_day_is_a_holiday_in_all_of_alsace_moselle():
    assert day("2028-12-26") in public_holidays("alsace-moselle", 2028)
    assert day("2028-12-26") not in public_holidays("metropole", 2028)


def test_the_abolition_of_slavery_is_kept_on_each_territorys_own_day():
    assert day("2026-12-20") in public_holidays("reunion", 2026)
    assert day("2026-05-27") in public_holidays("guadeloupe", 2026)
    assert day("2026-05-27") not in public_holidays("metropole", 2026)


@pytest.mark.parametrize(("ending", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_a_day_of_changing_clocks_ends_at_its_own_midnight(ending, hours):
    starts = PARIS.midnight_ending(day(ending) - timedelta(days=1)).astimezone(UTC)

    assert PARIS.midnight_ending(day(ending)).astimezone(UTC) - starts == timedelta(hours=hours)


def test_a_day_is_the_courts_own_overseas():
    reunion = Calendar("Indian/Reunion", "reunion")
    deadline = forward("appeal", FIFTEEN, day("2026-06-01"), reunion)

    assert deadline.until == datetime(2026, 6, 16, 20, 0, tzinfo=UTC)
    assert reunion.day_of(datetime(2026, 6, 15, 21, 0, tzinfo=UTC)) == day("2026-06-16")


def test_a_reflection_period_is_over_on_its_first_day_to_sign_by_either_view_cc_229_4():
    wait = reflection("reflection", day("2026-10-17"), PARIS)
    monday = datetime(2026, 11, 2, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))

    assert wait.passed(monday, "strict")
    assert not wait.passed(monday, "cautious")
    assert (wait.first_day("strict"), wait.first_day()) == (day("2026-11-02"), day("2026-11-03"))


def test_those_far_from_the_court_have_more_time_cpc_643_644():
    assert months_for_distance("metropole", "metropole") == 0
    assert months_for_distance("metropole", "guadeloupe") == 1
    assert months_for_distance("metropole", ABROAD) == 2
    assert months_for_distance("reunion", "reunion") == 0
    assert months_for_distance("reunion", "metropole") == 1
    assert months_for_distance("reunion", ABROAD) == 2


def test_the_increase_for_distance_is_counted_before_the_days_cpc_641_643():
    overseas = Period(days=15, law="CPC 1103").longer(months_for_distance("metropole", "martinique"))

    assert forward("cassation", overseas, day("2026-12-17"), PARIS).end == day("2027-02-01")


@pytest.mark.parametrize(
    ("postal_code", "territory"),
    [
        ("76000", "metropole"),
        ("97110", "guadeloupe"),
        ("97133", "saint-barthelemy"),
        ("97150", "saint-martin"),
        ("98714", "polynesie-francaise"),
    ],
)
def test_a_postal_code_tells_the_territory(postal_code, territory):
    assert territory_of(postal_code) == territory


def test_an_outage_on_the_last_day_gives_the_next_working_day_cpc_748_7():
    deadline = forward("appeal", FIFTEEN, day("2026-07-10"), PARIS)

    assert extended(deadline, {day("2026-07-27")}).end == day("2026-07-28")
    assert extended(deadline, {day("2026-07-27"), day("2026-07-28")}).end == day("2026-07-29")
    assert extended(deadline, {day("2026-07-24")}) == deadline


def test_an_outage_on_a_friday_gives_the_monday_cpc_748_7():
    deadline = forward("appeal", FIFTEEN, day("2026-08-06"), PARIS)

    assert deadline.end.isoformat() == "2026-08-21"
    assert extended(deadline, {deadline.end}).end == day("2026-08-24")


def test_unknown_holidays_are_refused():
    with pytest.raises(ValueError, match="holidays"):
        Calendar(holidays="atlantide")


@given(days, periods, calendars)
def test_an_end_is_worked_and_nothing_worked_lies_between_it_and_the_raw_end_cpc_642(day_0, length, calendar):
    deadline = forward("any", length, day_0, calendar)

    assert calendar.is_working(deadline.end)
    skipped = [deadline.raw_end + timedelta(days=n) for n in range((deadline.end - deadline.raw_end).days)]
    assert not any(map(calendar.is_working, skipped))


@given(days, periods, calendars)
def test_a_later_event_never_ends_earlier(day_0, length, calendar):
    assert forward("any", length, day_0, calendar).end <= forward("any", length, day_0 + timedelta(days=1), calendar).end


@given(days, st.integers(1, 90))
def test_the_day_that_starts_a_period_in_days_is_not_counted_cpc_641(day_0, count):
    assert (Period(days=count).after(day_0) - day_0).days == count


@given(days, st.integers(0, 60))
def test_a_period_in_months_keeps_the_number_unless_the_month_is_too_short_cpc_641(day_0, months):
    end = add_months(day_0, months)

    assert (end.year * 12 + end.month) - (day_0.year * 12 + day_0.month) == months
    assert end.day == day_0.day or (end.day < day_0.day and (end + timedelta(days=1)).day == 1)


@given(days, calendars)
def test_the_strict_view_never_waits_longer_than_the_cautious_one(handed_over, calendar):
    wait = reflection("reflection", handed_over, calendar)

    assert wait.strict <= wait.cautious
    assert (wait.strict - handed_over).days == 16


@given(days, calendars, st.integers(1, 60))
def test_what_is_proposed_to_be_sent_is_always_in_time_and_worked(day_0, calendar, count):
    notice = backward("any", Period(days=count), day_0, calendar)

    assert notice.kept(notice.proposed_sending)
    assert calendar.is_working(notice.proposed_sending)
    assert notice.proposed_sending < notice.latest_sending


@pytest.mark.parametrize(
    ("spans", "end"),
    [
        ([], "2026-09-30"),
        ([("2026-04-10", "2026-04-10")], "2026-09-30"),
        ([("2026-04-10", "2026-04-11")], "2026-10-01"),
        ([("2026-04-10", "2026-04-20"), ("2026-04-15", "2026-04-25")], "2026-10-15"),
        ([("2026-04-10", "2026-04-20"), ("2026-04-12", "2026-04-14")], "2026-10-10"),
        ([("2026-04-10", "2026-04-20"), ("2026-05-01", "2026-05-06")], "2026-10-15"),
        ([("2026-09-30", "2026-10-02")], "2026-10-02"),
        ([("2026-10-01", "2026-10-09")], "2026-09-30"),
    ],
    ids=["none", "the same day", "one day", "across one another", "one in the other", "one after the other", "on the last day", "too late"],
)
def test_what_was_suspended_ends_later_by_the_days_on_which_something_suspended_it(spans: list[tuple[str, str]], end: str) -> None:
    """CC 2230; CPC 1086, 1101."""
    deadline = forward("new-agreement", Period(months=6), day("2026-03-30"), PARIS)

    assert suspended(deadline, [(day(begun), day(ended)) for begun, ended in spans]).raw_end == day(end)

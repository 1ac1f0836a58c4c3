"""The competent court follows where the spouses live (CPC 1070)."""

from zoneinfo import ZoneInfo

import pytest

from cases.courts import competent, known
from cases.deadlines import HOLIDAYS


def names(*postal_codes: str) -> list[str]:
    return [court.name for court in competent(postal_codes, known())]


@pytest.mark.parametrize(
    ("postal_codes", "expected"),
    [
        (("76000", "76000"), ["tribunal judiciaire de Rouen"]),
        (("49000", "44000"), ["tribunal judiciaire d'Angers", "tribunal judiciaire de Nantes"]),
        (("21000", "21000"), ["tribunal judiciaire de Dijon"]),
        (("87000", "87000"), ["tribunal judiciaire de Limoges"]),
        (("38000", "38000"), ["tribunal judiciaire de Grenoble"]),
        (("35400", "35000"), ["tribunal judiciaire de Saint-Malo", "tribunal judiciaire de Rennes"]),
        (("30000", "30000"), ["tribunal judiciaire de Nîmes"]),
        (("73000", "69004"), ["tribunal judiciaire de Chambéry", "tribunal judiciaire de Lyon"]),
    ],
)
def test_the_court_is_at_choice_where_either_lives_cpc_1070(postal_codes, expected):
    assert names(*postal_codes) == expected


def test_a_court_inside_anothers_department_is_found_by_the_longer_prefix():
    assert names("76600") == ["tribunal judiciaire du Havre"]
    assert names("97410", "97400") == [
        "tribunal judiciaire de Saint-Pierre de La Réunion",
        "tribunal judiciaire de Saint-Denis de La Réunion",
    ]


def test_an_address_abroad_gives_no_court():
    assert names("", "B-1000") == []


@pytest.mark.parametrize("department", [f"{n:02}" for n in range(1, 96)] + ["971", "972", "973", "974", "976", "987", "988"])
def test_every_department_has_a_court(department):
    assert names(department.ljust(5, "0"))


def test_every_court_has_a_name_of_its_own_a_zone_and_holidays_that_exist():
    assert len({court.name for court in known()}) == len(known())
    for court in known():
        assert ZoneInfo(court.zone)
        assert court.holidays in HOLIDAYS
        assert court.calendar.holidays == court.holidays


def test_no_two_courts_claim_the_same_prefix():
    prefixes = [prefix for court in known() for prefix in court.territory]
    assert sorted(prefixes) == sorted(set(prefixes))

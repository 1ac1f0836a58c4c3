"""What stands in the way of a joint petition, each rule at its edge, each finding with its article."""

from datetime import date
from typing import Any

import pytest

from backend.keys import uuid7
from cases import proceedings
from cases.proceedings import interpret
from cases.proceedings import questions as q
from cases.proceedings.facts import CounselFacts, Facts
from tests.cases.proceedings.making import ARMELLE, COURT, THIBAULT, ZELIE, answered, child, exhibit, in_order, spouse, without

PETITION = proceedings.get("joint-petition", 1)
BLOCKER, WARNING = "blocker", "warning"


def found(facts: Facts) -> list[tuple[str, str, str]]:
    """(code, severity, law) of each finding."""
    return [(finding.code, finding.severity, finding.law) for finding in interpret.findings(PETITION, facts)]


def test_a_petition_in_order_has_nothing_against_it() -> None:
    assert found(in_order()) == []


def test_everything_that_is_missing_is_told_at_once_blockers_first() -> None:
    missing = found(in_order(exhibits=(), answers={}, signed=frozenset(), counsels=(), court=None))

    assert {"child-form", "answer.marriage", "agreement", "petition", "lawyer", "court"} <= {
        code.removeprefix("document.") for code, *_ in missing
    }
    assert [severity for _, severity, _ in missing] == sorted(
        (severity for _, severity, _ in missing), key=lambda severity: severity != BLOCKER
    )


def test_every_finding_says_why_and_how_to_mend_it() -> None:
    found = interpret.findings(PETITION, in_order(exhibits=(), answers={}, signed=frozenset(), counsels=(), children=()))
    assert len(found) > 10
    for finding in found:
        assert str(finding.reason)
        assert str(finding.mend)
        assert finding.law


# --- the route (CC 229-2, 230, 249-3, 249-4) and the child (CC 388, 388-1; CPC 338-1, 1091)
EIGHTEEN_TODAY, EIGHTEEN_TOMORROW = date(2008, 5, 11), date(2008, 5, 12)


@pytest.mark.parametrize(
    ("row", "open_"),
    [
        ({}, True),
        ({"born": EIGHTEEN_TOMORROW}, True),
        ({"born": EIGHTEEN_TODAY}, False),
        ({"asks_to_be_heard": False, "form_dated": None}, False),
        ({"informed_on": None}, False),
        ({"discernment": False, "asks_to_be_heard": None, "informed_on": None, "form_dated": None}, False),
    ],
    ids=["asks", "17 years", "18 today", "does not ask", "never told", "without discernment"],
)
def test_the_route_is_open_only_where_a_minor_who_was_told_asks_to_be_heard(row: dict[str, Any], open_: bool) -> None:
    assert (("route", BLOCKER, "CC 229-2 1°, 230") not in found(in_order(children=(child(**row),)))) is open_


@pytest.mark.parametrize("measure", ["sauvegarde", "curatelle", "tutelle"])
def test_a_protected_adult_closes_the_route(measure: str) -> None:
    assert ("protection", BLOCKER, "CC 249-4") in found(in_order(spouses=(spouse(1), spouse(2, protected_adult=measure))))


def test_a_pending_request_for_protection_closes_the_route() -> None:
    assert ("protection", BLOCKER, "CC 249-3") in found(in_order(spouses=(spouse(1, protection_request_pending=True), spouse(2))))


@pytest.mark.parametrize(
    ("row", "law"),
    [
        ({"discernment": None, "asks_to_be_heard": None}, "CC 388-1"),
        ({"asks_to_be_heard": None}, "CC 388-1; CPC 338-1"),
        ({"informed_on": None}, "CC 388-1; CPC 338-1"),
        ({"form_signed": False}, "CPC 1091"),
        ({"form_dated": None}, "CPC 1091"),
        ({"asks_to_be_heard": False}, "CPC 1091"),
    ],
    ids=["discernment unknown", "silent", "never told", "form unsigned", "form undated", "a form that does not ask"],
)
def test_silence_and_unsigned_forms_block(row: dict[str, Any], law: str) -> None:
    assert ("child-form", BLOCKER, law) in found(in_order(children=(child(**row),)))


# --- who acts, and where (CC 250; CPC 1070)
def test_one_lawyer_for_both_or_one_each() -> None:
    first, second = CounselFacts(uuid7(), "A", (1,)), CounselFacts(uuid7(), "B", (2,))

    assert found(in_order(counsels=(first, second))) == []
    assert found(in_order(counsels=(first,))) == [("lawyer", BLOCKER, "CC 250")]


@pytest.mark.parametrize(("court", "good"), [(COURT, True), (None, False), (uuid7(), False)], ids=["theirs", "none", "another"])
def test_the_court_is_that_of_a_residence(court: Any, good: bool) -> None:
    assert (("court", BLOCKER, "CPC 1070") not in found(in_order(court=court))) is good


def test_both_acts_are_signed_by_all() -> None:
    assert found(in_order(signed=frozenset({"agreement"}))) == [("petition", BLOCKER, "CPC 1090")]
    assert found(in_order(signed=frozenset({"petition"}))) == [("agreement", BLOCKER, "CPC 1091")]


# --- the exhibits (CPC 1091, 1075, 1075-1; CC 272; CGI 1635 bis Q)
def test_land_calls_for_a_notary() -> None:
    house = answered("property", q.Property(items=[q.Asset(kind="house", land_register=True)]))

    assert found(in_order(answers=house)) == [("document.liquidation-statement", BLOCKER, "CPC 1091")]
    by_notary = exhibit("liquidation-statement", form="notarial")
    assert found(in_order(answers=house, exhibits=without("liquidation-statement", by_notary))) == []


def test_nothing_to_liquidate_is_declared() -> None:
    nothing = answered("property", q.Property(nothing_to_liquidate=True))

    assert ("document.nothing-to-liquidate", BLOCKER, "CPC 1091") in found(in_order(answers=nothing))
    debts = {**nothing, ("debts", None): q.Debts(items=[q.Debt(kind="loan", amount=1)])}
    assert found(in_order(answers=debts)) == []


def test_each_child_who_asks_has_a_form() -> None:
    other = child(id=uuid7(), name="Oscar")

    assert ("document.child-form", BLOCKER, "CPC 1091") in found(in_order(children=(child(), other)))


def test_a_discussed_allowance_calls_for_both_statements_of_resources() -> None:
    capital = answered("allowance", q.Allowance(form="capital", amount=1000, debtor="1", creditor="2"))
    statements = [exhibit("resources-statement", key) for key in (ARMELLE, THIBAULT)]

    assert [code for code, *_ in found(in_order(answers=capital))] == ["document.resources-statement"] * 2
    assert found(in_order(answers=capital, exhibits=(*in_order().exhibits, *statements))) == []


def test_what_is_still_private_would_not_go() -> None:
    capital = answered("allowance", q.Allowance(form="capital", amount=1000))
    private = [exhibit("resources-statement", key, side=side) for side, key in ((1, ARMELLE), (2, THIBAULT))]
    told = [exhibit("resources-statement", key, side=side, communicated=True) for side, key in ((1, ARMELLE), (2, THIBAULT))]

    assert (
        found(in_order(answers=capital, exhibits=(*in_order().exhibits, *private)))
        == [("document.resources-statement", BLOCKER, "CC 272; CPC 1075-1")] * 2
    )
    assert found(in_order(answers=capital, exhibits=(*in_order().exhibits, *told))) == []


def test_an_exhibit_to_follow_or_refused_is_not_there() -> None:
    to_follow = exhibit("liquidation-statement", there=False, ready=False)
    refused = exhibit("liquidation-statement", ready=False)

    for row in (to_follow, refused):
        assert found(in_order(exhibits=without("liquidation-statement", row))) == [("document.liquidation-statement", BLOCKER, "CPC 1091")]


@pytest.mark.parametrize(("dated", "old"), [(date(2026, 2, 11), False), (date(2026, 2, 10), True)], ids=["three months", "and a day"])
def test_a_certificate_of_more_than_three_months_is_doubtful(dated: date, old: bool) -> None:
    rows = without("marriage-certificate", exhibit("marriage-certificate", dated=dated))

    assert found(in_order(exhibits=rows)) == [("document.marriage-certificate", WARNING, "practice")] * old


def test_the_bodies_are_answered_or_come_as_an_exhibit() -> None:
    silent = spouse(2, complete={"identity": True, "contact": True, "protection": True})

    assert ("document.social-bodies-information", BLOCKER, "CPC 1075, 1090") in found(in_order(spouses=(spouse(1), silent)))


# --- the contribution of 50 euros (CGI 1635 bis Q), and what is low (CC 232): warnings, never blockers
@pytest.mark.parametrize(
    ("today", "aid", "due"),
    [
        (date(2026, 2, 28), ("none", "none"), False),
        (date(2026, 3, 1), ("none", "none"), True),
        (date(2026, 5, 11), ("total", "none"), True),
        (date(2026, 5, 11), ("total", "partial"), False),
    ],
    ids=["the day before", "the first day", "aid of one", "aid of both"],
)
def test_the_contribution_is_due_since_march_2026_save_with_legal_aid(today: date, aid: tuple[str, str], due: bool) -> None:
    spouses = tuple(spouse(side, legal_aid=kind) for side, kind in enumerate(aid, 1))
    rows = (*without("contribution-receipt"), *(exhibit("legal-aid-decision", key) for key in (ARMELLE, THIBAULT)))

    codes = [row for row in found(in_order(today=today, spouses=spouses, exhibits=rows)) if row[0] == "document.contribution-receipt"]
    assert codes == [("document.contribution-receipt", WARNING, "CGI 1635 bis Q")] * due


@pytest.mark.parametrize(("amount", "low"), [("70.50", False), ("70.49", True)], ids=["three percent", "a cent less"])
def test_a_low_contribution_is_pointed_out(amount: str, low: bool) -> None:
    answers = answered("maintenance", q.Maintenance(debtor="2", creditor="1", per_child_month={str(ZELIE): amount}))

    assert found(in_order(answers=answers)) == [("maintenance", WARNING, "CC 232")] * low

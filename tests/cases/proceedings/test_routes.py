"""The six routes, each judged alone (CC 229 to 230, 249, 296, 373-2-7), and what is suggested instead of a closed one."""

from typing import Any

import pytest

from backend.keys import uuid7
from cases.proceedings.facts import CounselFacts, Facts
from cases.routes import Status, routes, suggestions
from tests.cases.proceedings.making import child, in_order, spouse

ONE_EACH = (CounselFacts(uuid7(), "A", (1,)), CounselFacts(uuid7(), "B", (2,)))
ASKS, SILENT, DOES_NOT_ASK = (child(),), (child(asks_to_be_heard=None, form_dated=None),), (child(asks_to_be_heard=False, form_dated=None),)


def status(facts: Facts) -> dict[str, str]:
    return {route.kind: str(route.status) for route in routes(facts)}


@pytest.mark.parametrize(
    ("children", "petition", "without_a_judge"),
    [
        (ASKS, Status.OPEN, Status.CLOSED),
        (SILENT, Status.UNDECIDED, Status.UNDECIDED),
        (DOES_NOT_ASK, Status.CLOSED, Status.OPEN),
        ((), Status.CLOSED, Status.OPEN),
    ],
    ids=["a child asks", "a child is silent", "no child asks", "no child"],
)
def test_the_child_decides_between_the_judge_and_no_judge(children: Any, petition: str, without_a_judge: str) -> None:
    said = status(in_order(children=children, counsels=ONE_EACH))

    assert (said["joint-petition"], said["without-a-judge"]) == (petition, without_a_judge)


def test_without_a_judge_and_accepted_divorce_need_a_lawyer_each() -> None:
    said = status(in_order(children=()))

    assert said["without-a-judge"] == said["accepted-divorce"] == Status.OPEN_IF


@pytest.mark.parametrize("children", [ASKS, ()], ids=["a child asks", "no child"])
def test_a_protected_adult_keeps_only_the_accepted_divorce_and_the_childrens_agreement(children: Any) -> None:
    said = status(in_order(children=children, counsels=ONE_EACH, spouses=(spouse(1, protected_adult="curatelle"), spouse(2))))

    assert [kind for kind, state in said.items() if state == Status.OPEN] == [
        "accepted-divorce",
        *(["parental-agreement"] if children else []),
    ]


def test_separation_goes_before_the_judge_where_a_child_asks() -> None:
    forms = [next(route.form for route in routes(in_order(children=rows)) if route.kind == "legal-separation") for rows in (ASKS, ())]

    assert forms == ["before-the-judge", "without-a-judge"]


def test_nothing_is_suggested_instead_of_an_open_route() -> None:
    assert suggestions(in_order()) == []


def test_a_closed_route_suggests_others_that_are_not_closed() -> None:
    kinds = [suggestion.route.kind for suggestion in suggestions(in_order(children=()))]
    with_protection = [
        suggestion.route.kind for suggestion in suggestions(in_order(spouses=(spouse(1, protected_adult="tutelle"), spouse(2))))
    ]

    assert kinds == ["without-a-judge", "accepted-divorce"]
    assert with_protection == ["accepted-divorce"]


def test_every_route_says_why_and_by_which_article() -> None:
    for facts in (in_order(), in_order(children=()), in_order(children=SILENT, counsels=ONE_EACH)):
        found = list(routes(facts))
        assert len(found) == 6
        for route in found:
            assert str(route.because)
            assert route.law

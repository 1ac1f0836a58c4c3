"""A joint petition in order, as facts; a test changes the one fact it is about."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from backend.keys import uuid7
from cases.proceedings import questions as q
from cases.proceedings.facts import ChildFacts, CounselFacts, ExhibitFacts, Facts, SpouseFacts

TODAY = date(2026, 5, 11)
ARMELLE, THIBAULT, ZELIE, COURT = uuid7(), uuid7(), uuid7(), uuid7()
OWN_ROWS = {"identity": True, "contact": True, "protection": True, "bodies": True}


def spouse(side: int, **changed: Any) -> SpouseFacts:
    key, name = (ARMELLE, "Armelle") if side == 1 else (THIBAULT, "Thibault")
    row = SpouseFacts(key, side, name, OWN_ROWS, "76000", "France", "none", False, "none")
    return replace(row, **changed)


def child(**changed: Any) -> ChildFacts:
    told = date(2026, 3, 2)
    return replace(ChildFacts(ZELIE, "Zélie", date(2012, 11, 3), True, told, True, told, True), **changed)


def exhibit(kind: str, about: UUID | None = None, **changed: Any) -> ExhibitFacts:
    row = ExhibitFacts(uuid7(), kind, 0, about, date(2026, 4, 1), "", there=True, ready=True, communicated=False)
    return replace(row, **changed)


ANSWERS: Mapping[tuple[str, UUID | None], q.Answered] = {
    ("income", ARMELLE): q.Income(monthly=2180),
    ("income", THIBAULT): q.Income(monthly=2350),
    ("names", ARMELLE): q.Names(),
    ("names", THIBAULT): q.Names(),
    ("marriage", None): q.Marriage(date=date(2010, 7, 3), place="Rouen"),
    ("homes", None): q.Homes(),
    ("property", None): q.Property(items=[q.Asset(kind="car", value=9200)]),
    ("debts", None): q.Debts(),
    ("allowance", None): q.Allowance(),
    ("maintenance", None): q.Maintenance(debtor="2", creditor="1", per_child_month={str(ZELIE): 210}),
    ("costs", None): q.Costs(),
    ("effects-date", None): q.EffectsDate(),
}


def in_order(**changed: Any) -> Facts:
    """A petition that may be filed as it stands."""
    exhibits = (
        *(exhibit("birth-certificate", key) for key in (ARMELLE, THIBAULT, ZELIE)),
        exhibit("marriage-certificate"),
        exhibit("child-form", ZELIE),
        exhibit("liquidation-statement"),
        exhibit("contribution-receipt"),
    )
    facts = Facts(
        today=TODAY,
        spouses=(spouse(1), spouse(2)),
        children=(child(),),
        counsels=(CounselFacts(uuid7(), "Maître Houël", (1, 2)),),
        exhibits=exhibits,
        answers=ANSWERS,
        court=COURT,
        competent_courts=(COURT,),
        signed=frozenset({"agreement", "petition"}),
    )
    return replace(facts, **changed)


def answered(topic: str, value: q.Answered, about: UUID | None = None) -> dict[tuple[str, UUID | None], q.Answered]:
    return {**ANSWERS, (topic, about): value}


def without(kind: str, *instead: ExhibitFacts) -> tuple[ExhibitFacts, ...]:
    """The exhibits in order, those of one kind replaced."""
    return (*(row for row in in_order().exhibits if row.kind != kind), *instead)

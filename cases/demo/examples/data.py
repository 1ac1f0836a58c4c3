"""The example families as they are written in `examples.json`, moved in time so that what is told last has just happened."""

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cases.demo.household import Asset, Household, Minor, Person

FILE = Path(__file__).parent / "examples.json"
DAY = re.compile(r"(\d{4}-\d\d-\d\d)(T\d\d:\d\d)?")
WEEK = 7


@cache
def written() -> Mapping[str, Any]:
    """All four, by number, with the days they were written for."""
    found: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def example(number: str, *, last: str, on: date) -> dict[str, Any]:
    """One of them, in whole weeks later or earlier, so that its event called `last` falls on this day or in the week before."""
    data = written()[number]
    day = next(_day(event) for event in reversed(data["events"]) if event["what"] == last)
    moved: dict[str, Any] = _moved(data, timedelta(days=(on - day).days // WEEK * WEEK))
    return moved


def _day(event: Mapping[str, str]) -> date:
    return date.fromisoformat(event.get("date", event.get("at", ""))[:10])


def _moved(value: Any, by: timedelta) -> Any:
    """The same with every day moved: a day becomes a date, a moment stays as it is written."""
    if isinstance(value, dict):
        return {name: _moved(each, by) for name, each in value.items()}
    if isinstance(value, list):
        return [_moved(each, by) for each in value]
    found = DAY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    day = date.fromisoformat(found[1]) + by
    return f"{day}{found[2]}" if found[2] else day


def split(address: str) -> tuple[str, str, str]:
    """`8 rue X, 76000 Rouen` → street, postal code, town."""
    street, _, town = address.rpartition(", ")
    postal_code, _, city = town.partition(" ")
    return street, postal_code, city


def household(data: Mapping[str, Any], *, second: bool = False) -> Household:
    """The example's household, as its papers tell it; `second`: after the new agreement."""
    maintenance = data["maintenance"]
    sums = maintenance["second_agreement_per_child_month" if second else "per_child_month"]
    owners = {spouse["id"]: f"{spouse['first_names'][0]} {spouse['birth_name']}" for spouse in data["people"]["spouses"]}
    first, other = (_person(spouse, data["income"][spouse["id"]]) for spouse in data["people"]["spouses"])
    return Household(
        spouses=(first, other),
        children=tuple(
            Minor(", ".join(child["first_names"]), child["name"], child["born"], child["birthplace"], child["asks_to_be_heard"])
            for child in data["people"]["children"]
        ),
        married_on=data["marriage"]["date"],
        married_at=data["marriage"]["place"],
        assets=tuple(Asset(row["kind"], row["value"], owners.get(row["to"], row["to"]), row["land_register"]) for row in data["property"]),
        debts=tuple((row["kind"], row["amount"]) for row in data["debts"]),
        maintenance=max(sums.values()),
        allowance=data["allowance"]["amount"],
        lawyers=tuple(lawyer["name"] for lawyer in data["people"]["lawyers"]),
    )


def _person(spouse: Mapping[str, Any], income: int) -> Person:
    street, postal_code, city = split(spouse["address"])
    return Person(
        ", ".join(spouse["first_names"]),
        spouse["birth_name"],
        spouse["used_name"],
        spouse["born"],
        spouse["birthplace"],
        spouse["occupation"],
        street,
        postal_code,
        city,
        income,
        spouse["email"],
    )

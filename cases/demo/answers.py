"""A household's answers, topic by topic, as its lawyer enters them."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from cases.demo.household import Household
from cases.models import Case

Said = tuple[str, UUID | None, dict[str, Any]]


def of(case: Case, home: Household, day: date, *, concealed: bool = False) -> Iterator[Said]:
    """Every answer; `concealed` hides the first spouse's contact from the other side."""
    yield from _of_spouses(case, home, concealed)
    yield from _of_children(case, home, day)
    yield from _of_case(case, home)


def _of_spouses(case: Case, home: Household, concealed: bool) -> Iterator[Said]:
    for row, one in zip(case.spouses.all(), home.spouses, strict=True):
        yield (
            "identity",
            row.pk,
            {
                "title": one.title,
                "first_names": one.first_names,
                "birth_name": one.birth_name,
                "used_name": one.used_name,
                "born": str(one.born),
                "birthplace": one.birthplace,
                "nationality": "française",
                "occupation": one.occupation,
            },
        )
        yield (
            "contact",
            row.pk,
            {
                "address": one.address,
                "postal_code": one.postal_code,
                "city": one.city,
                "email": one.email,
                "concealed": concealed and row.side == 1,
            },
        )
        yield "protection", row.pk, {}
        yield "bodies", row.pk, {"social_security": "CPAM de Rouen", "family_benefits": "CAF de Seine-Maritime"}
        yield "income", row.pk, {"monthly": str(one.income)}


def _of_children(case: Case, home: Household, day: date) -> Iterator[Said]:
    told = {"discernment": True, "informed_on": str(day), "asks_to_be_heard": True, "form_dated": str(day), "form_signed": True}
    for child in case.children.all():
        yield "voice", child.pk, told


def _of_case(case: Case, home: Household) -> Iterator[Said]:
    first = home.spouses[0]
    yield "marriage", None, {"date": str(home.married_on), "place": home.married_at}
    yield "homes", None, {"family_home": first.home, "tenure": "rented", "kept_by": first.name}
    items = [{"kind": one.kind, "value": str(one.value), "to": one.to, "land_register": one.land_register} for one in home.assets]
    yield "property", None, {"items": items, "nothing_to_liquidate": not items}
    yield "allowance", None, {"form": "none"}
    monthly = {str(child.pk): str(home.maintenance) for child in case.children.all()}
    yield "maintenance", None, {"debtor": "2", "creditor": "1", "per_child_month": monthly}

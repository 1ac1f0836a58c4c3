"""The people of an example: accounts, firms, the court and its registry; and their household, for the papers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management import call_command

from backend.people.accounts import know_address
from backend.people.models import Membership, Organisation, User
from backend.register.entries import open_chain
from cases.demo.household import Asset, Household, Minor, Person
from cases.models import Book
from cases.models.rg_number import RgCounter

LONG_AGO = date(2020, 1, 1)


def split(address: str) -> tuple[str, str, str]:
    """`8 rue X, 76000 Rouen` → street, postal code, town."""
    street, _, town = address.rpartition(", ")
    postal_code, _, city = town.partition(" ")
    return street, postal_code, city


class Cast:
    """Who plays an example."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        call_command("load_courts", verbosity=0)
        self.users: dict[str, User] = {}
        for spouse in data["people"]["spouses"]:
            self.users[spouse["id"]] = account(spouse["email"], spouse["first_names"][0], spouse["birth_name"])
        for lawyer in data["people"]["lawyers"]:
            self.users[lawyer["id"]] = self._lawyer(lawyer)
        self.court = self._court(data)
        self.chamber = Organisation.objects.create(kind="chamber", name="Chambre de la famille", parent=self.court)
        self.book = Book.objects.create(organisation=self.court, chain=open_chain())
        for role in ("clerk", "judge"):
            self.users[role] = account(f"{role}@example.fr", role.title(), "Du Tribunal")
            Membership.objects.create(user=self.users[role], organisation=self.chamber, role=role, since=LONG_AGO)

    def _court(self, data: Mapping[str, Any]) -> Organisation:
        """The court chosen, or the only one; its counter stands where the example's own number is the next."""
        competent = data["expect"]["competent_courts"]
        court = Organisation.objects.get(kind="court", name=competent.get("chosen", competent["courts"][0]))
        for event in data["events"]:
            if "rg_number" in event:
                year, number = event["rg_number"].split("/")
                RgCounter.objects.create(court=court, year=2000 + int(year), last=int(number) - 1)
        return court

    def _lawyer(self, lawyer: Mapping[str, Any]) -> User:
        street, postal_code, city = split(lawyer["address"])
        firm = Organisation.objects.create(
            kind="firm",
            name=lawyer["firm"],
            bar=lawyer["bar"],
            structure=lawyer["structure"],
            address=street,
            postal_code=postal_code,
            city=city,
        )
        _, first, last = lawyer["name"].split(" ", 2)
        user = account(f"{lawyer['id']}@example.fr", first, last)
        Membership.objects.create(user=user, organisation=firm, role="lawyer", since=LONG_AGO)
        return user


def account(email: str, first: str, last: str) -> User:
    user = User.objects.create_user(email, first_names=first, last_name=last)
    know_address(user)
    return user


def household(data: Mapping[str, Any], *, second: bool = False) -> Household:
    """The example's household, as its papers tell it."""
    maintenance = data["maintenance"]
    sums = maintenance["second_agreement_per_child_month" if second else "per_child_month"]
    owners = {spouse["id"]: f"{spouse['first_names'][0]} {spouse['birth_name']}" for spouse in data["people"]["spouses"]}
    return Household(
        spouses=tuple(_person(spouse, data["income"][spouse["id"]]) for spouse in data["people"]["spouses"]),  # type: ignore[arg-type]
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

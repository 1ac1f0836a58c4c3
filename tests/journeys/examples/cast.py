"""The people of an example: accounts, firms, the court and its registry."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management import call_command

from backend.people.accounts import know_address
from backend.people.models import Membership, Organisation, User
from backend.register.entries import open_chain
from cases.demo.examples.data import split
from cases.models import Book
from cases.models.rg_number import RgCounter

LONG_AGO = date(2020, 1, 1)


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

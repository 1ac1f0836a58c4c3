"""The examples as the demo tells them: by whom they are played, how far, and on which days before today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from typing import Any

from backend import clock
from backend.people.models import Membership, Organisation, User
from backend.register.entries import open_chain
from cases import courts, facts, timing
from cases.demo.acting import sign, work
from cases.demo.cast import ACCOUNTS, NO_PASSWORD, SINCE, Cast, enrolled, person
from cases.demo.examples.data import example, household, split
from cases.demo.examples.player import Happening, Player, Players, Row
from cases.demo.household import Household
from cases.models import Book, Case


@dataclass(frozen=True)
class Telling:
    """How the demo tells an example: which of its events is the last, how many days ago, and what people find in it."""

    last: str
    rests: int
    finds: str
    lawyers: Mapping[str, str]  # whom of the demo's accounts one of its lawyers is


TELLINGS: Mapping[str, Telling] = {
    "01": Telling("signed", 1, "one lawyer, two children, the elder asks to be heard; being signed", {"houel": "Solène"}),
    "02": Telling("margin mention", 9, "adjourned, agreed again on the last evening, homologated", {"kerdoncuff": "Ronan"}),
    "03": Telling("appeal", 10, "refused twice, lapsed, appealed on the last day", {"tissot": "Bérénice"}),
    "04": Telling("suggestions read", 4, "no child asks to be heard: this route is closed, others are offered", {"marchadier": "Aline"}),
}


class Example(Player):
    """An example played for the demo, in weeks before today."""

    def __init__(self, cast: Cast, number: str, today: date) -> None:
        self.telling = TELLINGS[number]
        data = example(number, last=self.telling.last, on=today - timedelta(days=self.telling.rests))
        super().__init__(data, None)
        self.demo = cast

    @property
    def home(self) -> Household:
        return household(self.data)

    def play(self) -> Case:
        """Every event up to the last that is told, and what comes before each."""
        self.cast = players(self.demo, self.data, self.telling.lawyers)
        for moment, _rank, act in sorted(self.happenings(), key=lambda happening: happening[:2]):
            with clock.at(moment):
                act()
                work()
        return self.case

    def happenings(self) -> Iterator[Happening]:
        """What is told, in no order."""
        until = self.moment_of(self.last)
        for event in self.events:
            yield self.moment_of(event), 1, partial(self.happen, event)
        yield from (happening for happening in self.preparations() if happening[0] <= until)
        if self.last["what"] == "margin mention":
            yield until + timedelta(days=1), 2, self.finish

    @cached_property
    def events(self) -> Sequence[Row]:
        """Those that are told."""
        names = [event["what"] for event in self.data["events"]]
        told: Sequence[Row] = self.data["events"][: len(names) - names[::-1].index(self.telling.last)]
        return told

    @property
    def last(self) -> Row:
        return self.events[-1]

    def on_signed(self, event: Row) -> None:
        """Where the story stops here, only the lawyer has signed: the spouses find it to read and sign."""
        if event is not self.last:
            return super().on_signed(event)
        self.open_signature(event["date"])
        sign(self.cast.users[self.data["people"]["lawyers"][0]["id"]], self.case)

    def renew_agreement(self, dated: date) -> None:
        """On its day, or on the eve of the last day there is: six months have not as many days wherever they begin."""
        due = timing.due(self.case, facts.of(self.case), "new-agreement")
        day = min(dated, due.on - timedelta(days=1)) if due else dated
        with clock.at(datetime.combine(day, time(8, 30), self.zone)):
            super().renew_agreement(day)

    def on_new_agreement(self, event: Row) -> None:
        """The one that says its hour comes in the last evening there is."""
        with clock.at(self.last_evening("new-agreement", event) if "at" in event else clock.now()):
            super().on_new_agreement(event)

    def on_appeal(self, event: Row) -> None:
        """On the last day there is."""
        with clock.at(self.last_evening("appeal-of-lapse", event)):
            super().on_appeal(event)

    def last_evening(self, period: str, event: Row) -> datetime:
        """The hour of an event, on the last day of a period."""
        due = timing.due(self.case, facts.of(self.case), period)
        day = due.on if due else clock.today()
        return datetime.combine(day, self.moment_of(event).time(), self.zone)


def players(cast: Cast, data: Mapping[str, Any], lawyers: Mapping[str, str]) -> Players:
    """The people of an example: the accounts of the demo where they are the same, others with no password."""
    court = cast.court if cast.court.name == data["court"] else _court(data["court"])
    chamber = cast.chamber if court == cast.court else _chamber(court)
    book = Book.objects.filter(organisation=court).first() or Book.objects.create(organisation=court, chain=open_chain())
    found = Players(court, chamber, book)
    for spouse in data["people"]["spouses"]:
        found.users[spouse["id"]] = _account(spouse["email"], spouse["first_names"][0], spouse["birth_name"])
    for lawyer in data["people"]["lawyers"]:
        known = lawyers.get(lawyer["id"])
        found.users[lawyer["id"]] = cast.user(known) if known else _lawyer(lawyer)
    if court != cast.court:
        city = court.city.lower()
        found.users["clerk"] = _member(f"greffe.{city}@demo.example", "Claude", "Rivière", chamber, "clerk")
        found.users["judge"] = _member(f"juge.{city}@demo.example", "Dominique", "Vallet", chamber, "judge")
    return found


def _court(name: str) -> Organisation:
    known = next(court for court in courts.known() if court.name == name)
    values = {**asdict(known), "territory": list(known.territory)}
    return Organisation.objects.get_or_create(kind="court", name=name, defaults=values)[0]


def _chamber(court: Organisation) -> Organisation:
    return Organisation.objects.get_or_create(kind="chamber", name="Chambre de la famille", parent=court)[0]


def _account(email: str, first_names: str, last_name: str) -> User:
    """The account of a spouse; those that are printed are there already."""
    printed = next((one for one in ACCOUNTS if one.email == email), None)
    return User.objects.get(email=printed.email) if printed else person(email, first_names, last_name, NO_PASSWORD)


def _lawyer(lawyer: Mapping[str, Any]) -> User:
    street, postal_code, city = split(lawyer["address"])
    where = {"bar": lawyer["bar"], "structure": lawyer["structure"], "address": street, "postal_code": postal_code, "city": city}
    firm = Organisation.objects.get_or_create(kind="firm", name=lawyer["firm"], defaults=where)[0]
    _title, first, last = lawyer["name"].split(" ", 2)
    user = _member(f"{lawyer['id']}@demo.example", first, last, firm, "lawyer")
    enrolled(user, lawyer["bar"])
    return user


def _member(email: str, first_names: str, last_name: str, place: Organisation, role: str) -> User:
    user = person(email, first_names, last_name, NO_PASSWORD)
    Membership.objects.get_or_create(user=user, organisation=place, role=role, defaults={"since": SINCE})
    return user


def printed() -> Iterator[str]:
    """The example cases by the names of their spouses, and what each shows."""
    for number, telling in TELLINGS.items():
        spouses = example(number, last=telling.last, on=clock.today())["people"]["spouses"]
        names = " / ".join(spouse["birth_name"] for spouse in spouses)
        seen = ", ".join(telling.lawyers.values())
        yield f"  {names:<24} {telling.finds} (lawyer: {seen})"

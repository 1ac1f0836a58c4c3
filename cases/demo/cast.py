"""Who plays in the demo: a court with two chambers, three firms, and the twelve people whose accounts are printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from backend.people import professional
from backend.people.accounts import know_address
from backend.people.models import Membership, Organisation, User
from backend.register.entries import open_chain
from cases.models import Book

PASSWORD = "accord-de-demonstration"  # noqa: S105 (printed on purpose: the demo is never production)
NO_PASSWORD = "!"  # noqa: S105 (no password fits it)
SINCE = date(2020, 1, 1)
COURT_NAME = "Tribunal judiciaire de Rouen"
COURT = {
    "name": COURT_NAME,
    "address": "34 rue aux Juifs",
    "postal_code": "76000",
    "city": "Rouen",
    "territory": ["76"],
}
CHAMBERS = ("Chambre de la famille, 1re section", "Chambre de la famille, 2e section")
FIRMS = {
    "Cabinet Houël": {"bar": "Rouen", "address": "12 rue de la Toise", "postal_code": "76000", "city": "Rouen"},
    "Kerdoncuff & Lamy": {"bar": "Nantes", "address": "26 place des Trois-Clefs", "postal_code": "44000", "city": "Nantes"},
    "Cabinet Tissot": {"bar": "Rouen", "address": "33 rue du Plumier", "postal_code": "76100", "city": "Rouen"},
}


@dataclass(frozen=True)
class Account:
    """Somebody whose account is printed: what they are, where, and what they will find."""

    first_names: str
    last_name: str
    role: str
    place: str
    finds: str

    @property
    def email(self) -> str:
        plain = f"{self.first_names}.{self.last_name}".lower().translate(str.maketrans("éèêëàâîïôûüç", "eeeeaaiiouuc"))
        return f"{plain}@demo.example"


ACCOUNTS: Sequence[Account] = (
    Account("Solène", "Houël", "lawyer", "Cabinet Houël", "a caseload of some twenty cases at every step"),
    Account("Ronan", "Kerdoncuff", "lawyer", "Kerdoncuff & Lamy", "the cases where each spouse has a lawyer"),
    Account("Bérénice", "Tissot", "lawyer", "Cabinet Tissot", "the rest of the cases, some about to be filed"),
    Account("Aline", "Lamy", "lawyer", "Kerdoncuff & Lamy", "the work of a colleague of the same firm, and a draft whose route is closed"),
    Account("Lise", "Marchand", "staff", "Cabinet Houël", "the firm's cases: prepares, never signs"),
    Account("Gaëlle", "Prigent", "clerk", CHAMBERS[0], "the desk: filings to check, summonses, certificates"),
    Account("Paul", "Ferrand", "clerk", COURT_NAME, "the desk of both sections, with a filing of his own on it"),
    Account("Jeanne", "Delorme", "judge", CHAMBERS[0], "children to hear, hearings, a decision to draft"),
    Account("Marc", "Quesnel", "judge", CHAMBERS[1], "the second section: hearings to come, and what its decisions became"),
    Account("Armelle", "Vauquelin", "party", "", "her case: an agreement to read and sign"),
    Account("Thibault", "Desmarets", "party", "", "the same case from the other side"),
    Account("Ada", "Renaud", "administrator", "", "organisations and accounts, and no case"),
)


@dataclass(frozen=True)
class Cast:
    """The demo's people and places, found again in the database."""

    court: Organisation
    chamber: Organisation
    second_chamber: Organisation
    book: Book

    def user(self, first_names: str) -> User:
        """One of the twelve, by first name."""
        return User.objects.get(email=next(one.email for one in ACCOUNTS if one.first_names == first_names))


@transaction.atomic
def cast() -> Cast:
    """The cast; made where it is missing."""
    court, _new = Organisation.objects.get_or_create(kind="court", name=COURT["name"], defaults=COURT)
    places = {COURT_NAME: court} | {
        name: Organisation.objects.get_or_create(kind="chamber", name=name, parent=court)[0] for name in CHAMBERS
    }
    places |= {name: Organisation.objects.get_or_create(kind="firm", name=name, defaults=firm)[0] for name, firm in FIRMS.items()}
    hashed = make_password(PASSWORD)
    for one in ACCOUNTS:
        user = person(one.email, one.first_names, one.last_name, hashed, is_staff=one.role == "administrator")
        if one.place:
            Membership.objects.get_or_create(user=user, organisation=places[one.place], role=one.role, defaults={"since": SINCE})
    for one in (each for each in ACCOUNTS if each.role == "lawyer"):
        enrolled(User.objects.get(email=one.email), places[one.place].bar)
    book = Book.objects.filter(organisation=court).first() or Book.objects.create(organisation=court, chain=open_chain())
    return Cast(court, places[CHAMBERS[0]], places[CHAMBERS[1]], book)


def person(email: str, first_names: str, last_name: str, hashed: str, *, is_staff: bool = False) -> User:
    """Somebody with an account, whose address is known."""
    names = {"first_names": first_names, "last_name": last_name, "password": hashed, "is_staff": is_staff, "is_superuser": is_staff}
    user, new = User.objects.get_or_create(email=email, defaults=names)
    if new:
        know_address(user)
    return user


def enrolled(user: User, bar: str) -> None:
    """A lawyer's enrolment, looked up by the administrator."""
    row = professional.of([user.pk]).get(user.pk) or professional.state(user, bar, f"{sum(user.email.encode()):04}")
    professional.verify(row, User.objects.filter(is_staff=True).earliest("date_joined"))


def printed() -> Iterator[str]:
    """The accounts to try, as `make run` shows them."""
    yield f"The accounts of the demo, all with the password: {PASSWORD}"
    yield "An act that binds asks for a code: it arrives in the demo's mailbox, /boite-aux-lettres/."
    for one in ACCOUNTS:
        yield f"  {one.role:<14} {one.email:<36} {one.finds}"

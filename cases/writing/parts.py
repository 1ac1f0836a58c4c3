"""The parts that letters share, from the rows of a case. A concealed address never passes into an act that both sides read."""

from datetime import date

from django.conf import settings

from backend import clock
from backend.people.models import Organisation, User
from cases.letters import parts
from cases.models import Case, Child, Counsel, Hearing, Instrument, Spouse
from cases.proceedings.facts import is_minor
from cases.proceedings.questions import Answered, Marriage

BODIES = {"Assurance maladie": "social_security", "Prestations familiales": "family_benefits", "Retraite": "pension"}


def reference(instrument: Instrument) -> parts.Reference:
    """The short code printed on the act, and where it is verified."""
    return parts.Reference(code=instrument.code, url=f"{settings.BASE_URL}/verifier/{instrument.code}")


def seat(case: Case) -> parts.Seat:
    """The court and the chamber."""
    if case.court is None:
        return parts.Seat(name="tribunal judiciaire à choisir", city="")
    return bench(case.court, case.chamber)


def bench(court: Organisation, chamber: Organisation | None) -> parts.Seat:
    """A court and one of its chambers, as the head of a letter names them."""
    return parts.Seat(
        name=court.name,
        address=court.address,
        postal_code=court.postal_code,
        city=court.city,
        chamber=chamber.name if chamber else "",
        zone=court.zone,
    )


def spouse(row: Spouse, *, with_address: bool = False) -> parts.Spouse:
    """A spouse as an act read by both sides names them: the address is left out where it is concealed (CPC 1136-5)."""
    shown = with_address or not row.concealed
    return parts.Spouse(
        title=row.title,
        last_name=row.birth_name,
        used_name=row.used_name if row.used_name != row.birth_name else "",
        first_names=row.first_names,
        occupation=row.occupation,
        address=address(row) if shown else None,
        nationality=row.nationality,
        born=row.born,
        birthplace=row.birthplace,
        email=row.email if shown else "",
        phone=row.phone if shown else "",
        legal_aid=row.legal_aid_decision if row.legal_aid != "none" else "",
        bodies=tuple(parts.Body(kind=kind, name=getattr(row, field)) for kind, field in BODIES.items() if getattr(row, field)),
    )


def address(row: Spouse) -> str:
    """One line, without the country where it is France."""
    country = "" if row.country == "France" else row.country
    town = f"{row.postal_code} {row.city}".strip()
    pieces = [row.address] if town and town in row.address else [row.address, town]
    return ", ".join(piece for piece in [*pieces, country] if piece)


def spouses(case: Case) -> tuple[parts.Spouse, parts.Spouse]:
    first, second = case.spouses.all()
    return spouse(first), spouse(second)


def _home(row: Child) -> str:
    """With whom a child lives, by name: an address could be a concealed one."""
    if row.lives_with == "both":
        return "en alternance chez chacun de ses parents"
    names = {str(spouse.side): spouse.short_name for spouse in row.case.spouses.all()}
    return f"chez {names[row.lives_with]}" if row.lives_with else ""


def _wish(row: Child, on: date) -> parts.Wish:
    """What may be said of a child's wish to be heard: it is asked of minors only, and no answer is not a no (CC 388-1; CPC 338-1)."""
    if not is_minor(row.born, on):
        return "adult"
    if row.asks_to_be_heard:
        return "asks"
    if row.discernment is False:
        return "without-discernment"
    return "unknown" if row.asks_to_be_heard is None else "does-not-ask"


def child(row: Child) -> parts.Child:
    return parts.Child(
        first_names=row.first_names,
        last_name=row.name,
        born=row.born,
        birthplace=row.birthplace,
        nationality=row.nationality,
        residence=_home(row),
        hearing=_wish(row, clock.today(row.case.zone)),
    )


def children(case: Case) -> tuple[parts.Child, ...]:
    return tuple(child(row) for row in case.children.all())


def lawyer(case: Case, row: Counsel) -> parts.Lawyer:
    firm = row.firm
    return parts.Lawyer(
        name=row.name,
        bar=row.bar,
        firm=firm.name if firm else "",
        structure=firm.structure if firm else "",
        address=f"{firm.address}, {firm.postal_code} {firm.city}" if firm else "",
        email=row.email,
        phone=row.user.phone if row.user else "",
        acts_for=tuple(spouse.short_name for spouse in case.spouses.all() if spouse.side in row.sides),
    )


def lawyers(case: Case) -> tuple[parts.Lawyer, ...]:
    return tuple(lawyer(case, row) for row in case.counsels.filter(until=None).select_related("firm", "user") if row.sides)


def marriage(answer: Answered | None) -> parts.Marriage | None:
    if not isinstance(answer, Marriage):
        return None
    contract = "" if answer.contract == "none" else answer.contract
    return parts.Marriage(day=answer.date, place=answer.place, contract=contract)


def hearing(row: Hearing) -> parts.Hearing:
    judge = row.list.judge
    return parts.Hearing(at=row.at, room=row.list.room, judge=judge.full_name if judge else "")


def addressee(row: Spouse | Counsel) -> parts.Addressee:
    """To whom a letter goes: a spouse's own letter bears their own address, concealed or not."""
    if isinstance(row, Spouse):
        return parts.Addressee(name=f"{row.title} {row.first_names} {row.birth_name}".strip(), address=address(row))
    firm = row.firm
    return parts.Addressee(
        name=row.name, address=f"{firm.name}, {firm.address}, {firm.postal_code} {firm.city}" if firm else None, greeting="Maître,"
    )


def name_of(user: User | None) -> str:
    return user.full_name if user else ""

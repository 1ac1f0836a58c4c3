"""The names of the live feed's groups: a case's listeners, a bench's desk, one person's pages."""

from uuid import UUID


def case_group(case: UUID | str) -> str:
    return f"case.{case}"


def desk_group(organisation: UUID | str) -> str:
    return f"desk.{organisation}"


def person_group(user: UUID | str) -> str:
    return f"person.{user}"

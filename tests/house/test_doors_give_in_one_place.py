"""What a door gives out of a document goes through `cases.api.giving`, which knows when nothing is given."""

from tests.house.source import offences, used

DOORS = ("cases/api", "frontend")
GIVING = {"cases/api/giving.py": "the one place"}


def noted(source: str) -> set[str]:
    """What notes by itself that something was given."""
    return {name for name in used(source) if name.startswith("cases.looking")}


def test_no_other_door_notes_what_is_given() -> None:
    assert offences(noted, *DOORS, but=GIVING) == {}


def test_a_door_that_notes_by_itself_is_caught() -> None:
    assert noted("from cases import looking\nlooking.opened(request.actor, case, paper)")
    assert not noted("from cases.api import giving\ngiving.opened(request, case, paper)")

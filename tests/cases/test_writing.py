"""From the rows of a case to what its letters say: nothing that was not said, nothing that is concealed."""

from datetime import UTC, date, datetime

import pytest

from backend import clock
from cases.models import Case, Child
from cases.writing import parts

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def child(born: date = date(2012, 11, 3), **said: bool | None) -> Child:
    return Child(case=Case(), first_names="Zélie", name="Desmarets", born=born, lives_with="both", **said)


@pytest.mark.parametrize(
    ("row", "wish"),
    [
        (child(date(2008, 5, 4)), "adult"),
        (child(date(2008, 5, 4), discernment=True, asks_to_be_heard=True), "adult"),
        (child(date(2008, 5, 5)), "unknown"),
        (child(discernment=True), "unknown"),
        (child(discernment=False), "without-discernment"),
        (child(discernment=True, asks_to_be_heard=True), "asks"),
        (child(discernment=True, asks_to_be_heard=False), "does-not-ask"),
    ],
    ids=["18 today", "18 since the answer", "18 tomorrow", "silent", "without discernment", "asks", "does not ask"],
)
def test_the_right_to_be_heard_is_said_of_minors_only_and_no_answer_is_not_a_no(row: Child, wish: str) -> None:
    """CC 388, 388-1; CPC 338-1."""
    with clock.at(NOON):
        assert parts.child(row).hearing == wish

"""A door finds and allows: what it shows is asked for in `access`, `queues`, `outlook` and their like, never from a table of its own."""

from tests.house.source import offences, used

DOORS = ("cases/api", "frontend")
BEHIND_THE_BACK = {"objects", "_default_manager", "_base_manager", "get_object_or_404", "get_list_or_404", "cursor", "raw"}


def asked(source: str) -> set[str]:
    """What goes straight to a table; the empty list of a form's field that is filled later asks nothing."""
    return {name for name in used(source.replace(".objects.none()", "")) if BEHIND_THE_BACK & set(name.split("."))}


def test_no_door_asks_a_table() -> None:
    assert offences(asked, *DOORS) == {}


def test_a_door_that_asks_a_table_is_caught() -> None:
    assert asked("def get(request, case_id):\n    return Case.objects.filter(pk=case_id).first()") == {
        "Case.objects.filter",
        "Case.objects",
    }
    assert asked("from django.shortcuts import get_object_or_404\nget_object_or_404(Case, pk=case_id)")
    assert not asked("access.case(request.actor, case_id).exhibits.all()")
    assert not asked("judge = ModelChoiceField(User.objects.none())")

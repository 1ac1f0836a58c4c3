"""A hearing list on paper: typeset from the list as it stands, for those who work there."""

from typing import Any

from tests.cases.letters.reading import text_of
from tests.world import World


def test_the_list_is_printed_with_its_cases_by_those_who_work_there_and_by_nobody_else(world: World, calling: Any) -> None:
    case = world.joint_petition(at="hear")
    listed = case.hearings.get().list
    path = f"/api/v1/hearing-lists/{listed.pk}/file"

    answer = calling(world.clerk_user).get(path)

    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    assert case.rg_number in text
    assert "Vauquelin / Desmarets" in text
    assert calling(world.lawyer_user).get(path).status_code == 404

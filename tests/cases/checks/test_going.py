"""What would go with a filing is shown to each as far as they may see it already: to the court, what was handed to it."""

from typing import Any

from cases import actions
from tests.calling import client_of
from tests.world import World


def rehearsed(user: Any, case: Any) -> tuple[set[str], set[str]]:
    told = client_of(user).get(f"/api/v1/cases/{case.pk}/filings/rehearsal").json()
    return {row["kind"] for row in told["instruments"]}, {row["title"] for row in told["exhibits"]}


def test_the_court_learns_nothing_of_what_is_mended_before_it_is_filed_again(world: World) -> None:
    case = world.joint_petition(at="check")
    actions.filing.claim(world.clerk, case)
    actions.filing.return_for_correction(world.clerk, case, reasons=[{"code": "illegible"}])
    actions.agreement.reopen(world.lawyer, case)
    world.exhibit(case, world.lawyer, "other")
    world.to_sign(case)
    world.all_sign(case)

    for user in (world.spouse_2_user, world.lawyer_user):
        assert rehearsed(user, case)[0] == {"petition", "agreement"}
        assert "other" in rehearsed(user, case)[1]
    signed, exhibits = rehearsed(world.clerk_user, case)
    assert signed == set()
    assert "other" not in exhibits
    assert exhibits
    actions.filing.submit(world.lawyer, case)
    assert rehearsed(world.clerk_user, case)[0] == {"petition", "agreement"}

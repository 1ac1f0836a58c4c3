"""Text that people read is kept as it shows."""

from backend.legible import legible, shows
from cases import actions
from tests.world import World


def test_what_does_not_show_is_left_out() -> None:
    assert legible("Relev\u00e9 \u202efdp.exe\u2066") == "Relev\u00e9 fdp.exe"
    assert legible("Avis\nd\u2019imp\u00f4t\x00 ") == "Avis d\u2019imp\u00f4t"
    assert legible("\u202e\u200b") == ""
    assert shows(legible("a\u202e\u2028b"))


def test_the_title_of_an_exhibit_is_kept_as_it_shows(world: World) -> None:
    case = world.joint_petition(at="prepare")
    added = actions.exhibit.add(world.lawyer, case, kind="other", side=0, title="Bail\u202efdp.exe")
    assert added.title == "Bailfdp.exe"
    described = actions.exhibit.describe(world.lawyer, case, exhibit=added.pk, title="\u2067\u200b")
    assert described.title == "Bailfdp.exe"

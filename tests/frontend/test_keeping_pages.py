"""The page of how long a case is kept, and the button that opens the original of an identity paper."""

from cases import actions, keeping
from cases.models.exhibit import IDENTITY
from frontend.words import day_words
from tests.frontend.test_court_pages import Browser, act, signed_in_as
from tests.world import World

__all__ = ["signed_in_as"]


def test_the_registry_holds_and_releases_a_case_on_its_page(world: World, signed_in_as: Browser) -> None:
    case = world.joint_petition(at="closed")
    browser, address = signed_in_as(world.clerk_user), f"/dossiers/{case.pk}/conservation/"
    assert act(browser, address, "hold", reason="Réquisition du parquet").status_code == 302
    page = browser.get(address).content.decode()
    assert "Réquisition du parquet" in page
    assert act(browser, address, f"release-{case.holds.get().pk}").status_code == 302
    assert not case.holds.standing().exists()


def test_a_spouse_reads_until_when_and_that_it_is_held_but_not_why(world: World, signed_in_as: Browser) -> None:
    case = world.joint_petition(at="closed")
    actions.keeping.hold(world.clerk, case, reason="Réquisition du parquet")
    page = signed_in_as(world.spouse_1_user).get(f"/dossiers/{case.pk}/conservation/").content.decode()
    found = keeping.keeping(case)
    assert found
    assert day_words(found.until) in page
    assert "mis ce dossier en conservation" in page
    assert "Réquisition" not in page
    assert 'name="act"' not in page


def test_the_button_of_the_original_is_for_the_court_and_asks_who_one_is(world: World, signed_in_as: Browser) -> None:
    case = world.joint_petition()
    paper = world.exhibit(case, world.lawyer, IDENTITY)
    world.work()
    world.bring(case)
    for step in ("sign", "file", "check"):
        getattr(world, f"to_{step}")(case)
    address = f"/dossiers/{case.pk}/pieces/{paper.pk}/"
    clerk = signed_in_as(world.clerk_user)
    assert f"{address}original/" in clerk.get(address).content.decode()
    asked = clerk.post(f"{address}original/")
    assert b"%PDF" not in asked.content
    assert not case.chain.entries.filter(kind="exhibit.original_opened").exists()
    spouse = signed_in_as(world.spouse_1_user)
    assert f"{address}original/" not in spouse.get(address).content.decode()
    assert spouse.post(f"{address}original/").status_code == 403

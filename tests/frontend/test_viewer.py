"""The viewer of a document: without JavaScript a list of pictures and a search; with it pages where one looks, text, zoom, keys."""

import json
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from cases import actions
from cases.models import Case
from tests.frontend.browser import Shown, shown
from tests.pdfs import pdf
from tests.world import World


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def case(world: World) -> Case:
    return world.joint_petition()


def read(world: World, case: Case, pages: int) -> str:
    """The way to the viewer of an exhibit of so many pages."""
    document = world.brought(world.spouse_1, "Relevé", pdf("Relevé de compte d'Armelle", pages))
    exhibit = actions.exhibit.add(world.spouse_1, case, kind="other", side=1, title="Relevé", document=document)
    return f"/dossiers/{case.pk}/pieces/{exhibit.pk}/lire/"


def api_of(viewer: str) -> str:
    found = re.fullmatch(r"/dossiers/(.+)/pieces/(.+)/lire/", viewer)
    assert found
    return f"/api/v1/cases/{found[1]}/exhibits/{found[2]}"


def test_a_long_document_opens_with_its_first_pages_and_the_way_to_the_others(world: World, case: Case, client: Client) -> None:
    address = read(world, case, 45)
    client.force_login(world.lawyer_user)
    first, second = client.get(address).text, client.get(f"{address}?page=43").text
    assert first.count("<img ") == 40 + second.count("<img ") - 5
    assert '?page=41"' in first
    assert 'id="page-45"' in second
    assert client.get(f"{address}?page=1e9").text.count("<img ") == first.count("<img ")


def test_words_are_found_without_javascript(world: World, case: Case, client: Client) -> None:
    address = read(world, case, 45)
    client.force_login(world.lawyer_user)
    page = client.get(address, {"q": "COMPTE d'armelle"}).text
    assert "?q=COMPTE+d%27armelle&amp;page=45#page-45" in page
    assert "<mark>compte d’Armelle</mark>" in page.replace("&#x27;", "’")
    assert "Introuvable" in client.get(address, {"q": "absent"}).text


def test_who_may_not_see_a_document_finds_no_viewer_of_it(world: World, case: Case, client: Client) -> None:
    address = read(world, case, 1)
    for user in (world.spouse_2_user, world.outsider_user, world.clerk_user, world.administrator_user):
        client.force_login(user)
        assert client.get(address).status_code == 404


def test_the_viewer_is_linked_wherever_the_document_is_listed(world: World, case: Case, client: Client) -> None:
    address = read(world, case, 1)
    client.force_login(world.lawyer_user)
    for place in ("", "pieces/", address.removeprefix(f"/dossiers/{case.pk}/").removesuffix("lire/")):
        assert f'href="{address}"' in client.get(f"/dossiers/{case.pk}/{place}").text, place


def copied(world: World, case: Case, *titles: str) -> str:
    """The way to the viewer of one PDF of these exhibits, of two pages each."""
    for title in titles:
        document = world.brought(world.spouse_1, title, pdf(title, 2))
        actions.exhibit.add(world.spouse_1, case, kind="other", side=1, title=title, document=document)
    bundle = actions.bundle.ask(world.lawyer, case)
    world.work()
    return f"/dossiers/{case.pk}/copies/{bundle.pk}/1/lire/"


def test_a_bound_copy_is_read_like_a_document_with_the_way_to_each_it_holds(world: World, case: Case, client: Client) -> None:
    address = copied(world, case, "Contrat de bail", "Quittance")
    client.force_login(world.lawyer_user)
    assert f'href="{address}"' in client.get(address.removesuffix("1/lire/")).text
    page = client.get(address, {"q": "QUITTANCE"}).text
    assert page.count('<li class="ca-viewer__page"') == 5
    contents = re.findall(r'<a href="\?[^"]*page=(\d)#page-\1" data-page="\1">([^<]+)</a> <span>page', page)
    assert contents == [("1", "Page de garde"), ("2", "Contrat de bail"), ("4", "Quittance")]
    assert "q=QUITTANCE&amp;page=5#page-5" in page.replace("page=5&amp;q=QUITTANCE", "q=QUITTANCE&amp;page=5")
    for user in (world.spouse_2_user, world.outsider_user, world.administrator_user):
        client.force_login(user)
        assert client.get(address).status_code == 404


def test_its_list_leads_to_a_page_and_thumbnails_are_asked_for_only_where_one_looks(world: World, case: Case, client: Client) -> None:
    address = copied(world, case, "Contrat de bail", "Quittance")
    base = address.replace("/dossiers/", "/api/v1/cases/").replace("/copies/", "/bundles/").replace("/1/lire/", "/pieces/1")
    client.force_login(world.lawyer_user)
    asked = [f"{base}/pages/{number}{what}" for number in range(1, 6) for what in ("", "/text", "?size=thumbnail")]
    with shown(client, address, *asked, width=390) as site:
        page = opened(site, address)
        page.locator(".ca-viewer__contents summary").click()
        page.locator(".ca-viewer__contents a", has_text="Quittance").click()
        assert page.locator("[data-place]").input_value() == "4"
        page.locator("[data-do=thumbnails]").click()
        assert page.locator("[data-thumbnails] img[loading=lazy]").count() == 5
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert Axe().run(page).response["violations"] == []
        assert (site.astray, site.complaints) == ([], [])


def opened(site: Shown, address: str) -> Any:
    page = site.open(address)
    page.locator(".ca-viewer__text span").first.wait_for(state="attached")
    return page


@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_read_searched_and_moved_through_by_keyboard(world: World, case: Case, client: Client, width: int) -> None:
    address = read(world, case, 3)
    base = api_of(address)
    client.force_login(world.lawyer_user)
    asked = [f"{base}/pages/{number}{what}" for number in (1, 2, 3) for what in ("", "/text", "?size=thumbnail")]
    with shown(client, address, *asked, f"{base}/search?q=COMPTE", width=width) as site:
        page = opened(site, address)
        assert page.evaluate("document.activeElement.matches('[data-room]')")
        page.keyboard.press("ArrowRight")
        assert page.locator("[data-place]").input_value() == "2"
        page.keyboard.press("+")
        assert page.locator("[data-pages]").evaluate("one => one.style.getPropertyValue('--zoom')") == "1.25"
        page.keyboard.press("/")
        page.keyboard.type("COMPTE")
        page.keyboard.press("Enter")
        page.locator(".ca-viewer__text mark").first.wait_for(state="attached")
        assert page.locator(".ca-viewer__found li").count() == 3
        assert page.locator(".ca-viewer__text mark").first.text_content() == "compte"
        page.locator("input[type=search]").focus()
        page.keyboard.press("Escape")
        page.locator(".ca-viewer__text mark").first.wait_for(state="detached")
        page.locator("[data-do=thumbnails]").click()
        assert page.locator("[data-thumbnails] img").count() == 3
        text = page.locator(".ca-viewer__text").first
        picture = page.locator(".ca-viewer__page img").first
        assert text.bounding_box() == picture.bounding_box()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert Axe().run(page).response["violations"] == []
        assert (site.astray, site.complaints) == ([], [])


def test_what_the_pages_text_says_lies_over_where_it_is_seen(world: World, case: Case, client: Client) -> None:
    address = read(world, case, 1)
    base = api_of(address)
    client.force_login(world.lawyer_user)
    with shown(client, address, f"{base}/pages/1", f"{base}/pages/1/text") as site:
        page = opened(site, address)
        run = json.loads(site.answers[f"{base}/pages/1/text"].content)["runs"][0]
        line, whole = (page.locator(place).first.bounding_box() for place in (".ca-viewer__text span", ".ca-viewer__page img"))
        assert line["width"] / whole["width"] == pytest.approx(run["width"] / 10_000, rel=0.05)
        assert (line["y"] - whole["y"]) / whole["height"] == pytest.approx(run["top"] / 10_000, abs=0.01)

"""The page's client of resumable uploads, in a real browser before the real server: it pauses, is left, and goes on where it stopped."""

import hashlib
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import CDPSession, Page, Request, sync_playwright

from tests.browser.chromium import launched
from tests.outside import PATIENCE, Site
from tests.pdfs import weighty
from tests.world import PASSWORD

SLOWLY = 400_000  # bytes a second
UPLOADS = "/api/v1/uploads"


@pytest.fixture
def exhibits(site: Site) -> str:
    """Where exhibits are sent, in a case of their own."""
    return f"/dossiers/{site.world.joint_petition(spouses=False).pk}/pieces/"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "acte.pdf"
    path.write_bytes(weighty("Acte de vente", 1_500_000))
    return path


@pytest.fixture
def page(site: Site, exhibits: str) -> Iterator[Page]:
    """The lawyer's page of exhibits."""
    with sync_playwright() as player:
        browser = launched(player)
        context = browser.new_context(base_url=site.address)
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": site.address}])
        page = context.new_page()
        page.goto("/compte/login/")
        page.fill("[name=login]", site.world.lawyer_user.email)
        page.fill("[name=password]", PASSWORD)
        page.click("form[action='/compte/login/'] button")
        page.goto(exhibits)
        yield page
        browser.close()


def at_most(page: Page, rate: int) -> CDPSession:
    """Let the page send so many bytes a second; -1: as fast as it can."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": rate})
    return network


def choose(page: Page, files: Path | list[Path]) -> None:
    page.set_input_files("form[data-upload] input[type=file]", files)
    page.click("form[data-upload] button.fr-btn:not([type=button])")


def told(page: Page, place: str) -> Any:
    """What the server says of an upload."""
    return page.request.get(place).json()


def standing_still(page: Page, place: str) -> int:
    """How much has come, once no more does."""
    end, before = time.monotonic() + PATIENCE, -1
    while (now := told(page, place)["offset"]) != before:
        assert time.monotonic() < end
        before = now
        page.wait_for_timeout(400)
    return now


def test_an_upload_that_is_paused_then_left_goes_on_from_where_it_stopped(site: Site, page: Page, exhibits: str, file: Path) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if UPLOADS in request.url else None)
    network = at_most(page, SLOWLY)
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith(UPLOADS)) as begun:
        choose(page, file)
    place = begun.value.headers["location"]
    page.locator(".ca-uploads li", has_text="a second").wait_for()
    page.get_by_role("button", name="Pause acte.pdf").click()
    came = standing_still(page, place)
    assert 0 < came < file.stat().st_size
    assert "paused at" in page.locator(".ca-uploads li").inner_text()

    page.get_by_role("button", name="Go on acte.pdf").click()
    page.locator(".ca-uploads li", has_text="a second").wait_for()
    page.reload()
    assert "acte.pdf" in page.locator(".ca-uploads__halfway").inner_text()
    network.send("Network.emulateNetworkConditions", {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    choose(page, file)
    page.locator(".ca-document", has_text="acte.pdf").wait_for()

    assert [request.method for request in asked].count("POST") == 1
    starts = [int(request.headers["upload-offset"]) for request in asked if request.method == "PATCH"]
    assert starts[:2] == [0, came]
    assert starts == sorted(starts)
    document = told(page, place)["document"]
    assert document["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert page.locator(".ca-uploads__halfway").count() == 0
    assert page.locator(".ca-document", has_text="acte.pdf").count() == 1


def test_a_lost_connection_is_said_and_the_upload_goes_on_by_itself(page: Page, file: Path) -> None:
    lost = {"now": True}
    page.route(f"**{UPLOADS}/*", lambda route: route.abort("internetdisconnected") if lost["now"] else route.continue_())
    page.add_init_script("setTimeout = ((later) => (act, wait, ...given) => later(act, wait / 20, ...given))(setTimeout)")
    page.reload()
    choose(page, file)
    page.get_by_role("status").filter(has_text="The connection is lost").wait_for(state="attached")
    lost["now"] = False
    page.locator(".ca-document", has_text="acte.pdf").wait_for()


def test_a_file_for_which_there_is_no_place_yet_waits_for_the_others_and_goes_on_by_itself(page: Page, file: Path) -> None:
    full = {"now": True}
    page.route(f"**{UPLOADS}/*", lambda route: route.fulfill(status=429, body="{}") if full["now"] else route.continue_())
    page.add_init_script("setTimeout = ((later) => (act, wait, ...given) => later(act, wait / 20, ...given))(setTimeout)")
    page.reload()
    choose(page, file)
    page.get_by_role("status").filter(has_text="Other files of yours are on their way").wait_for(state="attached")
    full["now"] = False
    page.locator(".ca-document", has_text="acte.pdf").wait_for()


def test_what_was_refused_does_not_look_like_what_was_received_and_each_is_counted(page: Page, file: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("rien")
    choose(page, [file, notes])
    page.locator(".ca-uploads__summary", has_text="1 file was received. 1 file was refused").wait_for()
    assert page.locator(".ca-uploads__summary .fr-alert--error").is_visible()
    rows = {name: page.locator(".ca-uploads li", has_text=name) for name in ("acte.pdf", "notes.txt")}
    assert [rows[name].locator(".fr-badge").inner_text().lower() for name in rows] == ["received", "refused"]
    looks = [rows[name].evaluate("one => getComputedStyle(one).backgroundColor") for name in rows]
    icons = [rows[name].locator(".fr-badge").evaluate("one => getComputedStyle(one, '::before').maskImage") for name in rows]
    assert looks[0] != looks[1]
    assert icons[0] != icons[1]
    assert "none" not in icons


def test_once_all_were_received_the_page_read_again_says_so(page: Page, file: Path) -> None:
    choose(page, file)
    said = page.locator("[role=status]", has_text="1 file was received.")
    said.wait_for()
    assert page.locator(".ca-document", has_text="acte.pdf").count() == 1
    page.reload()
    page.locator(".ca-uploads__summary").wait_for(state="attached")
    assert page.evaluate("sessionStorage.length") == 0


def test_photographs_are_kept_in_the_order_they_were_chosen_in(page: Page, exhibits: str, tmp_path: Path) -> None:
    chosen = [tmp_path / f"{name}.jpg" for name in ("une", "deux", "trois")]
    for path, colour in zip(chosen, ("red", "green", "blue"), strict=True):
        Image.new("RGB", (1240, 1754), colour).save(path, "JPEG")
    page.goto(exhibits.replace("/pieces/", "/photographies/"))
    choose(page, chosen)
    page.locator("[role=status]", has_text="3 files were received.").wait_for()
    assert page.locator(".ca-photograph").count() == 3
    shown = [page.request.get(one.get_attribute("src") or "").body() for one in page.locator(".ca-photograph img").all()]
    colours = [Image.open(BytesIO(picture)).convert("RGB").getpixel((50, 50)) for picture in shown]
    assert [colour.index(max(colour)) for colour in colours] == [0, 1, 2]

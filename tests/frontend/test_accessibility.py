"""What a browser finds of the pages: axe, narrow screens, scripts and styles, weight."""

import re
from typing import Any

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from tests.frontend import own
from tests.frontend.browser import shown

PUBLIC = [
    "/",
    "/aide/",
    "/mentions-legales/",
    "/accessibilite/",
    "/source/",
    "/composants/",
    "/composants/?faux",
    "/rien/",
    "/compte/login/",
    "/compte/password/reset/",
]
OWN = ["/mon-compte/", "/confirmer/", own.SAFETY, "/compte/email/", "/compte/password/change/"]
PROTECTING = [own.SAFETY, own.APP, own.PASSKEY, own.CODES, "/confirmer/"]
FIRST_TIME, AFTER = 300_000, 30_000  # bytes


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> None:
    settings.DEMO = True


def violations(client: Client, addresses: list[str], language: str, width: int = 1280) -> dict[str, list[str]]:
    with shown(client, *addresses, language=language, width=width) as site:
        found = {}
        for address in addresses:
            results = Axe().run(site.open(address)).response["violations"]
            found[address] = [f"{one['id']}: {node['html'][:160]}" for one in results for node in one["nodes"]]
        assert site.astray == []
        assert [complaint for complaint in site.complaints if "404" not in complaint] == []
    return {address: problems for address, problems in found.items() if problems}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing_wrong_with_a_public_page(client: Client, language: str) -> None:
    assert violations(client, PUBLIC, language) == {}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing_wrong_with_the_pages_of_somebody_signed_in(signed_in: Client, language: str) -> None:
    assert violations(signed_in, OWN, language, width=390) == {}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing_wrong_with_the_pages_that_protect_an_account(signed_in: Client, language: str) -> None:
    own.confirm_by_mail(signed_in)
    assert violations(signed_in, PROTECTING, language, width=320) == {}
    own.add_passkey(signed_in)
    removing = re.findall(r"/mon-compte/securite/\d+/retirer/", signed_in.get(own.SAFETY).text)
    assert violations(signed_in, [*PROTECTING, *removing], language, width=390) == {}
    step = Client()
    own.sign_in(step, "camille@example.fr")
    assert violations(step, [own.STEP], language, width=320) == {}


def test_the_pages_that_protect_an_account_do_not_scroll_sideways_either(signed_in: Client) -> None:
    own.confirm_by_mail(signed_in)
    own.add_passkey(signed_in)
    with shown(signed_in, *PROTECTING, width=320) as site:
        assert [page for page in PROTECTING if site.open(page).evaluate("document.documentElement.scrollWidth") > 320] == []


def test_no_page_scrolls_sideways_on_the_narrowest_screen(signed_in: Client) -> None:
    with shown(signed_in, "/aide/", "/composants/", *OWN, width=320) as site:
        wide = [
            address
            for address in ("/aide/", "/composants/", *OWN)
            if site.open(address).evaluate("document.documentElement.scrollWidth") > 320
        ]

    assert wide == []


@pytest.mark.django_db
def test_a_page_is_light_the_first_time_and_lighter_after_and_asks_nothing_of_another_site(client: Client) -> None:
    with shown(client, "/", "/composants/") as site:
        site.open("/").wait_for_load_state("networkidle")
        site.open("/composants/").wait_for_load_state("networkidle")

    weights = {
        asked: len(body) if asked.endswith("woff2") else len(brotli.compress(body, quality=9)) for asked, body in site.served.items()
    }
    assert site.astray == []
    assert sum(weights.values()) < FIRST_TIME
    assert weights["/composants/"] < AFTER


@pytest.mark.django_db
@pytest.mark.parametrize("address", PUBLIC)
def test_no_script_and_no_style_is_written_in_a_page(client: Client, address: str) -> None:
    answer = client.get(address)

    assert " style=" not in answer.text
    assert "<style" not in answer.text
    assert "<script>" not in answer.text
    assert "onclick=" not in answer.text
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]

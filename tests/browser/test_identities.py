"""A spouse at a real browser, a real server, and a real identity provider: links an identity, signs in by it, confirms a signature at it, and leaves."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect, sync_playwright

from backend.people import strength
from backend.people.levels import Level, Method
from backend.people.models import User
from tests.browser.chromium import aside, launched
from tests.outside import Site
from tests.provider import CLIENT, SECRET, Provider
from tests.provider import provider as serving
from tests.world import PASSWORD


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with serving() as made:
        yield made


@pytest.fixture(scope="module")
def address(site: Site, provider: Provider) -> str:
    """A web server that knows the provider."""
    known = {"FRANCECONNECT_ISSUER": provider.address, "FRANCECONNECT_CLIENT_ID": CLIENT, "FRANCECONNECT_CLIENT_SECRET": SECRET}
    return str(site.serve(**known, OUTGOING_INSIDE="127.0.0.1").address)


@contextmanager
def browsing(address: str, scripts: bool) -> Iterator[Page]:
    with sync_playwright() as player:
        browser = launched(player)
        context = browser.new_context(base_url=address, java_script_enabled=scripts)
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": address}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        yield page
        browser.close()


def confirm(page: Page, user: User) -> None:
    """As a code would."""
    cookie = next(one["value"] for one in page.context.cookies() if one["name"] == "sessionid")

    def raised() -> None:
        strength.raised(user, Session.objects.get(pk=cookie).get_decoded()["key"], Method.TOTP, level=Level.SUBSTANTIAL)

    aside(raised)


def it_is_me(page: Page, provider: Provider) -> None:
    page.wait_for_url(re.compile(re.escape(f"{provider.address}/authorize")))
    page.click("#me")


def accessible(page: Page) -> list[str]:
    """What axe finds on the page."""
    return [f"{page.url}: {one['id']}: {node['html'][:120]}" for one in Axe().run(page).response["violations"] for node in one["nodes"]]


def come(page: Page, provider: Provider, where: str) -> None:
    """Sign in at the provider, on the way to a page."""
    page.goto(where)
    page.click("text=Go on with FranceConnect")
    it_is_me(page, provider)
    page.wait_for_url(f"**{where}")


def linked(page: Page, provider: Provider, user: User) -> None:
    """Sign in by address, link the identity, and leave; nothing at the provider yet to leave."""
    page.goto("/compte/login/")
    assert page.locator("main form").first.get_attribute("action") == "/identite/franceconnect/"
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/compte/login/'] button")
    confirm(page, user)
    page.goto("/mon-compte/")
    page.click("text=Link my identity of FranceConnect")
    it_is_me(page, provider)
    expect(page.locator("#identites")).to_contain_text("Linked since")


def leave(page: Page) -> None:
    page.goto("/compte/logout/")
    page.click("main form[method=post] button")
    page.wait_for_url(re.compile(r"/(\?state=.*)?$"))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_spouse_links_an_identity_signs_in_by_it_confirms_an_act_at_it_and_leaves(
    site: Site, provider: Provider, address: str, scripts: bool
) -> None:
    case: Any = site.world.joint_petition(anew=True)
    user = site.world.spouse_1_user if scripts else site.world.spouse_2_user
    provider.person |= {"sub": f"subject-{scripts}", "given_name": user.first_names, "family_name": user.last_name.upper()}
    provider.acr, left = "eidas2", len(provider.left)
    with browsing(address, scripts) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        linked(page, provider, user)
        found = accessible(page) if scripts else []
        leave(page)
        page.wait_for_timeout(1500)  # the page that leads out goes on by itself
        assert len(provider.left) == left + 1

        provider.acr = "eidas1"
        come(page, provider, f"/dossiers/{case.pk}/retrait/")
        page.fill("[name=reason]", "Nous avons changé d'avis.")
        page.click("main form button.fr-btn")
        expect(page.locator("h1")).to_have_text("Confirm that it is you")
        found += accessible(page) if scripts else []
        assert not aside(lambda: site.world.again(case)).closed_at

        provider.acr = "eidas2"
        page.click("text=Confirm with FranceConnect")
        it_is_me(page, provider)
        page.click("text=Do it now")
        page.wait_for_url(re.compile(rf"/dossiers/{case.pk}/"))
        expect(page.locator("body")).to_contain_text("Your consent is withdrawn")
    assert site.world.again(case).outcome == "withdrawn"
    assert (complaints, found) == ([], [])


def test_the_sign_in_and_what_goes_wrong_are_for_everybody(address: str) -> None:
    found = []
    with browsing(address, True) as page:
        for where in ("/compte/login/", "/identite/franceconnect/retour/?state=forged"):
            page.goto(where)
            found += accessible(page)
    assert found == []

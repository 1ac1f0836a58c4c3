"""Passkeys in a real browser, before the real server, with the browser's own virtual device: added, signing in, confirming an act; also without script."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db.models import F
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect, sync_playwright

from backend.people.accounts import create_invited
from backend.people.models import Proof, User
from tests.browser.chromium import aside, launched
from tests.frontend.conftest import PASSWORD
from tests.journeys.house import Mail
from tests.programs import server_on

SAFETY, CONFIRM, SIGN_IN = "/mon-compte/securite/", "/confirmer/", "/compte/login/"
DEVICE = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
COMPLAINTS = """document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective}`))"""


@dataclass
class Door:
    """The site by a name that browsers make passkeys for, its mail, and one browser."""

    address: str
    mail: Mail
    browser: Browser
    complaints: list[str]

    def context(self, width: int = 390, **options: Any) -> BrowserContext:
        context = self.browser.new_context(base_url=self.address, viewport={"width": width, "height": 844}, locale="fr-FR", **options)
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "fr", "url": self.address}])
        context.add_init_script(COMPLAINTS)
        context.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return context


@pytest.fixture
def user(committed: Any) -> User:
    return create_invited("camille@example.fr", "Camille", "Durand", PASSWORD)


@pytest.fixture
def door(committed: Any, user: User, tmp_path: Path) -> Iterator[Door]:
    kept = committed.environment | {"DEMO": "true", "EMAIL_BACKEND": "cases.notices.mailbox.Backend"}
    program = server_on(kept, tmp_path / "server.log")
    address = f"http://localhost:{urlsplit(program.address).port}"
    program = replace(program, environment=program.environment | {"BASE_URL": address}).start()
    with sync_playwright() as player:
        browser = launched(player)
        door = Door(address, Mail(committed.owner_url), browser, [])
        yield door
        browser.close()
    program.stop()
    assert door.complaints == []


def device(page: Page) -> tuple[CDPSession, str]:
    """A telephone with a passkey's device, whose owner always answers."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, "automaticPresenceSimulation": True}})
    return tools, str(made["authenticatorId"])


def sign_in(page: Page) -> None:
    page.goto(SIGN_IN)
    page.fill("[name=login]", "camille@example.fr")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def confirm_by_mail(door: Door, page: Page) -> None:
    page.get_by_role("button", name="Envoyez-moi un code").click()
    page.get_by_label("Votre mot de passe").fill(PASSWORD)
    page.get_by_label("Le code reçu par courriel").fill(door.mail.code("camille@example.fr"))
    page.get_by_role("button", name="Confirmer").click()


def add_passkey(door: Door, page: Page) -> None:
    sign_in(page)
    page.goto(SAFETY)
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    confirm_by_mail(door, page)
    page.get_by_label("Un nom pour la reconnaître").fill("Mon téléphone")
    page.get_by_role("button", name="Ajouter cet appareil").click()
    expect(page.get_by_role("heading", name="Vos codes de secours")).to_be_visible()
    page.get_by_role("link", name="Je les ai gardés").click()
    expect(page.get_by_role("main").get_by_text("Mon téléphone", exact=True).first).to_be_visible()


def sign_out(page: Page) -> None:
    page.locator("details.ca-menu summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("link", name="Se connecter").first).to_be_visible()


def test_a_passkey_is_made_signs_in_and_confirms_by_the_keyboard_alone(door: Door, user: User) -> None:
    page = door.context().new_page()
    device(page)
    add_passkey(door, page)
    sign_out(page)

    page.goto(f"{SIGN_IN}?next={SAFETY}")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").press("Enter")
    expect(page.get_by_role("heading", name="Sécurité de mon compte")).to_be_visible()
    opened = Proof.objects.filter(user=user, opened=True, method="passkey")
    assert aside(lambda: opened.update(strong_until=F("at"))) == 1  # five minutes later

    page.goto(f"{CONFIRM}?next=/mon-compte/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").press("Enter")
    expect(page.get_by_text("C’est bien vous, merci. Vous pouvez continuer.")).to_be_visible()
    page.locator("details.ca-menu summary").click()
    expect(page.locator(".ca-menu__strength")).to_contain_text("Identité confirmée")
    assert aside(Proof.objects.filter(user=user, method="passkey").standing().exists)


def test_a_passkey_is_the_second_step_after_the_password(door: Door) -> None:
    page = door.context().new_page()
    device(page)
    add_passkey(door, page)
    sign_out(page)
    sign_in(page)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.locator("details.ca-menu summary")).to_be_visible()


def test_who_stops_or_is_not_recognised_by_their_device_is_told_and_may_try_again(door: Door) -> None:
    page = door.context().new_page()
    tools, authenticator = device(page)
    add_passkey(door, page)
    sign_out(page)
    page.goto(SIGN_IN)
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    press = page.get_by_role("button", name="Se connecter avec une clé d’accès")
    press.click()
    expect(page.get_by_role("alert")).to_contain_text("La clé d’accès n’a pas servi")

    tools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    press.click()
    expect(page.locator("details.ca-menu summary")).to_be_visible()


def test_without_script_everything_but_the_passkey_works_and_the_page_says_so(door: Door, user: User) -> None:
    page = door.context(320, java_script_enabled=False).new_page()
    sign_in(page)
    page.goto(SAFETY)
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    confirm_by_mail(door, page)
    expect(page.get_by_role("button", name="Ajouter cet appareil")).to_have_count(0)
    page.get_by_role("main").get_by_role("link", name="Ajouter une application d’authentification").click()
    expect(page.get_by_role("img", name="L’image à viser")).to_be_visible()
    page.goto(SIGN_IN)
    expect(page.get_by_role("button", name="Se connecter avec une clé d’accès")).to_have_count(0)

"""Somebody at a real browser: they sign in, press what a page offers, confirm who they are; what a page complains of is kept."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect, sync_playwright

from tests.browser.chromium import launched
from tests.journeys.house import PATIENCE, House
from tests.pdfs import pdf
from tests.world import PASSWORD

PHONE, DESK = 390, 1280
CONFIRM = "Confirmez que c’est bien vous"
TELL_OF_VIOLATIONS = """document.addEventListener("securitypolicyviolation",
  (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""


def not_sent(route: Route) -> None:
    """The line is lost before anything left."""
    route.abort("internetdisconnected")


def not_answered(route: Route) -> None:
    """The line is lost once it was done, before anybody was told."""
    route.fetch(max_redirects=0)
    route.abort("connectionreset")


@dataclass
class Window:
    """The browser of one person. `page` is where they act; `watched` is left open, and never asked for again."""

    house: House
    email: str
    context: BrowserContext
    page: Page = field(init=False)
    watched: Page = field(init=False)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE * 1000)
        self.context.add_init_script(TELL_OF_VIOLATIONS)
        self.context.on("console", lambda said: self.wrong.append(f"{self.email}: {said.text}") if said.type == "error" else None)
        self.context.on("weberror", lambda error: self.wrong.append(f"{self.email}: {error.error}"))
        self.context.on("request", self.stays)
        self.page = self.tab()

    def tab(self) -> Page:
        page = self.context.new_page()
        page.on("websocket", lambda socket: self.keeps_to_the_site(socket.url.replace("ws:", "http:", 1)))
        return page

    def stays(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.keeps_to_the_site(request.url)

    def keeps_to_the_site(self, address: str) -> None:
        if not address.startswith(f"{self.house.address}/"):
            self.wrong.append(f"{self.email}: asked elsewhere, {address}")

    # --- coming, and looking

    def sign_in(self) -> "Window":
        self.go("/compte/login/")
        self.page.locator("[name=login]").fill(self.email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="Se connecter", exact=True).click()
        expect(self.page.get_by_role("button", name="Se connecter", exact=True)).to_have_count(0)
        return self

    def go(self, address: str) -> None:
        self.page.goto(self.house.address + address)
        self.fits(self.page)

    def watch(self, address: str) -> None:
        """Leave a page open, which hears what happens."""
        self.watched = self.tab()
        self.watched.goto(self.house.address + address)
        expect(self.watched.locator("body")).to_have_attribute("data-live-state", "open")
        self.watched.on("framenavigated", lambda frame: self.wrong.append(f"{self.email}: loaded again, {frame.url}"))

    def sees(self, words: str, within: str = "") -> None:
        """These words come by themselves to the page left open, in the section of that name."""
        place = self.watched.get_by_role("region", name=within) if within else self.watched.get_by_role("main")
        expect(place.get_by_text(words).first).to_be_visible()
        self.fits(self.watched)

    def fits(self, page: Page) -> None:
        """Nothing is wider than the screen."""
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.wrong.append(f"{self.email}: wider than the screen, {page.url}")

    # --- acting

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name).click()

    def does(self, name: str, said: str) -> None:
        """Press, and be told so; where the act binds, confirm who one is first, and press once more."""
        self.press(name)
        done, confirm = self.page.get_by_role("main").get_by_text(said).first, self.page.get_by_role("heading", name=CONFIRM)
        expect(done.or_(confirm).first).to_be_visible()
        if confirm.is_visible():
            self.confirms()
            self.press("Le faire maintenant")
        expect(done).to_be_visible()
        self.fits(self.page)

    def confirms(self) -> None:
        """With the password, and the code of the mail."""
        self.press("Envoyez-moi un code")
        self.page.get_by_label("Votre mot de passe").fill(PASSWORD)
        self.page.get_by_label("Le code reçu par courriel").fill(self.house.mail.code(self.email))
        self.fits(self.page)
        self.press("Confirmer")

    def signs(self, case: str) -> None:
        """Read each document, tick, sign."""
        self.reads(case)
        self.does("Signer", "Vous avez signé.")

    def reads(self, case: str) -> None:
        self.go(f"{case}signature/")
        expect(self.page.get_by_role("img", name="Page 1", exact=True)).to_have_count(2)
        for picture in self.page.locator(".ca-pages img").all():
            picture.scroll_into_view_if_needed()
            expect(picture).to_have_js_property("complete", True)
        self.page.get_by_role("checkbox", name="j’ai lu chaque page").check(force=True)

    @contextmanager
    def on_a_bad_line(self, reset: Callable[[Route], object]) -> Iterator[None]:
        """What they send for a while goes through `reset`; what the browser complains of meanwhile is not kept."""
        before = len(self.wrong)
        self.page.route("**", lambda route: reset(route) if route.request.method == "POST" else route.fallback())
        yield
        self.page.unroute("**")
        self.page.wait_for_load_state()
        del self.wrong[before:]

    def sends_exhibit(self, case: str, name: str, side: str) -> None:
        """By the form of the page."""
        self.go(f"{case}pieces/")
        self.page.get_by_label("Ce que c’est").select_option("other")
        self.page.get_by_role("radio", name=re.compile(f"^{side}")).check(force=True)
        self.page.get_by_label("Les fichiers").set_input_files({"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": pdf(name)})
        self.press("Envoyer")
        expect(self.page.get_by_role("region", name="Ce qui est là").get_by_role("heading", name=name)).to_be_visible()
        self.fits(self.page)


class Windows:
    """The browsers of everybody, each with its own cookies."""

    def __init__(self, house: House, browser: Browser) -> None:
        self.house, self.browser, self.all = house, browser, list[Window]()

    def of(self, email: str, width: int, *, scripts: bool = True) -> Window:
        """Somebody who has just signed in."""
        context = self.browser.new_context(viewport={"width": width, "height": 844}, locale="fr-FR", java_script_enabled=scripts)
        self.all.append(Window(self.house, email, context))
        return self.all[-1].sign_in()

    @property
    def wrong(self) -> list[str]:
        return [fault for window in self.all for fault in window.wrong]


@contextmanager
def windows(house: House) -> Iterator[Windows]:
    with sync_playwright() as player:
        browser = launched(player)
        expect.set_options(timeout=PATIENCE * 500)
        yield Windows(house, browser)
        browser.close()

"""Takes the pictures of docs/pictures/ from the demo: `make pictures`.

Uses the product that runs (`make run`), or starts it for as long as it takes; another address may be given.
"""

import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from backend.stack.lock import Lock
from tests.browser.chromium import launched

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
WIDTHS = {1280: 900, 390: 844}
TALLEST = {1280: 1500, 390: 1900}
COLOURS = 96
ALL_MAY_WEIGH = 3_000_000
PASSWORD = "accord-de-demonstration"  # as `make run` prints it
Way = Callable[[Page], None]


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it, and how they come to it."""

    name: str
    who: str
    way: Way


def at(address: str) -> Way:
    """By an address."""
    return lambda page: page.goto(address)  # type: ignore[func-returns-value]


def of_case(where: str, room: str = "") -> Way:
    """By the first case of a list, then one of its rooms."""

    def walk(page: Page) -> None:
        page.goto(where)
        case = page.locator(".ca-table th a, .ca-queue__title").first.get_attribute("href") or ""
        page.goto(case if not room else f"/dossiers/{case.strip('/').split('/')[1]}/{room}")

    return walk


STRANGER, PARTY, LAWYER, CLERK, JUDGE = "", "armelle.vauquelin", "solene.houel", "gaelle.prigent", "jeanne.delorme"
PICTURES = (
    Picture("home", STRANGER, at("/")),
    Picture("sign-in", STRANGER, at("/compte/login/")),
    Picture("party-case", PARTY, at("/dossiers/")),
    Picture("party-signature", PARTY, of_case("/dossiers/?step=sign", "signature/")),
    Picture("lawyer-caseload", LAWYER, at("/dossiers/")),
    Picture("lawyer-case", LAWYER, of_case("/dossiers/?step=prepare")),
    Picture("lawyer-exhibits", LAWYER, of_case("/dossiers/?step=prepare", "pieces/")),
    Picture("lawyer-filing", LAWYER, of_case("/dossiers/?step=file", "deposer/")),
    Picture("clerk-desk", CLERK, at("/bureau/")),
    Picture("clerk-workbench", CLERK, of_case("/bureau/")),
    Picture("judge-child", JUDGE, of_case("/bureau/?file=children")),
    Picture("judge-decision", JUDGE, of_case("/bureau/?file=unfinished")),
)


@contextmanager
def running(given: str = "") -> Iterator[str]:
    """The address of the product; started, and ended, where it is not running."""
    lock = Lock(ROOT / "var")
    found = lock.holder()
    if given or (found and found.address):
        whole(given)
        yield given or found.address  # type: ignore[union-attr]
        return
    process = subprocess.Popen([sys.executable, "-m", "backend.stack", "run"], cwd=ROOT)
    try:
        while not ((found := lock.holder()) and found.address):
            if process.poll() is not None:
                raise SystemExit("the product could not be started")
            time.sleep(1)
        whole()
        yield found.address
    finally:
        process.terminate()
        process.wait()


def whole(elsewhere: str = "") -> None:
    """Wait until every case of the demo of this folder is there."""
    while not elsewhere and (ROOT / "var" / "demo-unfinished").exists():
        time.sleep(1)


@contextmanager
def signed_in(browser: Browser, site: str, who: str, width: int) -> Iterator[Page]:
    """A page of somebody's own, in French."""
    context = browser.new_context(base_url=site, viewport={"width": width, "height": WIDTHS[width]}, locale="fr-FR")
    page = context.new_page()
    if who:
        page.goto("/compte/login/")
        page.fill("[name=login]", f"{who}@demo.example")
        page.fill("[name=password]", PASSWORD)
        page.click("form[action='/compte/login/'] button")
    yield page
    context.close()


def take(page: Page, picture: Picture, width: int) -> None:
    """Go there and keep what is seen, in few colours."""
    picture.way(page)
    page.wait_for_load_state("networkidle")
    height = min(TALLEST[width], page.evaluate("document.documentElement.scrollHeight"))
    seen = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    image = Image.open(io.BytesIO(seen)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    image.save(FOLDER / f"{picture.name}-{width}.png", optimize=True)


def main() -> None:
    """Take every picture; refuses to make the folder heavy."""
    FOLDER.mkdir(exist_ok=True)
    with running(*sys.argv[1:]) as site, sync_playwright() as player:
        browser = launched(player)
        for width in WIDTHS:
            for who in dict.fromkeys(picture.who for picture in PICTURES):
                with signed_in(browser, site, who, width) as page:
                    for picture in (one for one in PICTURES if one.who == who):
                        take(page, picture, width)
    weight = sum(path.stat().st_size for path in FOLDER.glob("*.png"))
    print(f"{len(PICTURES) * len(WIDTHS)} pictures in docs/pictures/, {weight // 1000} kB.")
    if weight > ALL_MAY_WEIGH:
        raise SystemExit("the pictures are too heavy: take fewer, or shorter ones")


if __name__ == "__main__":
    main()

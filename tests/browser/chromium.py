"""Debian's Chromium, as it is started everywhere here."""

from playwright.sync_api import Browser, Playwright

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]


def launched(player: Playwright) -> Browser:
    """A browser without a window."""
    return player.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)

"""Debian's Chromium, as it is started everywhere here, and the way to the database while it runs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections
from playwright.sync_api import Browser, Playwright

T = TypeVar("T")

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]


def launched(player: Playwright) -> Browser:
    """A browser without a window."""
    return player.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)


def aside(do: Callable[[], T]) -> T:
    """Ask the database something while a browser is open: in a thread of its own, for the browser's has a loop."""

    def done() -> T:
        try:
            return do()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(done).result()

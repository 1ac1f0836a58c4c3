"""What a browser calls itself, in words that its owner recognises."""

import re

from django.utils.translation import gettext as _

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrom|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X|Macintosh", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def named(user_agent: str) -> str:
    """The browser and the machine, such as "Firefox, Android"; both are only what it says of itself."""
    found = [_found(user_agent, BROWSERS), _found(user_agent, SYSTEMS)]
    return ", ".join(filter(None, found)) or _("unknown browser")


def _found(user_agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for marks, name in known if re.search(marks, user_agent)), "")

"""Every word shown by a template exists in both languages."""

import re
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, pgettext

TEMPLATES = Path(settings.BASE_DIR) / "frontend" / "templates"
WORDS = re.compile(r"""\{% translate (["'])(.+?)\1(?: context ["'](\w+)["'])?""")
THE_SAME_IN_BOTH = {
    *("Administration", "Code", "Conversations", "Cookies", "Dates", "Documents", "Invitations", "Messages", "Page", "Page {number}"),
    *("Questions", "Signatures"),
}


def words() -> set[tuple[str, str]]:
    """Each text, with the context that tells it from another of the same letters."""
    return {(text, context) for template in TEMPLATES.rglob("*.html") for _quote, text, context in WORDS.findall(template.read_text())}


def in_french(text: str, context: str) -> str:
    with translation.override("fr"):
        return pgettext(context, text) if context else gettext(text)


def test_every_word_of_a_template_is_said_in_french() -> None:
    untold = sorted(text for text, context in words() if text not in THE_SAME_IN_BOTH and in_french(text, context) == text)

    assert words()
    assert untold == []

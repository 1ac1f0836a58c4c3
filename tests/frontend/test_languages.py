"""Every word shown by a template exists in both languages."""

import re
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

TEMPLATES = Path(settings.BASE_DIR) / "frontend" / "templates"
WORDS = re.compile(r"""\{% translate (["'])(.+?)\1""")
THE_SAME_IN_BOTH = {"Code", "Conversations", "Cookies", "Dates", "Documents", "Invitations", "Messages", "Page", "Questions"}


def words() -> set[str]:
    return {found[1] for template in TEMPLATES.rglob("*.html") for found in WORDS.findall(template.read_text())}


def test_every_word_of_a_template_is_said_in_french() -> None:
    with translation.override("fr"):
        untold = sorted(word for word in words() - THE_SAME_IN_BOTH if gettext(word) == word)

    assert words()
    assert untold == []

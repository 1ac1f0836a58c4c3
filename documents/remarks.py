"""What an inspection saw and does not judge, in plain words: signed or not, searchable or not, in which language, searched for viruses or not."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.errors import Text

TEXT: Mapping[str, Text] = {
    "all": _("Its text can be selected and searched."),
    "some": _("Some of its pages are pictures: their text cannot be selected."),
    "none": _("It is made of pictures: its text cannot be selected."),
}
LANGUAGE: Mapping[str, Text] = {
    "fr": _("It seems to be written in French."),
    "en": _("It seems to be written in English."),
    "other": _("It seems to be written in neither French nor English."),
}


def remarks(facts: Mapping[str, Any]) -> Iterator[Text]:
    """The facts that are known, each as a sentence."""
    if facts.get("signed"):
        yield _("It carries an electronic signature: it is kept exactly as it was sent.")
    yield from filter(None, [TEXT.get(facts.get("text", "")), LANGUAGE.get(facts.get("language", ""))])
    if "scanned" in facts:
        yield _("It was searched for viruses.") if facts["scanned"] else _("It was not searched for viruses: no scanner is set up here.")

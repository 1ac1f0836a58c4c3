"""The stages of an inspection: each looks at what was sent in one way, and says what it found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from documents import keyring, media, office, sandbox, scanner, sealing, vault
from documents.models import Version
from documents.sandbox import Held, Limits
from documents.sandbox.served import Served
from documents.verdicts import INFECTED

PAGES_REPAIRED = 100  # beyond, a damaged file is not rewritten: each page is compared
HEAVY = Limits(cpu=60, wall=90.0)
DONE = frozenset({"repaired", "picture", "converted"})  # what was done to the bytes: told for ever, whatever is looked at again
TRIES = 3  # of a scan that does not come to its end
FLUENT, FOREIGN, ENOUGH = 0.12, 0.05, 60  # share of common words in a text of a language, and in none; words that are enough to tell


@dataclass(frozen=True)
class Found:
    """What a stage found: codes of `documents.verdicts` with their pages, facts, and fields of the row that change."""

    codes: Mapping[str, Sequence[int]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)


def scan(version: Version) -> Found:
    """The virus scanner's word, where there is one. Raises scanner.Away, and scanner.Unfinished while it may be tried again."""
    if not scanner.configured():
        return Found(facts={"scanned": False})
    try:
        said = scanner.scan(vault.unchecked(version), version.size)
    except scanner.TooLarge:
        return Found({"scan-too-large": ()})
    except scanner.Unfinished:
        if version.facts.get("scan_tries", 0) < TRIES - 1:
            raise
        return Found({"scan-unfinished": ()})
    return Found({INFECTED: ()}, {"infection": said.infection}) if said.infection else Found(facts={"scanned": True})


def structure(version: Version) -> Found:
    """What the file is made of, and the making of pages from what is not a PDF."""
    if version.media_type == media.PDF:
        return _pdf(version)
    return _picture(version) if version.media_type in media.PICTURES else _text(version)


def content(version: Version) -> Found:
    """What the pages show: nothing, too little, text or pictures of text, in which language."""
    seen: dict[str, list[int]] = {"blank": [], "coarse": [], "text": []}
    words: Counter[str] = Counter()
    free: list[tuple[int, int]] = []
    with vault.at_hand(version) as held:
        at_once = vault.pages_at_once(held)
        for first in range(1, (version.pages or 0) + 1, at_once):
            part = sandbox.run("documents.sandbox.look:look", held, first=first, count=at_once, limits=HEAVY).facts
            words.update(part.pop("words"))
            free = part.pop("free")
            for what, pages in part.items():
                seen[what] += pages
    codes = {code: seen[what] for code, what in (("blank-pages", "blank"), ("low-resolution", "coarse")) if seen[what]}
    text = "all" if len(seen["text"]) == version.pages else "some" if seen["text"] else "none"
    return Found(codes, {"text": text, "language": language(words), "free": free})


def language(words: Mapping[str, int]) -> str:
    """The language told by its commonest words: "fr", "en", "other"; empty where there is too little to tell."""
    total = words.get("all", 0)
    if total < ENOUGH // 3:
        return ""
    first, second = sorted(((words.get(name, 0) / total, name) for name in ("fr", "en")), reverse=True)
    if first[0] >= FLUENT and first[0] >= 2 * second[0]:
        return first[1]
    return "other" if total >= ENOUGH and first[0] < FOREIGN else ""


def _pdf(version: Version) -> Found:
    """What a PDF is worth. One that is damaged is repaired where it carries no signature and what is seen does not change."""
    with vault.at_hand(version) as held:
        seen = _examined(held)
        codes, facts, changes = seen["codes"], seen["facts"], {"pages": seen["pages"]}
        if set(codes) == {"damaged"} and not facts["signed"] and (repaired := _repaired(version, held)):
            return Found({"repaired": ()}, facts, changes | repaired)
    return Found(codes, facts, changes)


def _examined(content: bytes | Held | Served) -> Any:
    limits = HEAVY if isinstance(content, Served) else None
    return sandbox.run("documents.sandbox.examine:examine", content, max_pages=settings.DOCUMENT_MAX_PAGES, limits=limits).facts


def _repaired(version: Version, content: Held | Served) -> dict[str, Any] | None:
    """The row's new fields once the repaired bytes are stored; None where the file is large, or better left as it is."""
    if isinstance(content, Served):
        return None
    try:
        made = sandbox.run("documents.sandbox.repair:repair", content, max_pages=PAGES_REPAIRED, limits=HEAVY)
    except sandbox.Failed:
        return None
    return _replaced(version, made.output) if made.facts["same"] else None


def _picture(version: Version) -> Found:
    """A picture becomes an upright page, re-encoded: it takes the place of what was sent, whose digest is kept."""
    made = sandbox.run("documents.sandbox.pictures:to_pages", vault.unchecked(version), limits=HEAVY)
    if codes := made.facts["codes"]:
        return Found(dict.fromkeys(codes, ()))
    changes = {"pages": made.facts["pages"], "media_type": media.PDF}
    return Found(facts={"picture": version.media_type}, changes=changes | _replaced(version, made.output))


def _text(version: Version) -> Found:
    """A text document becomes a PDF, which is examined like any other: it takes the place of what was sent, whose digest is kept."""
    with vault.at_hand(version) as held:
        if isinstance(held, Served):
            return Found({"text-too-large": ()})
        try:
            made = office.convert(held)
        except office.Refused as refused:
            return Found({str(refused): ()})
    seen = _examined(made)
    changes = {"pages": seen["pages"], "media_type": media.PDF}
    return Found(seen["codes"], {"converted": version.media_type}, changes | _replaced(version, made))


def _replaced(version: Version, content: bytes) -> dict[str, Any]:
    return sealing.replace(version, content, keyring.unwrap(bytes(version.wrapped_key), version.key_id))

"""Signing on paper: the scan of what was signed by hand, held page by page against the text that was frozen. Findings; a person decides."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Invalid, NotFound, NotNow
from documents import reading
from documents.models import State, Version
from signatures import gathering
from signatures.models import Ceremony, Session, Signer

ALIKE = 0.8  # of the words of a page, in their order: a scan read by eye loses some to stamps, initials and folds
SAME_PAGE = 0.5  # from there on it is that page, with something else on it
NUMBERS = 10  # told of one page
WORD = re.compile(r"\w+")


class Doubt(StrEnum):
    """What a comparison finds."""

    COUNT = "page-count"  # another number of pages than the text has
    MISSING = "page-missing"  # no page of the scan says what this page of the text says
    MOVED = "page-moved"  # it is there, at another place
    DIFFERENT = "page-different"  # it is there, and does not say quite the same
    NUMBERS = "page-numbers"  # it is there, without some of its numbers: an amount, a date
    EXTRA = "page-extra"  # a page of the scan that is none of the text
    UNREADABLE = "page-unreadable"  # nothing could be read on a page of the scan: it is compared by eye


@dataclass(frozen=True)
class Found:
    """One finding: about which page of the text (0: none of it), which of the scan (0: none), how alike they are in hundredths, what is lacking."""

    doubt: Doubt
    page: int = 0
    scanned: int = 0
    alike: int = 0
    lacking: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def compare(base: Version, scan: Version) -> list[Found]:
    """Hold a scan against the frozen text. Slow (the store). Raises NotNow while one of them is still being read."""
    texts = {page.number: page.text for page in reading.whole(base)}
    scanned = {page.number: page.text for page in reading.whole(scan)}
    return differences(
        [texts.get(number, "") for number in range(1, (base.pages or 0) + 1)],
        [scanned.get(number, "") for number in range(1, (scan.pages or 0) + 1)],
    )


def differences(base: Sequence[str], scan: Sequence[str]) -> list[Found]:
    """What distinguishes the pages of a scan from those of a text, in the order of the text, then of the scan. None: all are there, in order, alike."""
    frozen, read = [_Page(text) for text in base], [_Page(text) for text in scan]
    found = [Found(Doubt.COUNT, page=len(base), scanned=len(scan))] if len(base) != len(scan) else []
    found += [Found(Doubt.UNREADABLE, scanned=number) for number, page in enumerate(read, 1) if not page.pairs and _expects(frozen, number)]
    free = {number for number, page in enumerate(read, 1) if page.pairs}
    for number, page in enumerate(frozen, 1):
        if page.pairs:
            found += _placed(number, page, read, free)
    expected = {number for number in free if number <= len(frozen) and not frozen[number - 1].pairs}
    return [*found, *(Found(Doubt.EXTRA, scanned=number) for number in sorted(free - expected))]


def bring(session: Session, scan: Version) -> None:
    """Take a scan in, to be compared: it takes the place of one brought before. Raises NotNow (not on paper, outside the hours, paused), Invalid."""
    if session.ceremony is None or session.ceremony.way != Ceremony.Way.PAPER:
        raise NotNow(_("This is not signed on paper."), code="not-on-paper")
    if session.state != Session.State.OPEN:
        raise NotNow(_("The signature of this document has ended."), code="ended")
    gathering.its_hours(session.ceremony)
    gathering.not_paused(session.ceremony)
    if scan.state != State.READY or scan.media_type != "application/pdf":
        raise Invalid(_("Bring the scan as one PDF file."), field="document")
    Session.objects.filter(pk=session.pk).update(scan=scan, compared_at=None, differences=[])


def note(session_id: UUID, scan_id: UUID, found: Sequence[Mapping[str, Any]]) -> bool:
    """Write down what a comparison found, as JSON values, unless another scan was brought meanwhile."""
    rows = Session.objects.filter(pk=session_id, scan=scan_id, state=Session.State.OPEN)
    return bool(rows.update(compared_at=clock.now(), differences=[dict(one) for one in found]))


@transaction.atomic
def confirm(session_id: UUID, *, by: UUID, by_name: str, looked: str, evidence: Mapping[str, Any]) -> Session:
    """A person who was there says that the scan is what all signed by hand: the session is complete, bound to it. `looked`: what they say of findings.

    `evidence` (JSON) says how that person was known: of those who signed by hand, nothing is known but that.
    Raises NotFound, NotNow (nothing compared yet, fewer pages than the text, presence not attested, too late, paused, ended), Invalid on "looked" where findings are left unsaid.
    """
    session = Session.objects.filter(pk=session_id).select_related("base", "scan").select_for_update(of=("self",)).first()
    if session is None or session.ceremony is None:
        raise NotFound
    if session.state != Session.State.OPEN:
        raise NotNow(_("The signature of this document has ended."), code="ended")
    gathering.not_paused(session.ceremony)
    if clock.now() >= gathering.ends_at(session.ceremony):
        raise NotNow(_("The signature has closed."), code="closed")
    if session.scan is None or session.compared_at is None:
        raise NotNow(_("The scan is not compared with the text yet. Try again in a moment."), code="not-compared")
    if (session.scan.pages or 0) < (session.base.pages or 0):
        raise NotNow(
            _("The scan has fewer pages than the text. Bring one with every page, also those nobody wrote on."), code="pages-missing"
        )
    if session.differences and not looked.strip():
        raise Invalid(_("Say what you saw where the scan and the text differ."), field="looked")
    _all_there(session)
    now = clock.now()
    session.signers.update(state=Signer.State.BY_HAND)
    session.confirmation = {**evidence, "by": str(by), "name": by_name, "looked": looked.strip(), "at": now.isoformat()}
    session.state, session.closed_at = Session.State.COMPLETE, now
    session.save(update_fields=["state", "closed_at", "confirmation"])
    return session


def _all_there(session: Session) -> None:
    """Everyone whose presence is asked was attested to be there."""
    asked = set(session.signers.filter(attested=True).values_list("person", flat=True))
    there = set(session.ceremony.presences.values_list("person", flat=True)) if session.ceremony else set()
    if asked - there:
        raise NotNow(_("Attest first that each spouse was there."), code="presence")


class _Page:
    """What a page says, without accents or capitals: the pairs of words that follow each other, and its numbers."""

    def __init__(self, text: str) -> None:
        plain = "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
        words = WORD.findall(plain)
        self.pairs = Counter(f"{first} {second}" for first, second in pairwise(words)) or Counter(words)
        self.numbers = Counter(word for word in words if word.isdigit())

    def alike(self, other: "_Page") -> float:
        """How much of what this page says the other says too, in the same order: from 0 to 1. What is added by hand does not count against it."""
        return (self.pairs & other.pairs).total() / max(1, self.pairs.total())


def _placed(number: int, page: _Page, read: Sequence[_Page], free: set[int]) -> list[Found]:
    """Where this page of the text is in the scan, its own place first; what is found there is no longer free."""
    alike = {at: page.alike(read[at - 1]) for at in free}
    at = number if alike.get(number, 0) >= SAME_PAGE else max(alike, key=lambda one: (alike[one], -one), default=0)
    if not at or alike[at] < SAME_PAGE:
        unread_here = number <= len(read) and not read[number - 1].pairs  # told already
        return [] if unread_here else [Found(Doubt.MISSING, page=number)]
    free.discard(at)
    hundredths, lost = round(100 * alike[at]), page.numbers - read[at - 1].numbers
    return [
        *([Found(Doubt.MOVED, number, at, hundredths)] if at != number else []),
        *([Found(Doubt.DIFFERENT, number, at, hundredths)] if alike[at] < ALIKE else []),
        *([Found(Doubt.NUMBERS, number, at, hundredths, ", ".join(list(lost)[:NUMBERS]))] if lost else []),
    ]


def _expects(frozen: Sequence[_Page], number: int) -> bool:
    """Whether a page of the scan stands where the text has words, or where it has no page."""
    return number > len(frozen) or bool(frozen[number - 1].pairs)

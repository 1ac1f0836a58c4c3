"""What the components show: small frozen values that a page makes from what `cases` tells it, and hands to a tag of `accord`.

A tag takes anything that has these attributes; these classes say which they are and what each may be left without.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from backend.errors import Finding, Text

PARIS = "Europe/Paris"


@dataclass(frozen=True)
class Step:
    """One step of a proceeding. `state`: done, now, later or skipped."""

    title: Text
    state: str = "later"
    who: Text = ""
    detail: Text = ""


@dataclass(frozen=True)
class Call:
    """The one thing to do now; without an address, what one is waiting for. `law` and `why` open under "Why?"."""

    title: Text
    text: Text = ""
    url: str = ""
    label: Text = ""
    deadline: date | None = None
    zone: str = PARIS
    law: str = ""
    why: Text = ""


@dataclass(frozen=True)
class Deadline:
    """A last day: what must be done, by whom; `kind`: "last" for a deadline, "first" for the first day something is possible, "day" for that day."""

    what: Text
    day: date
    who: Text = ""
    law: str = ""
    why: Text = ""
    zone: str = PARIS
    kind: str = "last"


@dataclass(frozen=True)
class Happening:
    """An entry of the register as people read it, with the way to its receipt."""

    title: Text
    at: datetime
    who: str
    on_behalf_of: str = ""
    detail: Text = ""
    receipt_url: str = ""
    receipt_label: Text = ""
    seq: int = 0
    zone: str = PARIS


@dataclass(frozen=True)
class Detail:
    """One detail of a person. `concealed`: hidden from the other side; `value` is empty for whoever may not see it."""

    label: Text
    value: str
    concealed: bool = False
    seen_by: Text = ""


@dataclass(frozen=True)
class Person:
    """Somebody who takes part, as a card."""

    name: str
    role: Text
    details: Sequence[Detail] = ()
    note: Text = ""
    url: str = ""
    label: Text = ""


@dataclass(frozen=True)
class DocumentRow:
    """A document in a list. `state`: received, checking, ready, refused, quarantined or stuck; `stage`: what is being done with it.

    A refusal gives `reason` and `mend`; what is only doubtful is in `warnings`, what was seen and is not judged in `remarks`.
    `twins`: other documents with the very same file, and in `twins_mend` what to do about it.
    `signatures_url`: where one reads what its electronic signatures are worth, if it bears some.
    """

    name: str
    kind: Text = ""
    url: str = ""
    number: int | None = None
    state: str = "ready"
    pages: int | None = None
    size: int | None = None
    thumbnail_url: str = ""
    read_url: str = ""
    download_url: str = ""
    signatures_url: str = ""
    by: str = ""
    at: datetime | None = None
    seen_by: Text = ""
    private: bool = False
    reason: Text = ""
    mend: Text = ""
    stage: Text = ""
    warnings: Sequence[Finding] = ()
    remarks: Sequence[Text] = ()
    twins: Sequence[tuple[Text, str]] = ()
    twins_mend: Text = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table: words, with a link, a badge's tone, or `html` made by `format_html`."""

    text: Text
    url: str = ""
    tone: str = ""
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table that becomes cards on a narrow screen; the first cell of a row is its title there."""

    caption: Text
    head: Sequence[Text]
    rows: Sequence[Sequence[Cell]] = field(default_factory=tuple)
    caption_hidden: bool = False

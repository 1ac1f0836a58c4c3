"""What civil-status certificates say, compared with the answers: a date, a name. Warnings, each with its page: a person looks and decides."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backend import clock
from backend.errors import Finding, Unavailable
from backend.people.actor import Actor
from cases import access, facts
from cases.checks import dates
from cases.deadlines import add_months
from cases.models import Case, Child, Exhibit, Spouse
from cases.proceedings import interpret
from documents import reading
from documents.models import Stage, State

BIRTH, MARRIAGE = "birth-certificate", "marriage-certificate"
PAGES = 6  # of a certificate; what follows is something else
ENOUGH_WORDS = 40  # below, the text is not the certificate's: nothing is said to be absent from it
LIKENESS = 0.8  # of a name recognised in a picture
ISSUED = re.compile(r"\b(delivre|certifie|conforme|fait a\b)")
COPY = re.compile(r"\bcopie integrale\b")
OF_A_BIRTH = re.compile(r"(\bne(e|\(e\))?(?!\w)[^.;]{0,60}\ble|\bnaissance\b[^.;]{0,60})\W*$")
OF_A_WEDDING = re.compile(r"\b(celebr|mariage|marie|unis\b)[^.;]{0,70}$")
REACH = 140  # characters from the word to the date it is about


@dataclass(frozen=True)
class Expected:
    """What a certificate should say, by the answers: whom it names (first name, name), and the day it is of."""

    people: Sequence[tuple[str, str]]
    day: date | None
    context: re.Pattern[str]


@dataclass(frozen=True)
class Seen:
    """A date as it stands in the document."""

    on: date
    page: int
    quote: str


@dataclass(frozen=True)
class Comparison:
    """The differences found, and which exhibits were compared and which had nothing to read."""

    findings: tuple[Finding, ...] = ()
    read: frozenset[UUID] = frozenset()
    unread: frozenset[UUID] = frozenset()


def compared(actor: Actor, case: Case) -> Comparison:
    """The certificates this person may see, against the answers. Reads the store: not while a case is locked."""
    wanted = _wanted(case)
    found: list[Finding] = []
    read, unread = set[UUID](), set[UUID]()
    for exhibit in access.exhibits(actor, case).filter(kind__in=(BIRTH, MARRIAGE)):
        if expected := wanted.get((exhibit.kind, exhibit.about)):
            pages = _pages(exhibit)
            (read if pages else unread).add(exhibit.pk)
            found += _differences(case, exhibit, pages, expected)
    return Comparison(tuple(found), frozenset(read), frozenset(unread))


def _wanted(case: Case) -> dict[tuple[str, object], Expected]:
    """By kind of certificate and person, what is expected of it."""
    marriage = facts.answers_of(case).get(("marriage", None))
    couple = [_name(spouse) for spouse in case.spouses.all()]
    return {
        (MARRIAGE, None): Expected(couple, getattr(marriage, "date", None), OF_A_WEDDING),
        **{(BIRTH, person.pk): Expected([_name(person)], person.born, OF_A_BIRTH) for person in _people(case)},
    }


def _people(case: Case) -> list[Spouse | Child]:
    return [*case.spouses.all(), *case.children.all()]


def _name(person: Spouse | Child) -> tuple[str, str]:
    first = person.first_names.replace(",", " ").split()
    return first[0] if first else "", person.birth_name if isinstance(person, Spouse) else person.name


def _pages(exhibit: Exhibit) -> Sequence[reading.Page]:
    """The text of the exhibit; none where it was not read, or the store does not answer."""
    head = exhibit.document.head if exhibit.document else None
    if head is None or head.state != State.READY or head.stage in (Stage.PICTURES, Stage.TEXT):
        return ()
    try:
        return reading.pages(head)[:PAGES]
    except Unavailable:
        return ()


def _differences(case: Case, exhibit: Exhibit, pages: Sequence[reading.Page], expected: Expected) -> Iterator[Finding]:
    months = next((interpret.oldest_months(asked) for asked in case.proceeding.requires if asked.kind == exhibit.kind), 0)
    title, by_eye = _title(case, exhibit), {page.number for page in pages if page.by_eye}
    for page, reason, mend in (
        *_of_its_date(exhibit, pages, clock.today(case.zone), months),
        *_of_the_day(pages, expected),
        *_of_names(pages, expected),
    ):
        yield Finding(
            code="certificate",
            severity="warning",
            about=exhibit.kind,
            reason=f"{title} : {reason} {_doubt() if page in by_eye or (by_eye and not page) else ''}".strip(),
            mend=mend,
            law="practice",
            where=str(exhibit.pk),
            pages=(page,) if page else (),
        )


def _doubt() -> str:
    return _("The page is a picture: what was read there may be wrong.")


def _title(case: Case, exhibit: Exhibit) -> str:
    kinds = {asked.kind: str(asked.title) for asked in case.proceeding.requires}
    person = next((one for one in _people(case) if one.pk == exhibit.about), None)
    title = kinds.get(exhibit.kind, exhibit.title)
    return f"{title} ({person.short_name})" if person else title


def _of_its_date(exhibit: Exhibit, pages: Sequence[reading.Page], today: date, months: int) -> Iterator[tuple[int, str, str]]:
    """The day it was issued on, against the one it is said to be of, and its age: `months` after which it is doubtful, 0 where never."""
    own = _issued(pages, today)
    if own is None:
        return
    old = bool(months) and own.on < add_months(today, -months)
    age = _("It is more than %(months)s months old.") % {"months": months} if old else ""
    if exhibit.dated and exhibit.dated != own.on:
        said = _("page %(page)s says “%(quote)s”, and it was brought as dated %(day)s.") % _told(own, exhibit.dated)
        yield own.page, f"{said} {age}".strip(), _("Look at the page. Correct the date of the exhibit, or ask for a newer certificate.")
    elif age and not exhibit.dated:
        said = _("page %(page)s says “%(quote)s”.") % {"page": own.page, "quote": own.quote}
        yield own.page, f"{said} {age}", _("Ask the town hall for a newer one.")


def _of_the_day(pages: Sequence[reading.Page], expected: Expected) -> Iterator[tuple[int, str, str]]:
    """The birth or the wedding: the day expected is nowhere, and another stands where it should be."""
    seen = [(one, context) for page in pages for one, context in _dates(page)]
    if expected.day is None or any(one.on == expected.day for one, _context in seen):
        return
    if other := next((one for one, context in seen if expected.context.search(context)), None):
        said = _("page %(page)s says “%(quote)s”, the answer says %(day)s.") % _told(other, expected.day)
        yield other.page, said, _("Look at the page. Correct the answer, or bring the right certificate.")


def _of_names(pages: Sequence[reading.Page], expected: Expected) -> Iterator[tuple[int, str, str]]:
    """A person who is not named in it."""
    text = dates.flat(" ".join(page.text for page in pages))
    words = re.findall(r"[a-z]+", text)
    if len(words) < ENOUGH_WORDS:
        return
    for first, last in expected.people:
        if absent := [part for part in (first, last) if part and not _named(part, words, any(page.by_eye for page in pages))]:
            said = _("the name “%(name)s” was not found in it.") % {"name": " ".join(absent)}
            yield 0, said, _("Look at the pages: is it the right certificate, and is the name spelt as in the answers?")


def _named(name: str, words: Sequence[str], by_eye: bool) -> bool:
    wanted = "".join(re.findall(r"[a-z]+", dates.flat(name)))
    return not wanted or wanted in "".join(words) or (by_eye and bool(get_close_matches(wanted, words, 1, LIKENESS)))


def _issued(pages: Sequence[reading.Page], today: date) -> Seen | None:
    """When the copy was issued: the latest date that follows such a word."""
    issued = [one for page in pages for one, context in _dates(page) if _is_issue(context) and one.on <= today]
    return max(issued, key=lambda one: one.on, default=None)


def _is_issue(context: str) -> bool:
    """Whether what stands before a date says that the copy was issued then."""
    if ISSUED.search(context):
        return True
    return bool(COPY.search(context)) and not (OF_A_BIRTH.search(context) or OF_A_WEDDING.search(context))


def _dates(page: reading.Page) -> Iterator[tuple[Seen, str]]:
    """Each date of a page with what stands before it, back to the date before."""
    text, before = dates.flat(page.text), 0
    for one in dates.written(text):
        quote = " ".join(page.text[one.start : one.end].split())
        yield Seen(one.on, page.number, quote), " ".join(text[max(before, one.start - REACH) : one.start].split()) + " "
        before = one.end


def _told(seen: Seen, day: date) -> dict[str, object]:
    return {"page": seen.page, "quote": seen.quote, "day": date_format(day, "j F Y")}

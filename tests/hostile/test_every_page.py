"""Every page, file and answer that each person of a case can reach, found by following links and from the OpenAPI document.

A concealed address is in none that the other side can look at; each page has a content policy that lets nothing run from within it.
"""

from __future__ import annotations

import io
import itertools
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Any

import httpx
import lxml.html
import pypdf
import pytest
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator

from cases import access
from cases.models import Case
from cases.notices.calendar import calendar_of
from tests.outside import Played, Site
from tests.world import HIDDEN

pytestmark = pytest.mark.timeout(300)
OTHER_SIDE = ("spouse_2", "second_lawyer")
MAY_SEE = ("spouse_1", "clerk")
EVERYBODY = (*OTHER_SIDE, *MAY_SEE)
DISTRICT = re.compile(r"\bAngers\b")
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
NOT_READ = re.compile(r"/static/|/pages/|/logout/|^/health|^mailto:|^tel:|^#")
MARKS = {*(HIDDEN[name] for name in ("address", "city", "email")), HIDDEN["phone"][1:], "armelle.vauquelin@example.fr"}


@dataclass(frozen=True)
class Seen:
    """What one person is shown at one address."""

    path: str
    answer: httpx.Response

    @property
    def is_page(self) -> bool:
        return self.answer.headers.get("content-type", "").startswith("text/html") and bool(self.answer.text.strip())

    @property
    def text(self) -> str:
        """All that can be read in it."""
        if self.answer.headers.get("content-type") == "application/pdf":
            return read(self.answer.content)
        return "" if self.answer.headers.get("content-type", "").startswith("image/") else self.answer.text


def read(content: bytes) -> str:
    """The words of a PDF, what it says of itself, and its bytes as they are."""
    paper = pypdf.PdfReader(io.BytesIO(content))
    words = [page.extract_text() for page in paper.pages]
    return "\n".join([*words, str(paper.metadata), content.decode("latin-1")])


def marks_in(text: str) -> set[str]:
    """What should be concealed and is not, however it is spaced, cut or written."""
    squeezed = squeeze(text)
    found = {mark for mark in MARKS if squeeze(mark) in squeezed}
    return found | ({HIDDEN["postal_code"]} if re.search(rf"\b{HIDDEN['postal_code']}\b", text) else set())


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u00ad.‑–-]+", "", text).lower()


class Visit:
    """All that one person can look at of some cases; unless `thorough`, whatever an address asks behind its question mark."""

    def __init__(self, site: Site, user: Any, cases: tuple[Case, ...], *, thorough: bool) -> None:
        self.site, self.user, self.cases, self.thorough = site, user, cases, thorough
        self.seen = [*self.followed()]
        self.seen += self.described()

    def followed(self) -> Iterator[Seen]:
        """From the first pages and every address that names just a case, wherever links lead."""
        browser = self.site.browser(self.user)
        waiting = deque(["/", "/dossiers/", "/mon-compte/", "/bureau/", "/audiences/", *self.addresses()])
        known = set(waiting)
        while waiting:
            path = waiting.popleft()
            one = Seen(path, browser.get(path))
            yield one
            for link in self.links(one):
                if link not in known:
                    known.add(link)
                    waiting.append(link)

    def addresses(self) -> Iterator[str]:
        for pattern in _patterns(get_resolver().url_patterns, "/"):
            if pattern.count("<") == 1 and "<uuid:case_id>" in pattern and "/api/" not in pattern:
                yield from (pattern.replace("<uuid:case_id>", str(case.pk)) for case in self.cases)

    def links(self, one: Seen) -> Iterator[str]:
        """Where a page leads, within the site and these cases."""
        if "location" in one.answer.headers:
            yield from self.within(one, one.answer.headers["location"])
        if one.is_page:
            for element, attribute, link, _position in lxml.html.fromstring(one.answer.text).iterlinks():
                if attribute in ("href", "src") and element.tag in ("a", "img", "iframe", "embed", "object"):
                    yield from self.within(one, link)

    def within(self, one: Seen, link: str) -> Iterator[str]:
        if NOT_READ.search(link):
            return
        url = httpx.URL(self.site.address + one.path).join(link)
        ours = {str(case.pk) for case in self.cases}
        others = "/dossiers/" in url.path and not ours & set(KEY.findall(url.path)) and KEY.search(url.path)
        if f"{url.scheme}://{url.netloc.decode()}" == self.site.address and not others:
            yield url.raw_path.decode() if self.thorough else url.path

    def described(self) -> Iterator[Seen]:
        """Every GET of the API, with every thing of these cases that its address can name."""
        program = self.site.program(self.user)
        document = SchemaGenerator().get_schema(request=None, public=True)
        for path in [path for path, methods in document["paths"].items() if "get" in methods]:
            for address in sorted({address for case in self.cases for address in filled(path, things(case))}):
                if address not in {one.path for one in self.seen}:
                    yield from pages_of(program, address)

    def __iter__(self) -> Iterator[Seen]:
        return iter(self.seen)


def _patterns(patterns: Any, before: str) -> Iterator[str]:
    for one in patterns:
        path = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from _patterns(one.url_patterns, path)
        else:
            yield path


def filled(path: str, named: dict[str, list[Any]]) -> Iterator[str]:
    """An address, with each thing that it can name."""
    names = re.findall(r"{(\w+)}", path)
    for values in itertools.product(*(named[name] for name in names)):
        yield path.format(**dict(zip(names, values, strict=True)))


def things(case: Case) -> dict[str, list[Any]]:
    """For each name in an address, everything of the case that bears it."""
    exhibits = [*case.exhibits.values_list("pk", flat=True)]
    lists = [*case.hearings.values_list("list", flat=True)]
    return {
        "case_id": [case.pk],
        "exhibit": exhibits,
        "exhibit_id": exhibits,
        "bundle_id": [*case.bundles.values_list("pk", flat=True)],
        "photograph": [*case.photographs.values_list("pk", flat=True)],
        "upload": [case.pk],  # the key of no upload
        "instrument_id": [*case.instruments.values_list("pk", flat=True)],
        "number": [1],
        "page": [1],
        "court": [case.court_id],
        "hearing_list": lists,
        "token": ["no-such-link"],
    }


def pages_of(program: httpx.Client, address: str) -> Iterator[Seen]:
    """An answer, and those that follow where it comes page by page."""
    for path in [address, f"{address}?copy=stamped"] if address.endswith("/file") else [address]:
        onward: str | None = path
        while onward:
            one = Seen(onward, program.get(onward))
            yield one
            body = one.answer.json() if one.answer.headers.get("content-type") == "application/json" else None
            onward = body.get("next") if isinstance(body, dict) else None


@pytest.fixture(scope="module")
def cases(busy_site: Site, played: Played) -> tuple[Case, ...]:
    """One that is closed, one that is being prepared; each conceals where one spouse lives, and each spouse has a lawyer."""
    return played.concealed, busy_site.world.joint_petition(lawyers=2, concealed=True)


@pytest.fixture(scope="module")
def visits(busy_site: Site, cases: tuple[Case, ...]) -> dict[str, Visit]:
    known = {name: busy_site.world.__dict__[f"{name}_user"] for name in EVERYBODY}
    seen = {name: Visit(busy_site, known[name], cases, thorough=True) for name in OTHER_SIDE}
    return seen | {name: Visit(busy_site, known[name], cases[:1], thorough=False) for name in MAY_SEE}


def test_the_search_reaches_what_there_is_and_finds_what_is_not_concealed(visits: dict[str, Visit], cases: tuple[Case, ...]) -> None:
    """Where the marks may be, they are found: on a page, in an answer of the API, in a letter."""
    for name in MAY_SEE:
        found = [one for one in visits[name] if marks_in(one.text)]
        assert {one.answer.headers["content-type"].partition(";")[0] for one in found} >= {"text/html", "application/json"}, name
    assert any(one.path.endswith("/file") and marks_in(one.text) for one in visits["spouse_1"]), "a letter to herself"
    for name in EVERYBODY:
        reached = [one for one in visits[name] if one.answer.status_code == 200]
        assert sum(one.is_page for one in reached) > 20, name
        assert sum(one.path.endswith("/file") for one in reached) > 10, name
        assert not [one.path for one in visits[name] if one.answer.status_code >= 500]


@pytest.mark.parametrize("name", OTHER_SIDE)
def test_a_concealed_address_is_nowhere_that_the_other_side_can_look(visits: dict[str, Visit], name: str) -> None:
    assert {one.path: marks_in(one.text) for one in visits[name] if marks_in(one.text)} == {}


@pytest.mark.parametrize("name", OTHER_SIDE)
def test_nor_is_the_court_of_the_district_it_is_in(visits: dict[str, Visit], name: str) -> None:
    """Save in the list of all the courts there are."""
    told = [one.path for one in visits[name] if DISTRICT.search(one.text)]
    assert [path for path in told if not path.startswith("/api/v1/courts")] == []
    assert told, "the list of courts"


@pytest.mark.parametrize("name", OTHER_SIDE)
def test_no_search_finds_a_case_by_what_is_concealed(busy_site: Site, cases: tuple[Case, ...], name: str) -> None:
    user = busy_site.world.__dict__[f"{name}_user"]
    for mark in (*HIDDEN.values(), "Secret", "Yvetot"):
        found = busy_site.program(user).get("/api/v1/cases", params={"q": mark}).json()["results"]
        assert found == [], mark
        page = busy_site.browser(user).get("/dossiers/", params={"q": mark})
        assert not any(str(case.pk) in page.text for case in cases), mark


@pytest.mark.parametrize("name", OTHER_SIDE)
def test_no_socket_calendar_or_mail_tells_it(busy_site: Site, played: Played, cases: tuple[Case, ...], name: str) -> None:
    user, actor = busy_site.world.__dict__[f"{name}_user"], getattr(busy_site.world, name)
    for case in cases:
        with busy_site.listening(f"/ws/cases/{case.pk}", user) as ear:
            heard = [ear.hear() for _entry in access.entries(actor, case)]
        assert heard
        assert marks_in(str(heard)) == set()
    assert marks_in(calendar_of(actor).decode()) == set()
    mine = [words(message_from_bytes(letter)) for to, letter in played.letters if to == user.email]
    assert mine
    assert [letter for letter in mine if marks_in(letter)] == []


def words(message: Message) -> str:
    """A mail as its reader sees it, its headers and all its parts."""
    parts = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    return "\n".join([str(dict(message.items())), *(part.decode() for part in parts if isinstance(part, bytes))])


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_page_has_a_policy_that_lets_nothing_run_from_within_it(visits: dict[str, Visit], name: str) -> None:
    pages = [one for one in visits[name] if one.is_page]
    loose = {one.path: policy(one.answer) for one in pages if not is_strict(policy(one.answer))}
    assert loose == {}
    assert {one.path: inline(one.answer.text) for one in pages if inline(one.answer.text)} == {}
    for one in visits[name]:
        assert one.answer.headers["x-content-type-options"] == "nosniff", one.path
    for one in pages:
        assert one.answer.headers["x-frame-options"] == "DENY", one.path
        assert one.answer.headers["referrer-policy"] == "same-origin", one.path


def policy(answer: httpx.Response) -> dict[str, list[str]]:
    """The content policy, by directive."""
    told = answer.headers.get("content-security-policy", "")
    return {words[0]: words[1:] for words in map(str.split, filter(str.strip, told.split(";")))}


def is_strict(told: dict[str, list[str]]) -> bool:
    everything = {source for sources in told.values() for source in sources}
    closed = all(told.get(name) == ["'none'"] for name in ("object-src", "base-uri", "frame-ancestors"))
    own = all(told.get(name) == ["'self'"] for name in ("default-src", "script-src", "style-src", "form-action", "connect-src"))
    return closed and own and not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"} & everything


def inline(text: str) -> list[str]:
    """What the policy would stop: scripts and styles written in the page, and attributes that act."""
    page = lxml.html.fromstring(text)
    acting = [f"{one.tag} {name}" for one in page.iter("*") for name in one.attrib if name.startswith("on") or name == "style"]
    scripts = [one for one in page.iter("script") if not one.get("src") and one.get("type") != "application/json"]
    return [*acting, *("script" for _ in scripts), *("style" for _ in page.iter("style"))]

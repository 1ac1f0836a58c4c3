"""The web's old tricks at a real server: forged forms, ways out to other sites, methods nobody uses, faults that talk."""

import json
import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator

from cases.models import Case
from tests.calling import client_of
from tests.outside import Site, post
from tests.world import ARMELLE, PASSWORD, THIBAULT

OPENING = {"kind": "joint-petition", "spouses": [ARMELLE, THIBAULT], "acts_for": [1, 2]}


def bare(site: Site, signed_in: httpx.Client, **headers: str) -> httpx.Client:
    """The same cookies in the hands of another page: no token of ours, another origin."""
    return site.hold(uuid4(), {"Cookie": site.carried(None, signed_in)["Cookie"], **headers})


def test_a_form_without_our_token_or_from_another_site_does_nothing(site: Site) -> None:
    browser = site.browser(site.world.lawyer_user)
    token = browser.cookies["csrftoken"]
    changed = {"first_names": "Volée", "last_name": "Volée", "language": "fr"}
    forged = [
        bare(site, browser).post("/mon-compte/", data=changed),
        bare(site, browser, Origin="https://elsewhere.example").post("/mon-compte/", data={**changed, "csrfmiddlewaretoken": token}),
        bare(site, browser, Origin="null").post("/mon-compte/", data={**changed, "csrfmiddlewaretoken": token}),
    ]
    assert [answer.status_code for answer in forged] == [403, 403, 403]
    site.world.lawyer_user.refresh_from_db()
    assert site.world.lawyer_user.last_name == "Houël"


def test_the_api_takes_no_cookie_without_our_token(site: Site) -> None:
    browser = site.browser(site.world.lawyer_user)
    before = Case.objects.count()
    forged = bare(site, browser).post("/api/v1/cases", json=OPENING)
    assert (forged.status_code, forged.headers["content-type"]) == (403, "application/problem+json")
    elsewhere = bare(site, browser, Origin="https://elsewhere.example").post(
        "/api/v1/cases", json=OPENING, headers={"X-CSRFToken": browser.cookies["csrftoken"]}
    )
    assert elsewhere.status_code == 403
    assert Case.objects.count() == before
    ours = browser.post("/api/v1/cases", json=OPENING, headers={"X-CSRFToken": browser.cookies["csrftoken"]})
    assert ours.status_code == 201, ours.text


def test_what_is_answered_to_somebody_is_kept_nowhere(site: Site) -> None:
    page, program = site.browser(site.world.lawyer_user), site.program(site.world.lawyer_user)
    answers = [page.get(path) for path in ("/dossiers/", "/mon-compte/")] + [program.get(path) for path in ("/api/v1/cases", "/api/v1/me")]
    assert {answer.headers["cache-control"] for answer in answers} <= {"private, no-store", "no-store, private"}


def test_a_code_that_is_none_is_known_to_nobody(site: Site) -> None:
    for code in ("%00", "AB%00CD", "A" * 5000, "%F0%9F%98%80"):
        assert httpx.get(f"{site.address}/verifier/{code}").status_code == 404, code


def test_no_other_site_may_read_an_answer(site: Site) -> None:
    for path in ("/", "/dossiers/", "/api/v1/cases", "/api/v1/documents"):
        answer = site.program(site.world.lawyer_user, Origin="https://elsewhere.example").get(path)
        assert not [name for name in answer.headers if name.startswith("access-control")]


ELSEWHERE = ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)", "\t//elsewhere.example"]


@pytest.mark.parametrize("onward", ELSEWHERE)
def test_signing_in_confirming_and_changing_language_lead_to_this_site_only(site: Site, onward: str) -> None:
    browser = site.hold(uuid4(), {"Origin": site.address})
    answers = [post(browser, "/langue/setlang/", page="/aide/", language="en", next=onward)]
    answers.append(post(browser, "/compte/login/", login=site.world.judge_user.email, password=PASSWORD, next=onward))
    assert answers[-1].cookies, "signed in"
    answers.append(browser.get("/compte/login/", params={"next": onward}))
    answers.append(browser.get("/confirmer/", params={"next": onward}))
    answers.append(post(browser, "/compte/logout/", next=onward))
    for answer in answers:
        where = httpx.URL(site.address).join(answer.headers.get("location", "/"))
        assert (where.host, where.scheme) == ("127.0.0.1", "http"), where
        assert not re.search(r'(href|action)="[^"]*elsewhere', answer.text)
        assert "javascript:" not in re.sub(r"<input[^>]*>", "", answer.text)


UNUSED = ("PUT", "PATCH", "DELETE", "TRACE", "OPTIONS")


def pages() -> list[str]:
    """Every address of a page, what it names being made up."""
    made = []

    def walk(patterns: Any, before: str) -> None:
        for one in patterns:
            path = before + str(one.pattern)
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, path)
            elif not path.startswith(("admin/", "api/", "compte/")):
                made.append("/" + re.sub(r"<uuid:\w+>", str(uuid4()), re.sub(r"<(str|slug):\w+>", "x", path)))

    walk(get_resolver().url_patterns, "")
    return made


def test_methods_that_a_page_does_not_use_are_refused(site: Site) -> None:
    browser = Client(enforce_csrf_checks=False)
    browser.force_login(site.world.lawyer_user)
    tried = [(method, path) for path in ["/compte/login/", "/compte/password/change/", *pages()] for method in UNUSED]
    answers = {one: browser.generic(*one) for one in tried}
    assert {one: answer.status_code for one, answer in answers.items() if answer.status_code not in (404, 405)} == {}


def test_methods_that_the_api_does_not_describe_are_refused(site: Site) -> None:
    program = client_of(site.world.lawyer_user)
    faults = []
    for path, methods in SchemaGenerator().get_schema(request=None, public=True)["paths"].items():
        made_up = re.sub(r"{\w+}", str(uuid4()), re.sub(r"{number}|{page}|{topic}|{token}", "1", path))
        for method in {"GET", "POST", *UNUSED} - {name.upper() for name in methods}:
            answer = program.generic(method, made_up)
            if (answer.status_code, answer.data["code"]) != (405, "method-not-allowed"):
                faults.append((method, path, answer.status_code))
    assert faults == []


def test_what_leads_nowhere_says_so_to_programs_as_a_problem_and_to_people_as_a_page(site: Site) -> None:
    program, browser = site.program(site.world.lawyer_user), site.browser(site.world.lawyer_user)
    for path in ("/api/v1/nowhere", "/api/", "/api/v1/documents/x"):
        answer = program.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path
    page = browser.get("/nulle-part/")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>" in page.text


def test_a_fault_of_ours_tells_nothing_of_itself(site: Site) -> None:
    site.browser(site.world.lawyer_user), site.token(site.world.lawyer_user)
    with site.database.as_owner() as owner:
        owner.execute("ALTER TABLE cases_case RENAME TO cases_away")
        try:
            page = site.browser(site.world.lawyer_user).get("/dossiers/")
            problem = site.program(site.world.lawyer_user).get("/api/v1/cases")
            fields = {"case": str(uuid4()), "purpose": "exhibit"}
            upload = site.program(site.world.lawyer_user).post("/envoyer", data=fields, files={"file": ("a.pdf", b"%PDF-1.7")})
        finally:
            owner.execute("ALTER TABLE cases_away RENAME TO cases_case")
    assert (page.status_code, problem.status_code, upload.status_code) == (500, 500, 500)
    assert json.loads(problem.text)["code"] == "fault"
    assert problem.headers["content-type"] == "application/problem+json"
    for answer in (page, problem, upload):
        for word in ("Traceback", "cases_", "SELECT", "psycopg", "django", ".py", "ProgrammingError", "127.0.0.1"):
            assert word not in answer.text, word
    assert site.browser(site.world.lawyer_user).get("/dossiers/").status_code == 200


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "127.0.0.1:80@elsewhere.example"])
def test_a_host_that_is_not_ours_is_not_served(site: Site, host: str) -> None:
    answer = site.program().get("/compte/login/", headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.text

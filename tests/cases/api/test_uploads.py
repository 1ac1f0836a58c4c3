"""Files through a real server's doors: what was sent is what is kept and given back, once it is checked, as an attachment."""

import hashlib
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import lxml.html
import pikepdf
import pytest

from cases.api import uploads
from cases.models import Case, Exhibit
from frontend import context
from tests.outside import Site
from tests.pdfs import pdf

LONG = pdf("Livret", pages=40)


@pytest.fixture(scope="module")
def case(site: Site) -> Case:
    return site.world.joint_petition(lawyers=2)


def sent(site: Site, content: bytes, name: str = "livret.pdf") -> dict[str, Any]:
    """What a program sends as a raw body."""
    answer = site.program(site.world.lawyer_user).post("/api/v1/documents", params={"name": name}, content=content)
    assert answer.status_code == 201, answer.text
    described: dict[str, Any] = answer.json()
    return described


def exhibit(site: Site, case: Case, document: str, side: int = 0) -> str:
    body = {"kind": "other", "side": side, "document": document}
    return str(site.program(site.world.lawyer_user).post(f"/api/v1/cases/{case.pk}/exhibits", json=body).json()["id"])


def file(site: Site, case: Case, key: str, user: Any = None, **headers: str) -> httpx.Response:
    return site.program(user or site.world.lawyer_user, **headers).get(f"/api/v1/cases/{case.pk}/exhibits/{key}/file")


@pytest.fixture(scope="module")
def livret(site: Site, case: Case) -> str:
    """A long exhibit, checked."""
    key = exhibit(site, case, sent(site, LONG)["id"])
    site.world.work()
    return key


def test_a_file_comes_back_to_the_byte_as_an_attachment_that_nothing_runs(site: Site, case: Case, livret: str) -> None:
    for user in (site.world.lawyer_user, site.world.second_lawyer_user, site.world.spouse_2_user):
        answer = file(site, case, livret, user)
        assert answer.content == LONG
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"] == 'attachment; filename="livret.pdf"'
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-0", 0, 1), ("bytes=10-19", 10, 20), ("bytes=100-", 100, None), ("bytes=-7", -7, None), ("bytes=5-999999999", 5, None)],
)
def test_a_range_gives_those_bytes(site: Site, case: Case, livret: str, asked: str, start: int, end: int | None) -> None:
    answer = file(site, case, livret, Range=asked)
    wanted = LONG[start:end]
    first = start % len(LONG)
    assert (answer.status_code, answer.content) == (206, wanted)
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(wanted) - 1}/{len(LONG)}"


@pytest.mark.parametrize(
    "asked",
    ["bytes=9-3", "bytes=-", "bytes=999999999-", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b", "bytes=-0", f"bytes={'9' * 5000}-"],
    ids=range(8),
)
def test_a_range_that_cannot_be_given_is_ignored(site: Site, case: Case, livret: str, asked: str) -> None:
    answer = file(site, case, livret, Range=asked)
    assert (answer.status_code, answer.content) == (200, LONG)


def test_a_download_goes_on_only_from_the_same_bytes(site: Site, case: Case, livret: str) -> None:
    etag = file(site, case, livret).headers["etag"]
    assert etag == f'"{hashlib.sha256(LONG).hexdigest()}"'
    going_on, changed = (file(site, case, livret, **{"Range": "bytes=100-", "If-Range": tag}) for tag in (etag, '"another"'))
    assert (going_on.status_code, going_on.content) == (206, LONG[100:])
    assert (changed.status_code, changed.content) == (200, LONG)


def test_a_file_not_yet_checked_is_not_given_to_anybody(site: Site, case: Case) -> None:
    document = sent(site, pdf("Pas encore"))
    key = exhibit(site, case, document["id"])
    assert document["state"] == "received"
    unchecked(site, case, key)
    site.world.work()
    assert file(site, case, key).content == pdf("Pas encore")


def test_a_file_refused_is_never_given_and_says_why(site: Site, case: Case) -> None:
    key = exhibit(site, case, sent(site, scripted())["id"])
    site.world.work()
    unchecked(site, case, key)
    shown = site.program(site.world.lawyer_user).get(f"/api/v1/cases/{case.pk}/exhibits/{key}").json()["document"]
    assert shown["state"] == "refused"
    assert [finding["code"] for finding in shown["findings"]] == ["scripted"]


def unchecked(site: Site, case: Case, key: str) -> None:
    """Neither the file nor a picture of it is given."""
    for user in (site.world.lawyer_user, site.world.spouse_1_user, site.world.second_lawyer_user):
        for what in ("file", "pages/1"):
            answer = site.program(user).get(f"/api/v1/cases/{case.pk}/exhibits/{key}/{what}")
            assert answer.status_code in (404, 409), answer.text
            assert "problem+json" in answer.headers["content-type"]


def scripted() -> bytes:
    out = BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        made.save(out)
    return out.getvalue()


def form(site: Site, case: Case, *files: tuple[str, bytes], accept: str = "application/json", **fields: str) -> httpx.Response:
    """A page's form with its files, sent by a browser."""
    body = {"case": str(case.pk), "purpose": "exhibit", "kind": "other", "side": "0", "next": f"/dossiers/{case.pk}/pieces/", **fields}
    browser = site.browser(site.world.lawyer_user)
    return browser.post("/envoyer", data=body, files=[("file", (name, content)) for name, content in files], headers={"Accept": accept})


def test_a_form_without_javascript_brings_its_files_and_comes_back_to_its_page_with_a_word(site: Site, case: Case) -> None:
    answer = form(site, case, ("Été – Œuvre.pdf", pdf("Été")), ("b.pdf", pdf("b")), accept="text/html")
    assert answer.status_code == 303
    back = answer.headers["location"]
    assert back.startswith(f"/dossiers/{case.pk}/pieces/?avis=")
    page = site.browser(site.world.lawyer_user).get(back).text
    assert "2 files received and checked." in page
    assert "Été – Œuvre.pdf" in page
    assert list(Exhibit.objects.filter(title="Été – Œuvre.pdf").values_list("document__head__state", flat=True)) == ["ready"]


def test_the_same_form_sent_twice_under_its_key_brings_its_file_once(site: Site, case: Case) -> None:
    key = str(uuid4())
    assert [form(site, case, ("une fois.pdf", pdf("Une fois")), key=key, title="Une fois").status_code for _ in range(2)] == [201, 201]
    assert Exhibit.objects.filter(title="Une fois").count() == 1


def test_a_form_that_brings_what_is_there_already_leads_to_it(site: Site, case: Case) -> None:
    same = pdf("Encore le même")
    form(site, case, ("le premier.pdf", same), title="Le premier")
    first = Exhibit.objects.get(case=case, title="Le premier")
    back = form(site, case, ("le second.pdf", same), accept="text/html").headers["location"]
    said = lxml.html.fromstring(site.browser(site.world.lawyer_user).get(back).text).xpath('//div[@class="ca-messages"]//a')
    assert [(one.text, one.get("href")) for one in said] == [("“Le premier”", f"/dossiers/{case.pk}/pieces/{first.pk}/lire/")]


def test_what_is_wrong_with_a_file_is_said_at_once_with_what_to_do(site: Site, case: Case) -> None:
    refused = form(site, case, ("script.pdf", scripted()))
    assert (refused.status_code, refused.json()["code"]) == (422, "scripted")
    assert refused.json()["mend"]
    notes = form(site, case, ("notes.txt", b"rien"))
    assert (notes.status_code, notes.json()["code"], bool(notes.json()["mend"])) == (422, "media-type", True)
    empty = form(site, case, ("vide.pdf", b""))
    assert (empty.status_code, empty.json()["code"]) == (422, "empty")


def test_a_file_that_is_refused_is_named_and_holds_up_no_other(site: Site, case: Case) -> None:
    files = (("un.pdf", pdf("Un")), ("notes.txt", b"rien" * 300_000), ("script.pdf", scripted()), ("deux.pdf", pdf("Deux")))
    answer = form(site, case, *files)
    assert (answer.status_code, answer.json()["files"]) == (201, ["un.pdf", "deux.pdf"])
    assert [(each["file"], each["code"], bool(each["mend"])) for each in answer.json()["refused"]] == [
        ("notes.txt", "media-type", True),
        ("script.pdf", "scripted", True),
    ]
    page = site.browser(site.world.lawyer_user).get(form(site, case, *files, accept="text/html").headers["location"]).text
    for said in ("2 files received and checked.", "“notes.txt” was not taken.", "“script.pdf” was not taken."):
        assert said in page


def test_where_no_file_of_several_is_taken_each_is_named(site: Site, case: Case) -> None:
    answer = form(site, case, ("notes.txt", b"rien"), ("vide.pdf", b""))
    assert (answer.status_code, answer.json()["code"]) == (422, "media-type")
    assert "“notes.txt” was not taken." in answer.json()["detail"]
    assert "“vide.pdf” was not taken." in answer.json()["detail"]


def test_a_field_that_cannot_be_taken_is_said_once(site: Site, case: Case) -> None:
    answer = form(site, case, ("un.pdf", pdf("Un")), ("deux.pdf", pdf("Deux")), side="9")
    assert answer.status_code == 422
    assert "deux.pdf" not in answer.text


async def test_without_the_cache_a_form_leads_back_without_a_word_and_a_refusal_is_said_bare(settings: Any, rf: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9"}}
    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    scope = {"path": "/envoyer", "query_string": b"", "headers": []}
    upload = uploads.Upload(scope, None, send)  # type: ignore[arg-type]
    await upload.redirect("1 file received.", "success")
    await upload.redirect("This file is empty.", "error")
    assert [message["status"] for message in said[::2]] == [303, 422]
    assert said[3]["body"] == b"This file is empty."
    assert context.said(rf.get("/", {"avis": "x"})) is None


def test_a_form_for_a_case_of_others_is_not_found_before_its_file_is_taken(site: Site) -> None:
    theirs = site.world.again(site.world.joint_petition())
    before = Exhibit.objects.count()
    browser = site.browser(site.world.outsider_user)
    for key in (theirs.pk, uuid4()):
        fields = {"case": str(key), "purpose": "exhibit", "kind": "other", "side": "0"}
        answer = browser.post("/envoyer", data=fields, files={"file": ("a.pdf", pdf())}, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert Exhibit.objects.count() == before

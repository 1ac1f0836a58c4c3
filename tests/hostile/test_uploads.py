"""Hostile hands at the doors that take files: strangers with a gigabyte, other sites, names that bite, forms that are none."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from cases.api import uploads
from cases.models import Case, Exhibit
from documents import feeding, storage
from documents.models import Document, Version
from tests.outside import PATIENCE, Site
from tests.pdfs import pdf

GIGABYTE = 1024**3
BUFFERS = 32 * 1024 * 1024  # what the systems on both sides may hold of what nobody reads
DOORS = {"/api/v1/documents": "application/json", "/envoyer": "text/html"}


@pytest.fixture(scope="module")
def case(site: Site) -> Case:
    return site.world.joint_petition(lawyers=2)


class Knock:
    """A request written by hand, to see what is answered before its body comes."""

    def __init__(self, site: Site, path: str, **headers: str) -> None:
        host = site.address.removeprefix("http://")
        self.socket = socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])), timeout=PATIENCE)
        lines = [f"POST {path} HTTP/1.1", f"Host: {host}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())

    def __enter__(self) -> "Knock":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def answer(self) -> str:
        """All that the server says until it closes."""
        said = b""
        with suppress(ConnectionResetError):
            while chunk := self.socket.recv(65536):
                said += chunk
        return said.decode("latin-1")

    def pour(self, upto: int) -> int:
        """Send on, whatever was said; gives how much went off before the door was found closed."""
        sent = 0
        with suppress(ConnectionError):
            while sent < upto:
                sent += self.socket.send(b"\x00" * 65536)
        return sent


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("size", [{"Content_Length": str(GIGABYTE)}, {"Transfer_Encoding": "chunked"}])
def test_a_strangers_gigabyte_is_refused_before_its_first_byte(site: Site, path: str, size: dict[str, str]) -> None:
    with Knock(site, path, Accept=DOORS[path], Content_Type="application/pdf", **size) as knock:
        said = knock.answer()
        assert said.startswith("HTTP/1.1 303" if path == "/envoyer" else "HTTP/1.1 401")
        assert "connection: close" in said
        assert knock.pour(GIGABYTE) < BUFFERS


def test_a_stranger_who_asks_first_is_not_told_to_go_on(site: Site) -> None:
    with Knock(site, "/api/v1/documents", Content_Length=str(GIGABYTE), Expect="100-continue") as knock:
        assert knock.answer().startswith("HTTP/1.1 401")


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://[", "http://127.0.0.1:1", ""])
def test_another_sites_page_sends_nothing_with_our_cookie(site: Site, path: str, origin: str) -> None:
    cookies = site.carried(None, site.browser(site.world.lawyer_user))
    with Knock(site, path, Accept="application/json", Content_Length=str(GIGABYTE), Origin=origin, **cookies) as knock:
        said = knock.answer()
        assert said.startswith("HTTP/1.1 403")
        assert '"not-allowed"' in said
        assert knock.pour(GIGABYTE) < BUFFERS


@pytest.mark.parametrize("path", DOORS)
def test_what_is_announced_as_too_large_is_refused_on_its_headers_with_what_to_do(site: Site, path: str) -> None:
    known = site.carried(site.world.lawyer_user, None)
    with Knock(site, path, Accept="application/json", Content_Length=str(GIGABYTE), **known) as knock:
        said = knock.answer()
    assert said.startswith("HTTP/1.1 413")
    assert '"too-large"' in said
    assert "8000000" not in said, "a number is no message"
    assert '"mend"' in said


def test_what_grows_too_large_is_refused_as_it_comes_and_leaves_nothing(site: Site, case: Case) -> None:
    before = kept()
    program = site.program(site.world.lawyer_user, Accept="application/json")
    raw = program.post("/api/v1/documents", content=growing(b"%PDF-1.7\n"))
    assert (raw.status_code, raw.json()["code"]) == (413, "too-large")
    fields = {"case": str(case.pk), "purpose": "exhibit"}
    head = b"".join(part("x", f'form-data; name="{name}"', value.encode()) for name, value in fields.items())
    opening = part("x", 'form-data; name="file"; filename="a.pdf"', b"%PDF-1.7\n")[:-2]
    boundary = {"Content-Type": "multipart/form-data; boundary=x"}
    form = program.post("/envoyer", content=growing(head + opening), headers=boundary)
    assert (form.status_code, form.json()["code"]) == (413, "too-large")
    assert kept() == before


def growing(begin: bytes) -> Iterator[bytes]:
    """More than any file may have, never announced."""
    yield begin
    for _ in range(200):
        yield b"\x00" * 65536


def part(boundary: str, disposition: str, content: bytes) -> bytes:
    return f"--{boundary}\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n"


def kept() -> tuple[int, set[str]]:
    """What the vault holds: rows and objects."""
    return Version.objects.count(), {key for key, _at in storage.walk("documents/")}


def test_a_sender_who_stops_in_the_middle_leaves_nothing(site: Site) -> None:
    rows, objects = kept()
    known = site.carried(site.world.lawyer_user, None)
    with Knock(site, "/api/v1/documents?name=half.pdf", Content_Length="7000000", **known) as knock:
        knock.socket.sendall(b"%PDF-1.7\n" + bytes(6_000_000))
    whole = site.program(site.world.lawyer_user).post("/api/v1/documents?name=whole.pdf", content=pdf("Entier"))
    assert whole.status_code == 201
    assert Version.objects.count() == rows + 1
    assert {key.split("/")[1] for key in kept()[1] - objects} == {whole.json()["id"]}


async def test_a_sender_who_sends_nothing_more_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "STALLED_SECONDS", 0.01)
    scope = {"path": "/api/v1/documents", "query_string": b"", "headers": []}
    upload = uploads.Upload(scope, asyncio.Event().wait, None)  # type: ignore[arg-type]
    with pytest.raises(uploads.Stalled):
        await upload.next()


async def test_a_sender_who_sends_next_to_nothing_is_not_waited_for_either(settings: Any) -> None:
    async def trickle() -> dict[str, Any]:
        await asyncio.sleep(0.001)
        return {"type": "http.request", "body": b"x", "more_body": True}

    def upload() -> uploads.Upload:
        return uploads.Upload({"path": "/api/v1/documents", "query_string": b"", "headers": []}, trickle, None)  # type: ignore[arg-type]

    settings.BODY_SECONDS, settings.BODY_BYTES_PER_SECOND = 0.05, 10_000

    async def all_of(body: uploads.Body) -> None:
        async for _chunk in body:
            assert body.taken < 10_000

    with pytest.raises(uploads.Stalled):
        await all_of(uploads.Body(upload()))
    settings.BODY_SECONDS, settings.BODY_BYTES_PER_SECOND = 60, 1
    patient = uploads.Body(upload())
    for _ in range(50):
        await anext(patient)
    assert patient.taken == 50


async def test_whoever_sends_little_holds_no_thread_of_the_store() -> None:
    """More of them than there are threads; then one whose file is whole is taken."""
    store = b"".join
    never, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def slow() -> AsyncIterator[bytes]:
        yield b"%PDF"
        begun.release()
        await never.wait()

    async def whole() -> AsyncIterator[bytes]:
        yield b"%PDF whole"

    waiting = [asyncio.ensure_future(feeding.fed(slow(), GIGABYTE, store)) for _ in range(feeding.UPLOADS_AT_ONCE + 1)]
    for _ in waiting:
        await begun.acquire()
    async with asyncio.timeout(PATIENCE):
        assert await feeding.fed(whole(), GIGABYTE, store) == b"%PDF whole"
    for one in waiting:
        one.cancel()
    await asyncio.wait(waiting)


def test_many_slow_senders_hold_up_neither_another_sender_nor_a_reader(site: Site, case: Case) -> None:
    known = site.carried(site.world.spouse_1_user, None)
    slow = [
        Knock(site, "/api/v1/documents?name=slow.pdf", Accept="application/json", Content_Length="9000000", **known) for _ in range(150)
    ]
    for knock in slow:
        with suppress(ConnectionError):
            knock.socket.sendall(b"%PDF-1.7\n" + bytes(2000))
    time.sleep(0.5)  # they have all begun
    with Knock(site, "/api/v1/documents", Accept="application/json", Content_Length="9000000", **known) as one_more:
        told = one_more.answer()
    assert told.startswith("HTTP/1.1 429"), "they have their share already"
    assert "retry-after: " in told.lower()
    assert "puis recommencez" in told
    document = site.program(site.world.lawyer_user).post("/api/v1/documents", content=pdf("Vite")).json()["id"]
    site.world.work()
    program = site.program(site.world.lawyer_user)
    key = program.post(f"/api/v1/cases/{case.pk}/exhibits", json={"kind": "other", "side": 0, "document": document}).json()["id"]
    assert program.get(f"/api/v1/cases/{case.pk}/exhibits/{key}/file").content == pdf("Vite")
    for knock in slow:
        knock.socket.close()


NAMES = {
    "../../etc/passwd": "passwd.pdf",
    "C:\\Papiers\\Armelle\\acte.pdf": "acte.pdf",
    "acte\r\nSet-Cookie: a=b.pdf": "acte Set-Cookie: a=b.pdf",
    "acte\x00.pdf": "acte .pdf",
    "facture\u202efdp.exe": "facturefdp.exe.pdf",
    'a"; filename="b.exe': 'a"; filename="b.exe.pdf',
    "Attestation M. Dupont": "Attestation M. Dupont.pdf",
    "Photo n. 3.JPEG": "Photo n. 3.pdf",
    "<img src=x onerror=alert(1)>.pdf": "<img src=x onerror=alert(1)>.pdf",
    "é" * 1000 + ".pdf": "é" * 146 + ".pdf",
    "...": "document.pdf",
    "\u200b\u2066": "document.pdf",
    ".htaccess": "htaccess.pdf",
    "CON.pdf/..": "document.pdf",
}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_that_bites_is_harmless_in_the_header_and_on_the_page(site: Site, case: Case, name: str) -> None:
    program = site.program(site.world.lawyer_user)
    sent = program.post("/api/v1/documents", params={"name": name}, content=pdf("Nom"))
    assert sent.status_code == 201, sent.text
    site.world.work()
    body = {"kind": "other", "side": 0, "document": sent.json()["id"], "title": f"Titre {uuid4()}"}
    key = program.post(f"/api/v1/cases/{case.pk}/exhibits", json=body).json()["id"]
    answer = program.get(f"/api/v1/cases/{case.pk}/exhibits/{key}/file")
    assert "set-cookie" not in answer.headers
    assert file_name(answer.headers["content-disposition"]) == NAMES[name]
    kept_as = Document.objects.get(pk=sent.json()["id"]).name
    assert not set(kept_as) & set("\r\n\x00\u202e/\\")
    assert len(kept_as) <= 150


def file_name(disposition: str) -> str:
    """What a browser reads of the header (RFC 6266)."""
    kind, _, rest = disposition.partition("; ")
    assert kind == "attachment"
    if rest.startswith("filename*=utf-8''"):
        return unquote(rest.removeprefix("filename*=utf-8''"))
    return rest.removeprefix('filename="').removesuffix('"').replace('\\"', '"')


def test_a_name_sent_by_a_form_becomes_a_title_that_is_shown_and_never_run(site: Site, case: Case) -> None:
    bites = '<img src=x onerror=alert(1)>\u202e"' + "x" * 500
    disposition = 'form-data; name="file"; filename="' + bites.replace('"', '\\"') + '"'
    answer = by_hand(site, case, part("x", disposition, pdf("Titre")))
    assert answer.status_code == 201, answer.text
    title = Exhibit.objects.latest("pk").title
    assert (title[:28], "\u202e" in title, len(title) <= 200) == ("<img src=x onerror=alert(1)>", False, True)
    page = site.browser(site.world.lawyer_user).get(f"/dossiers/{case.pk}/pieces/").text
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def by_hand(site: Site, to: Case, *parts: bytes, end: bytes = b"--x--\r\n", **fields: str) -> httpx.Response:
    """A form written by hand."""
    known = {"case": str(to.pk), "purpose": "exhibit", "kind": "other", "side": "0", **fields}
    body = b"".join(part("x", f'form-data; name="{name}"', value.encode()) for name, value in known.items()) + b"".join(parts) + end
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Accept": "application/json"}
    return site.program(site.world.lawyer_user).post("/envoyer", content=body, headers=headers)


def test_a_photograph_sent_twice_under_its_key_is_there_once_and_its_name_is_told(site: Site, case: Case) -> None:
    photograph = part("x", 'form-data; name="file"; filename="page.png"', picture())
    key = str(uuid4())
    for _ in range(2):
        answer = by_hand(site, case, photograph, purpose="photograph", key=key)
        assert answer.status_code == 201, answer.text
        assert len(answer.json()["files"]) == 1
    assert case.photographs.count() == 1


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (1240, 1754), "white").save(out, "PNG")
    return out.getvalue()


FILE = part("x", 'form-data; name="file"; filename="a.pdf"', pdf("Pièce"))


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "x" * 500},
        {"kind": "a\x00b"},
        {"title": "t" * 5000},
        {"title": "a\x00b"},
        {"form": "f" * 300},
        {"side": "9"},
        {"side": "99999999999999999999"},
        {"about": "nobody"},
        {"dated": "yesterday"},
        {"key": "k" * 400},
        {"case": "' OR 1=1"},
        {"purpose": "anything"},
        {"purpose": "exhibit-file", "exhibit": "a\x00"},
    ],
    ids=str,
)
def test_a_form_whose_fields_cannot_be_taken_is_told_so(site: Site, case: Case, fields: dict[str, str]) -> None:
    before = Exhibit.objects.count()
    answer = by_hand(site, case, FILE, **fields)
    assert answer.status_code in (404, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert Exhibit.objects.count() == before


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data; boundary=x", b"this is no form"),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"A: b\r\n" * 5000),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: " + b"a" * 100_000),
        ("multipart/form-data; boundary=x", b"".join(part("x", f'form-data; name="{n}"', b"") for n in range(5000)) + b"--x--\r\n"),
        ("multipart/form-data; boundary=x", part("x", 'form-data; name="a"', b"a" * 300_000) + b"--x--\r\n"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\na\r\n--x--\r\n'),
        ("multipart/form-data; boundary=x", FILE[:-40]),
        ("multipart/form-data; boundary=" + "b" * 1000, b"--b"),
        ("multipart/form-data", b"--x"),
        ("application/x-www-form-urlencoded", b"a=b"),
        ("", b""),
    ],
    ids=range(12),
)
def test_what_is_no_form_is_told_so_and_the_server_goes_on(site: Site, content_type: str, body: bytes) -> None:
    headers = {"Content-Type": content_type, "Accept": "application/json"}
    answer = site.program(site.world.lawyer_user).post("/envoyer", content=body, headers=headers)
    assert answer.status_code in (413, 422), answer.text
    assert "Traceback" not in answer.text
    assert httpx.get(f"{site.address}/health").status_code == 200


@pytest.mark.parametrize(
    "onward",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "http:elsewhere.example",
        "/\r\nSet-Cookie: a=b",
        "\x00//elsewhere.example",
        "/\t/elsewhere.example",
    ],
)
def test_a_form_leads_back_to_this_site_only(site: Site, case: Case, onward: str) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Accept": "text/html"}
    body = part("x", 'form-data; name="next"', onward.encode()) + b"--x--\r\n"
    answer = site.program(site.world.lawyer_user).post("/envoyer", content=body, headers=headers)
    assert answer.status_code == 303
    where = httpx.URL(site.address).join(answer.headers["location"])
    assert where.host == "127.0.0.1"
    assert "set-cookie" not in answer.headers


def test_the_api_too_takes_small_bodies_only_announced_or_not(site: Site) -> None:
    program: Any = site.program(site.world.lawyer_user)
    for content in (bytes(2 * 1024 * 1024), growing(b"{")):
        answer = program.post("/api/v1/cases", content=content, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")

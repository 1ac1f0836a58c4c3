"""The door of who holds a signed file: open to anybody, it takes little, keeps nothing and tells nothing else."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from cases.models import Case
from documents import storage
from documents.models import Document
from tests.hostile.test_uploads import Knock
from tests.outside import Site
from tests.pdfs import pdf, weighty
from tests.signatures.making import agreement, signed_by

PAGE, API = "/verifier/fichier", "/api/v1/signature-checks"
NAME = "Anne Claude"


@pytest.fixture(scope="module")
def signed(site: Site) -> bytes:
    return signed_by(agreement(), (NAME, "Avocate"), archived=False)


@pytest.fixture(scope="module")
def case(site: Site) -> Case:
    return site.world.joint_petition(at="check")


def sent(site: Site, content: bytes, *, form: str = "page", **headers: str) -> httpx.Response:
    """As the page sends it, by somebody who never signed in."""
    files = {"file": ("acte.pdf", content, "application/pdf")}
    return httpx.post(
        site.address + PAGE,
        data={"form": form},
        files=files,
        headers={"Origin": site.address, "Accept-Language": "fr", **headers},
        timeout=60,
    )


def asked(site: Site, content: bytes) -> httpx.Response:
    return httpx.post(site.address + API, content=content, headers={"Accept-Language": "en"}, timeout=60)


def objects() -> set[str]:
    return {key for key, _at in storage.walk("")}


def test_anybody_is_told_who_signed_and_nothing_of_the_file_is_kept(site: Site, signed: bytes) -> None:
    before = (Document.objects.count(), objects())
    answer = sent(site, signed)
    assert answer.status_code == 200
    assert NAME in answer.text
    assert "sont valides" in answer.text
    assert "no-store" in answer.headers["cache-control"]
    assert "sessionid" not in answer.headers.get("set-cookie", "")
    assert (Document.objects.count(), objects()) == before


def test_a_program_is_told_the_same_in_json_without_a_token(site: Site, signed: bytes) -> None:
    told = asked(site, signed).json()
    assert (told["verdict"], told["made_here"], told["signatures"][0]["signer"]) == ("valid", False, NAME)
    assert asked(site, agreement()).json()["verdict"] == "none"
    broken = asked(site, signed + b"\n% later").json()
    assert broken["verdict"] == "invalid"
    assert broken["signatures"][0]["reasons"] == ["Something was added to the file that no signature covers."]


def test_the_report_as_a_pdf_is_sealed_and_can_be_checked_in_its_turn(site: Site, signed: bytes) -> None:
    report = sent(site, signed, form="pdf")
    assert (report.status_code, report.headers["content-type"]) == (200, "application/pdf")
    told = asked(site, report.content).json()
    assert (told["verdict"], told["signatures"][-1]["covers_whole"]) == ("valid", True)


@pytest.mark.parametrize("content", [b"", b"not a PDF", b"%PDF-1.7\n" + b"\x00" * 5000])
def test_what_cannot_be_read_is_refused_with_its_reason(site: Site, content: bytes) -> None:
    answer, by_program = sent(site, content), asked(site, content)
    assert (answer.status_code, by_program.status_code) == (422, 422)
    assert by_program.headers["content-type"] == "application/problem+json"
    assert "n’a pas pu être vérifié" in answer.text


def test_a_file_made_here_is_known_and_one_brought_here_is_not(site: Site, case: Case) -> None:
    lawyer = site.program(site.world.lawyer_user)
    receipt = case.instruments.get(kind="receipt")
    made = lawyer.get(f"/api/v1/cases/{case.pk}/instruments/{receipt.pk}/file").content
    assert asked(site, made).json()["made_here"] is True
    page = sent(site, made).text
    assert "Ce document a été établi ici" in page
    assert case.title not in page

    exhibit = case.exhibits.filter(communicated_at__isnull=False).first()
    assert exhibit
    brought = lawyer.get(f"/api/v1/cases/{case.pk}/exhibits/{exhibit.pk}/file").content
    assert asked(site, brought).json()["made_here"] is False


@pytest.mark.parametrize("path", [PAGE, API])
def test_a_body_too_large_is_refused_on_its_headers(site: Site, path: str) -> None:
    with Knock(site, path, Origin=site.address, Content_Type="multipart/form-data; boundary=x", Content_Length=str(1024**3)) as knock:
        assert " 413 " in knock.answer().splitlines()[0]


def test_a_body_that_grows_too_large_is_cut(site: Site) -> None:
    def endless() -> Any:
        for _ in range(40):
            yield b"%PDF-1.7" + b"\x00" * 1024 * 1024

    try:
        status = httpx.post(site.address + API, content=endless(), timeout=60).status_code
    except httpx.TransportError:  # the door is closed while we still pour
        status = 413
    assert status == 413


def test_another_site_s_page_sends_nothing_here(site: Site, signed: bytes) -> None:
    for headers in ({"Origin": "https://elsewhere.example"}, {"Origin": ""}):
        answer = sent(site, signed, **headers)
        assert answer.status_code == 403
        assert NAME not in answer.text


def test_slow_senders_take_no_place_and_one_address_has_two(site: Site, signed: bytes) -> None:
    others = [{"X_Forwarded_For": f"192.0.2.{number}"} for number in range(1, 9)]
    proxied = Site(site.serve(TRUSTED_PROXY_COUNT="1").address, site.database, site.world, site.serve)
    slow = [Knock(proxied, API, Content_Length="100000", **other) for other in others for _ in range(2)]
    for knock in slow:
        knock.socket.sendall(b"%PDF-1.7\n" + bytes(2000))
    with Knock(proxied, API, Content_Length="100000", **others[0]) as third:
        told = third.answer()
    assert told.startswith("HTTP/1.1 429")
    assert "par le code imprim" in told
    assert asked(proxied, signed).json()["verdict"] == "valid"
    for knock in slow:
        knock.socket.close()


def test_one_address_is_told_to_wait(site: Site, signed: bytes) -> None:
    strict = Site(site.serve(CHECKS_PER_HOUR="2").address, site.database, site.world, site.serve)
    assert [asked(strict, signed).status_code for _ in range(3)] == [200, 200, 429]
    answer = sent(strict, signed)
    assert answer.status_code == 429
    assert NAME not in answer.text
    assert "par le code imprimé" in answer.text
    assert httpx.get(f"{strict.address}/verifier/?code=ABCD-EFGH-JKLM", follow_redirects=True).status_code == 404, "which counts for nobody"


def test_the_page_of_an_answer_shows_nothing_by_itself(site: Site) -> None:
    answer = httpx.get(f"{site.address}/verifier/rapport/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/verifier/")


def test_memory_stays_flat(site: Site, signed: bytes) -> None:
    """The file is never in the web process's own memory: of twenty megabytes sent, it grows by less than eight."""
    asked(site, signed)
    program = site.serve()
    big = Site(program.address, site.database, site.world, site.serve)
    asked(big, signed)
    before = resident(program.process.pid)
    assert asked(big, weighty("Convention", 18_000_000)).status_code == 200
    assert resident(program.process.pid) - before < 8 * 1024


def resident(pid: int) -> int:
    """The most memory that a process has had, in kilobytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def test_a_form_without_a_file_says_so(site: Site) -> None:
    answer = httpx.post(site.address + PAGE, files={"form": (None, "page")}, headers={"Origin": site.address, "Accept-Language": "fr"})
    assert answer.status_code == 422
    assert "Choisissez un fichier" in answer.text
    assert sent(site, pdf()).status_code == 200

"""Files that come part by part, through a real server: cut, resumed, damaged, late, and the same to the byte at the end."""

import hashlib
import os
import socket
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from backend import clock
from cases.models import Case, Exhibit
from documents import assembly, storage
from documents.models import Part, Upload, Version
from tests.outside import PATIENCE, Site, eventually
from tests.pdfs import pdf, weighty

PLACE = "/api/v1/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
MB = 1024 * 1024
FILE = weighty("Acte", 400_000)


@pytest.fixture(scope="module")
def case(site: Site) -> Case:
    return site.world.joint_petition(lawyers=2)


def described(**about: str) -> str:
    return ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in about.items())


def begun(client: httpx.Client, length: int, content: bytes | None = None, **about: str) -> httpx.Response:
    more = {"Content-Type": "application/offset+octet-stream"} if content is not None else {}
    told = {"Upload-Length": str(length), "Upload-Metadata": described(**{"filename": "acte.pdf"} | about)}
    return client.post(PLACE, headers={**TUS, **told, **more}, content=content or b"")


def part(client: httpx.Client, place: str, offset: int, content: Any, **more: str) -> httpx.Response:
    told = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return client.patch(place, headers={**TUS, **told, **more}, content=content)


def offset(client: httpx.Client, place: str) -> int:
    answer = client.head(place, headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["upload-offset"])


@pytest.fixture
def lawyer(site: Site) -> httpx.Client:
    return site.program(site.world.lawyer_user)


@pytest.fixture
def place(lawyer: httpx.Client) -> str:
    """An upload that has been announced."""
    answer = begun(lawyer, len(FILE))
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def test_the_door_says_what_it_can_do(site: Site) -> None:
    answer = site.program().options(PLACE)
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == answer.headers["tus-resumable"] == "1.0.0"
    assert set(answer.headers["tus-extension"].split(",")) == {"creation", "creation-with-upload", "termination", "expiration", "checksum"}
    assert answer.headers["tus-max-size"] == "8000000"
    assert answer.headers["tus-checksum-algorithm"] == "sha256,sha1"


def test_a_file_sent_in_parts_is_put_together_to_the_byte_and_checked(site: Site, lawyer: httpx.Client, place: str) -> None:
    for start in range(0, len(FILE), 100_000):
        answer = part(lawyer, place, start, FILE[start : start + 100_000])
        assert answer.status_code == 204, answer.text
        assert answer.headers["upload-offset"] == str(min(start + 100_000, len(FILE)))
    told = lawyer.get(place).json()
    assert (told["document"]["sha256"], told["document"]["state"]) == (hashlib.sha256(FILE).hexdigest(), "ready")
    assert (told["name"], told["bound"]) == ("acte.pdf", False)


def by_hand(site: Site, place: str, length: int) -> socket.socket:
    """A part announced on a line of its own, to be cut, or refused before it comes."""
    host, _, port = site.address.removeprefix("http://").partition(":")
    line = socket.create_connection((host, int(port)), timeout=PATIENCE)
    told = {"Host": f"{host}:{port}", "Authorization": f"Token {site.token(site.world.lawyer_user)}", "Content-Length": str(length)}
    told |= {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    line.sendall("\r\n".join([f"PATCH {place} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]).encode())
    return line


def test_a_part_larger_than_is_taken_is_refused_before_its_first_byte(site: Site, place: str) -> None:
    with by_hand(site, place, 16 * MB + 1) as line:
        assert line.recv(1000).startswith(b"HTTP/1.1 413")


def test_a_part_that_is_cut_counts_as_far_as_it_came(site: Site, lawyer: httpx.Client, place: str) -> None:
    with by_hand(site, place, len(FILE)) as line:
        line.sendall(FILE[:150_000])
    came = eventually(lambda: offset(lawyer, place))
    assert 0 < came <= 150_000

    assert part(lawyer, place, came, FILE[came:]).status_code == 204
    assert lawyer.get(place).json()["document"]["sha256"] == hashlib.sha256(FILE).hexdigest()


def test_a_file_may_come_whole_with_its_announcement(lawyer: httpx.Client) -> None:
    answer = begun(lawyer, len(FILE), FILE)
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, str(len(FILE)))
    assert lawyer.get(answer.headers["location"]).json()["document"]["state"] == "ready"


def test_what_was_said_of_a_file_binds_it_to_its_case_with_the_last_byte_and_once(lawyer: httpx.Client, case: Case) -> None:
    about = {"case": str(case.pk), "purpose": "exhibit", "kind": "birth-certificate", "side": "1", "dated": "2026-10-01"}
    place = begun(lawyer, len(FILE), **about).headers["location"]
    assert part(lawyer, place, 0, FILE).status_code == 204
    assert part(lawyer, place, len(FILE), b"").status_code == 204  # its answer was lost: asked again
    told = lawyer.get(place).json()
    assert told["bound"]
    exhibit = Exhibit.objects.get(document=told["document"]["id"])
    assert (exhibit.kind, exhibit.side, exhibit.dated.isoformat(), exhibit.title) == ("birth-certificate", 1, "2026-10-01", "acte.pdf")


def test_a_file_for_a_case_that_one_does_not_see_is_refused_before_it_comes(site: Site, case: Case) -> None:
    assert begun(site.program(site.world.outsider_user), 10, case=str(case.pk), purpose="exhibit").status_code == 404


def test_a_right_that_ended_while_the_file_came_binds_nothing(site: Site, case: Case) -> None:
    staff = site.program(site.world.staff_user)
    place = begun(staff, len(FILE), case=str(case.pk), purpose="exhibit").headers["location"]
    assert part(staff, place, 0, FILE[:200_000]).status_code == 204
    memberships = site.world.staff_user.memberships
    memberships.update(until=clock.today() - timedelta(days=1))
    assert part(staff, place, 200_000, FILE[200_000:]).status_code == 404
    memberships.update(until=None)
    assert not staff.get(place).json()["bound"]


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_part_damaged_on_its_way_is_sent_again(lawyer: httpx.Client, place: str, algorithm: str) -> None:
    def checksum(content: bytes) -> str:
        return f"{algorithm} {b64encode(hashlib.new(algorithm, content).digest()).decode()}"

    answer = part(lawyer, place, 0, b"%PDF-1.7 " + FILE[9:], **{"Upload-Checksum": checksum(FILE)})
    assert (answer.status_code, answer.json()["code"]) == (460, "checksum")
    assert offset(lawyer, place) == 0
    assert part(lawyer, place, 0, FILE, **{"Upload-Checksum": checksum(FILE)}).status_code == 204


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Upload-Offset": "7"}, 409),
        ({"Upload-Offset": "-1"}, 400),
        ({"Content-Type": "application/pdf"}, 415),
        ({"Tus-Resumable": "0.2.0"}, 412),
        ({"Upload-Checksum": "md5 AAAA"}, 400),
        ({"Upload-Checksum": "sha256 !"}, 400),
        ({"Origin": "https://elsewhere.example"}, 403),
    ],
)
def test_a_part_that_does_not_fit_is_refused_and_changes_nothing(
    lawyer: httpx.Client, place: str, change: dict[str, str], status: int
) -> None:
    answer = part(lawyer, place, 0, FILE[:2000], **change)
    assert answer.status_code == status
    assert offset(lawyer, place) == 0


@pytest.mark.parametrize(("length", "status"), [("8000001", 413), ("0", 422), ("", 400), ("many", 400)])
def test_a_length_that_cannot_be_is_refused_on_the_announcement(lawyer: httpx.Client, length: str, status: int) -> None:
    assert lawyer.post(PLACE, headers={**TUS, "Upload-Length": length}).status_code == status


def test_a_file_larger_than_its_court_takes_is_refused_on_the_announcement(site: Site, lawyer: httpx.Client, case: Case) -> None:
    site.world.court.file_megabytes = 2
    site.world.court.save()
    answers = [begun(lawyer, length, case=str(case.pk), purpose="exhibit", kind="other") for length in (2_000_000, 2_000_001)]
    site.world.court.file_megabytes = None
    site.world.court.save()
    assert [answer.status_code for answer in answers] == [201, 413]
    assert "2 MB" in answers[1].json()["detail"]


def test_more_than_was_announced_is_refused(lawyer: httpx.Client, place: str) -> None:
    assert part(lawyer, place, 0, FILE + b"more").status_code == 413
    assert offset(lawyer, place) == 0


def test_a_file_of_a_kind_that_is_not_taken_is_refused_with_its_first_part(lawyer: httpx.Client, place: str) -> None:
    answer = part(lawyer, place, 0, b"MZ" + bytes(2000))
    assert (answer.status_code, answer.json()["code"]) == (422, "media-type")
    assert answer.json()["mend"]


def test_a_file_that_its_check_refuses_says_why_and_is_bound_to_nothing(lawyer: httpx.Client, case: Case) -> None:
    broken = b"%PDF-1.7 " + bytes(3000)
    place = begun(lawyer, len(broken), case=str(case.pk), purpose="exhibit").headers["location"]
    answer = part(lawyer, place, 0, broken)
    assert (answer.status_code, answer.json()["code"]) == (422, "broken")
    told = lawyer.get(place).json()
    assert (told["bound"], told["document"]["state"], told["findings"][0]["code"]) == (False, "refused", "broken")


def test_of_two_parts_at_once_one_counts(lawyer: httpx.Client, place: str) -> None:
    def slowly() -> Iterator[bytes]:
        yield FILE[:50_000]
        assert part(lawyer, place, 0, FILE).status_code == 204  # meanwhile
        yield FILE[50_000:]

    with httpx.Client(base_url=lawyer.base_url, headers=lawyer.headers) as other:
        answer = part(other, place, 0, slowly())
    assert (answer.status_code, answer.json()["code"]) == (409, "offset")
    assert Part.objects.filter(upload=place.rpartition("/")[2]).count() == 1
    assert lawyer.get(place).json()["document"]["sha256"] == hashlib.sha256(FILE).hexdigest()


def test_an_upload_given_up_leaves_nothing(lawyer: httpx.Client, place: str) -> None:
    part(lawyer, place, 0, FILE[:200_000])
    assert lawyer.delete(place, headers=TUS).status_code == 204
    assert lawyer.head(place, headers=TUS).status_code == part(lawyer, place, 200_000, FILE[200_000:]).status_code == 404
    assert objects_of(place) == []


def objects_of(place: str) -> list[str]:
    return [key for key, _at in storage.walk(f"uploads/{place.rpartition('/')[2]}/")]


def test_a_stranger_and_another_person_find_no_upload(site: Site, place: str) -> None:
    assert begun(site.program(), 10).status_code == site.program().head(place, headers=TUS).status_code == 401
    for user in (site.world.second_lawyer_user, site.world.administrator_user):
        other = site.program(user)
        answers = [other.get(place), part(other, place, 0, FILE), other.delete(place, headers=TUS), other.get(f"{PLACE}/{uuid4()}")]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1


def test_an_upload_left_for_a_week_is_forgotten_and_its_parts_removed(lawyer: httpx.Client, place: str) -> None:
    part(lawyer, place, 0, FILE[:200_000])
    key = place.rpartition("/")[2]
    Upload.objects.filter(pk=key).update(expires_at=clock.now() - timedelta(seconds=1))
    assert lawyer.head(place, headers=TUS).status_code == part(lawyer, place, 200_000, FILE[200_000:]).status_code == 404
    assert objects_of(place)
    assembly.clear()
    assert not Upload.objects.filter(pk=key).exists()
    assert objects_of(place) == []


def test_what_is_coming_has_its_place_in_the_quota(site: Site) -> None:
    person = site.program(site.world.stranger_user)
    with httpx.Client(base_url=site.serve(QUOTA_UNBOUND_FILES="2").address, headers=person.headers) as client:
        places = [begun(client, 10).headers["location"] for _ in range(2)]
        assert (answer := begun(client, 10)).status_code == 413
        assert answer.json()["code"] == "quota"
        client.delete(places[0], headers=TUS)
        assert begun(client, 10).status_code == 201


def test_the_same_file_twice_in_a_case_is_said_to_those_who_see_the_first(site: Site, case: Case) -> None:
    same = pdf("Deux fois", pages=3)

    def brought(user: Any, side: int) -> list[str]:
        client = site.program(user)
        place = begun(client, len(same), case=str(case.pk), purpose="exhibit", kind="other", side=str(side), title="Deux fois").headers[
            "location"
        ]
        assert part(client, place, 0, same).status_code == 204
        return [finding["reason"] for finding in client.get(place).json()["findings"] if finding["code"] == "same-file"]

    assert brought(site.world.lawyer_user, 1) == []
    assert brought(site.world.second_lawyer_user, 2) == []  # the other side keeps its own to itself
    assert brought(site.world.lawyer_user, 1) == ["The same file is already there: “Deux fois”."]


def peak(pid: int) -> int:
    """The most memory that a process ever held, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def test_a_large_file_goes_through_a_server_and_a_worker_that_stay_small(site: Site, lawyer: httpx.Client) -> None:
    size, block = 240 * MB, b"%PDF-1.7\n" + os.urandom(MB - 9)
    program = site.serve(DOCUMENT_MAX_BYTES=str(size))
    with httpx.Client(base_url=program.address, headers=lawyer.headers, timeout=PATIENCE) as client:
        place = begun(client, size).headers["location"]
        part(client, place, 0, block)
        before = peak(program.process.pid)
        for start in range(MB, size, 15 * MB):
            count = min(15, (size - start) // MB)
            assert part(client, place, start, (block for _ in range(count))).status_code == 204
        assert peak(program.process.pid) - before < 64 * MB
        version = Version.objects.get(document=client.get(place).json()["document"]["id"])
    assert (version.state, version.sha256) == ("received", "")

    before = peak(os.getpid())
    assembly.assemble(version.pk)
    assert peak(os.getpid()) - before < 64 * MB
    version.refresh_from_db()
    assert version.sha256 == hashlib.sha256(block * 240).hexdigest()

"""The virus scan, by a real clamd: what is infected is set aside and never served; a scanner that is away is waited for, never skipped."""

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.admin import site

from backend.errors import NotNow
from backend.work import Later
from backend.work.doing import run_due
from backend.work.models import Owed
from documents import inspection, intake, previews, scanner, vault
from documents.models import Stage, State, Version
from tests import clamd as daemon
from tests.clamd import EICAR, Clamd

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def clamd() -> Iterator[Clamd]:
    if not daemon.CLAMD:
        pytest.skip(daemon.ABSENT)
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder, daemon.running(Path(folder)) as started:
        yield started


@pytest.fixture
def with_scanner(clamd, settings) -> Clamd:
    settings.CLAMD_ADDRESS = clamd.address
    return clamd


def sent(content: bytes) -> Version:
    return intake.take_in_bytes(content, name="acte.pdf", created_by=uuid4(), limit=10**8)


def inspected(version: Version) -> Version:
    inspection.inspect(version.pk)
    return again(version)


def again(version: Version) -> Version:
    return Version.objects.select_related("document__head").get(pk=version.pk)


def codes(version: Version) -> list[str]:
    return [item["code"] for item in version.verdict]


def infected(pdf) -> bytes:
    """An honest PDF that carries the standard test virus."""
    return pdf(change=lambda made: made.Root.__setitem__("/Cargo", made.make_stream(EICAR)))


@pytest.mark.parametrize("address", ["address", "socket"])
def test_a_clean_file_is_ready_and_known_as_scanned(clamd, settings, pdf, address):
    settings.CLAMD_ADDRESS = getattr(clamd, address)
    version = inspected(sent(pdf()))
    assert (version.state, version.facts["scanned"]) == (State.READY, True)


def test_an_infected_file_is_set_aside_and_never_served(with_scanner, pdf):
    content = infected(pdf)
    version = inspected(sent(content))
    assert (version.state, codes(version), version.rejected) == (State.QUARANTINED, ["infected"], True)
    assert version.facts["infection"] == "Tests.Eicar.UNOFFICIAL"
    with pytest.raises(NotNow):
        vault.content(version)
    previews.make(version.pk)
    assert previews.page(version, 1) is None
    assert content == b"".join(vault.unchecked(version))  # kept, for whoever must look into it


def test_the_operator_sees_first_what_was_set_aside_and_no_name_of_anybody(with_scanner, pdf, rf):
    inspected(sent(pdf()))
    version = inspected(sent(infected(pdf)))
    inspected(sent(pdf()))
    desk = site.get_model_admin(Version)
    shown = desk.get_queryset(rf.get("/")).first()
    assert shown == version
    assert (desk.codes(shown), desk.infection(shown)) == ("infected", "Tests.Eicar.UNOFFICIAL")
    assert not {"document", "created_by", "name"} & {*desk.list_display, *desk.fields}


def test_a_scanner_that_is_away_is_waited_for_and_this_is_said(with_scanner, pdf):
    with_scanner.stop()
    version = sent(pdf())
    with pytest.raises(Later):
        inspection.inspect(version.pk)
    waiting = again(version)
    assert (waiting.state, waiting.stage) == (State.CHECKING, Stage.SCAN_WAITS)
    assert not scanner.answers()
    with pytest.raises(NotNow):
        vault.content(waiting)

    with_scanner.start()
    assert scanner.answers()
    assert inspected(version).state == State.READY


def test_waiting_for_the_scanner_is_no_failure(with_scanner, pdf):
    with_scanner.stop()
    sent(pdf())
    run_due()
    owed = Owed.objects.get(kind="documents.inspect")
    assert (owed.attempts, owed.deaths, owed.parked_at) == (0, 0, None)
    with_scanner.start()


@pytest.mark.parametrize("limit", ["ours", "its own"])
def test_a_file_larger_than_the_scanner_looks_at_is_refused_not_skipped(with_scanner, settings, pdf, limit):
    settings.CLAMD_MAX_BYTES = 1000 if limit == "ours" else 10**9
    version = inspected(sent(pdf() + bytes(9_000_000)))
    assert (version.state, codes(version)) == (State.REFUSED, ["scan-too-large"])


@contextmanager
def answering(said: bytes | None) -> Iterator[str]:
    """What stands in clamd's place and, once it has read, says only this; None: nothing, for ever."""
    over = threading.Event()

    def serve(door: socket.socket) -> None:
        while not over.is_set():
            try:
                caller, _ = door.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(0.2)
                try:
                    while caller.recv(65536):
                        continue
                except TimeoutError:
                    pass
                if said is None:
                    over.wait(10)
                else:
                    caller.sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=serve, args=(door,), daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{door.getsockname()[1]}"
        over.set()
        door.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize("said", [None, b"", b"Can't allocate memory ERROR\0"], ids=["silence", "a hang-up", "an error"])
def test_a_scan_that_never_comes_to_its_end_is_tried_three_times_then_refused(settings, pdf, said):
    settings.CLAMD_SECONDS = 0.5
    with answering(said) as settings.CLAMD_ADDRESS:
        version = sent(pdf())
        for _ in range(2):
            with pytest.raises(Later):
                inspection.inspect(version.pk)
        assert again(version).state == State.CHECKING
        version = inspected(version)
    assert (version.state, codes(version)) == (State.REFUSED, ["scan-unfinished"])


def test_a_lock_is_for_the_next_stage_to_say(settings, pdf):
    with answering(b"stream: Heuristics.Encrypted.PDF FOUND\0") as settings.CLAMD_ADDRESS:
        assert inspected(sent(pdf())).state == State.READY


def test_without_a_scanner_files_are_known_as_not_scanned(settings, pdf):
    settings.CLAMD_ADDRESS = ""
    version = inspected(sent(pdf()))
    assert (version.state, version.facts["scanned"]) == (State.READY, False)

"""The vault when what it stands on fails: the store cut in the middle, a worker killed while it checks."""

import subprocess
import sys
import time
from collections.abc import AsyncIterator
from hashlib import sha256
from io import BytesIO

import pikepdf
import pytest
from asgiref.sync import async_to_sync
from django.test import override_settings

from backend.errors import Unavailable
from backend.keys import uuid7
from backend.work.doing import run_due
from backend.work.models import Owed
from documents import assembly, intake, previews, storage, uploads, vault
from documents.models import Stage, State, Upload, Version
from tests.faults import labour
from tests.faults.conftest import until
from tests.faults.ways import cut_after, way

MB = 1024 * 1024


@pytest.fixture(autouse=True)
def nobody_listens(settings) -> None:
    settings.DOCUMENTS_CHANGED = ""


def objects() -> set[str]:
    return {key for key, _ in storage.walk("documents/")}


@pytest.mark.django_db
def test_a_store_cut_in_the_middle_of_an_upload_is_said_and_leaves_no_row():
    before = objects()
    with way(cut_after(up=8 * MB, down=MB)) as address, override_settings(S3_ENDPOINT=address), pytest.raises(Unavailable):
        intake.take_in_bytes(b"%PDF-1.7" + bytes(30 * MB), name="x", created_by=None, limit=100 * MB)
    assert not Version.objects.exists()
    assert objects() == before


@pytest.mark.django_db
def test_a_store_cut_in_the_middle_of_a_download_is_said():
    version = vault.keep(bytes(30 * MB), name="x")
    with way(cut_after(up=MB, down=8 * MB)) as address, override_settings(S3_ENDPOINT=address), pytest.raises(Unavailable):
        vault.content(version)


def come(upload: Upload, content: bytes) -> Upload:
    """The rest of a file, or a part of it."""

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 65536):
            yield content[start : start + 65536]

    return async_to_sync(uploads.take)(upload, upload.offset, chunks())


@pytest.mark.django_db
def test_a_store_cut_in_the_middle_of_a_part_is_said_and_the_upload_stands_where_it_stood():
    content = b"%PDF-1.7" + bytes(12 * MB)
    upload = come(uploads.begin(uuid7(), name="x", length=len(content), about={}), content[: 2 * MB])
    with way(cut_after(up=4 * MB, down=MB)) as address, override_settings(S3_ENDPOINT=address), pytest.raises(Unavailable):
        come(upload, content[2 * MB :])
    upload.refresh_from_db()
    assert (upload.offset, upload.parts.count()) == (2 * MB, 1)
    upload = come(upload, content[2 * MB :])
    assembly.assemble(upload.version_id)
    assert Version.objects.get(pk=upload.version_id).sha256 == sha256(content).hexdigest()


def test_a_worker_killed_while_it_puts_a_file_together_loses_nothing(committed, worker):
    labour.book().with_name("once-assembly").touch()
    content = blank(1000)
    upload = uploads.begin(uuid7(), name="blank.pdf", length=len(content), about={})
    middle = len(content) // 2
    version = come(come(upload, content[:middle]), content[middle:]).version
    until(lambda: settled(version), seconds=60)
    assert labour.lines() == ["died at assembly"]
    assert (version.state, version.sha256) == (State.READY, sha256(content).hexdigest())
    assert vault.content(version) == content


def blank(things: int = 0) -> bytes:
    """A PDF of one page; with many `things` in it, it takes a while to check."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root["/Many"] = pikepdf.Array([pikepdf.Dictionary(A=pikepdf.Dictionary(N=number)) for number in range(things)])
        pdf.save(out)
    return out.getvalue()


INSPECT = """
import sys, django
django.setup()
from documents import inspection
inspection.inspect(sys.argv[1])
"""


def test_a_worker_killed_while_it_checks_loses_nothing(committed):
    version = intake.take_in_bytes(blank(150_000), name="heavy.pdf", created_by=None, limit=100 * MB)
    with subprocess.Popen([sys.executable, "-c", INSPECT, str(version.pk)], env=committed.environment) as worker:
        while worker.poll() is None and Version.objects.get(pk=version.pk).state == State.RECEIVED:
            time.sleep(0.005)
        worker.kill()
    assert Version.objects.get(pk=version.pk).state in (State.CHECKING, State.READY)
    run_due()
    assert Version.objects.get(pk=version.pk).state == State.READY


def settled(version: Version) -> bool:
    version.refresh_from_db()
    return version.state not in (State.RECEIVED, State.CHECKING) and not version.stage


def sent() -> Version:
    return intake.take_in_bytes(blank(), name="blank.pdf", created_by=None, limit=MB)


def test_a_worker_killed_at_any_stage_loses_nothing_and_another_goes_on_from_there(committed, worker):
    stages = [Stage.SCAN, Stage.STRUCTURE, Stage.CONTENT, Stage.PICTURES, Stage.TEXT]
    for deaths, stage in enumerate(stages, 1):
        labour.book().with_name(f"once-{stage}").touch()
        version = sent()
        until(lambda: len(labour.lines()) == deaths and settled(version), seconds=60)  # noqa: B023 (asked before the next begins)
        assert (version.state, [item["code"] for item in version.verdict]) == (State.READY, ["blank-pages"]), stage
        assert previews.page(version, 1), stage
    assert labour.lines() == [f"died at {stage}" for stage in stages]


def test_a_file_that_always_kills_its_worker_is_parked_after_three_deaths_and_says_what_to_do(committed, worker):
    labour.book().with_name("always-structure").touch()
    version = sent()
    until(lambda: settled(version), seconds=60)
    assert labour.lines() == ["died at structure"] * 3
    assert (version.state, version.why.code, bool(version.why.mend)) == (State.STUCK, "not-checked", True)
    until(lambda: Owed.objects.parked().filter(kind="documents.inspect", last_error="WorkerDied").exists())

    labour.book().with_name("always-structure").unlink()
    other = sent()
    until(lambda: settled(other), seconds=60)
    assert other.state == State.READY

    Owed.objects.parked().try_again()  # by the operator
    until(lambda: settled(version) and version.state == State.READY, seconds=60)


def test_pictures_and_a_text_that_always_kill_their_worker_leave_the_file_ready(committed, worker):
    for stage in (Stage.PICTURES, Stage.TEXT):
        labour.book().with_name(f"always-{stage}").touch()
    version = sent()
    until(lambda: settled(version), seconds=60)
    assert version.state == State.READY

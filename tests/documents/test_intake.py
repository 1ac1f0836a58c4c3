"""What people send: told apart by its content, limited as it comes, and all of it or nothing of it kept."""

import asyncio
import resource
from collections.abc import AsyncIterator
from hashlib import sha256
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.db import DataError, connection

from backend.errors import Invalid, TooLarge, Unavailable
from backend.work.models import Owed
from documents import intake, storage, uploads, vault
from documents.models import State, Version

pytestmark = pytest.mark.django_db
PERSON = uuid4()
MB = 1024 * 1024


def send(content: bytes, limit: int = 100 * MB) -> Version:
    return intake.take_in_bytes(content, name="acte.pdf", created_by=PERSON, limit=limit)


def stream(chunks, limit: int = 1024 * MB) -> Version:
    return async_to_sync(intake.take_in)(chunks, name="acte.pdf", created_by=PERSON, limit=limit)


def objects() -> set[str]:
    return {key for key, _ in storage.walk("documents/")}


@pytest.fixture
def nothing_stays():
    before = objects()
    yield
    assert objects() == before
    assert not Version.objects.exists()


def test_what_comes_in_too_many_parts_is_told_to_begin_again(monkeypatch, pdf):
    monkeypatch.setattr(uploads, "PARTS_AT_MOST", 1)
    content = pdf() + bytes(3000)

    async def part(size: int) -> AsyncIterator[bytes]:
        yield content[upload.offset : upload.offset + size]

    upload = uploads.begin(PERSON, name="x", length=len(content), about={})
    upload = async_to_sync(uploads.take)(upload, 0, part(2000))
    with pytest.raises(Invalid) as refusal:
        async_to_sync(uploads.take)(upload, 2000, part(500))
    assert (refusal.value.code, bool(refusal.value.mend)) == ("too-many-parts", True)


def test_what_is_sent_is_received_and_its_inspection_owed(pdf):
    content = pdf(2)
    version = send(content)
    assert (version.state, version.sha256, version.size) == (State.RECEIVED, sha256(content).hexdigest(), len(content))
    assert version.document.created_by == PERSON
    assert Owed.objects.get().kind == "documents.inspect"
    assert b"".join(vault.unchecked(version)) == content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00",
        b"<html><script>alert(1)</script>",
        b"PK\x03\x04 a word file",
        b"GIF89a%PDF-1.7",
        b"junk\n%PDF-1.7",
    ],
)
def test_what_is_no_pdf_nor_picture_is_refused_with_what_to_do(content, nothing_stays):
    with pytest.raises(Invalid) as refusal:
        send(content)
    assert refusal.value.mend
    assert refusal.value.field == "file"


def test_the_limit_holds_while_bytes_come(nothing_stays):
    given = 0

    async def endless():
        nonlocal given
        while True:
            given += MB
            yield b"%PDF-1.7" + bytes(MB - 8)

    with pytest.raises(TooLarge):
        stream(endless(), limit=8 * MB)
    assert given <= 10 * MB


def test_the_limit_itself_is_allowed():
    assert send(b"%PDF-" + bytes(995), limit=1000).size == 1000


def test_a_sender_who_stops_leaves_nothing(nothing_stays):
    async def cut():
        for _ in range(8):
            yield b"%PDF-1.7" + bytes(MB)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        stream(cut())


def test_a_server_that_gives_up_leaves_nothing(nothing_stays):
    async def slow():
        yield b"%PDF-1.7" + bytes(6 * MB)
        await asyncio.sleep(60)

    async def given_up():
        async with asyncio.timeout(1):
            await intake.take_in(slow(), name="x", created_by=PERSON, limit=100 * MB)

    with pytest.raises(TimeoutError):
        async_to_sync(given_up)()


def test_a_store_that_does_not_answer_is_said(pdf, settings):
    settings.S3_ENDPOINT = "http://127.0.0.1:9"
    with pytest.raises(Unavailable):
        send(pdf())
    assert not Version.objects.exists()


def test_a_row_that_cannot_be_written_leaves_no_object(pdf, nothing_stays):
    def refuse(execute, sql, *more):
        if sql.startswith('INSERT INTO "documents_version"'):
            raise DataError
        return execute(sql, *more)

    with connection.execute_wrapper(refuse), pytest.raises(DataError):
        send(pdf())


def test_memory_stays_flat_whatever_the_size():
    async def long():
        yield b"%PDF-1.7" + bytes(65528)
        for _ in range(200 * 16):
            yield bytes(65536)

    send(b"%PDF-1.7" + bytes(20 * MB))  # the SDK's buffers, once
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    version = stream(long())
    assert version.size > 200 * MB
    for _ in vault.unchecked(version):
        pass
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
    storage.delete([version.key])

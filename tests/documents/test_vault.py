"""What the vault keeps, gives back, refuses and erases."""

import asyncio
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest

from backend import clock
from backend.errors import Conflict, NotFound, NotNow, Outdated, Unavailable
from documents import envelope, intake, storage, vault
from documents.models import Document, State, Version

pytestmark = pytest.mark.django_db
changes_heard: list[tuple] = []


def note_change(version_id, state):
    changes_heard.append((version_id, state))


LONG = bytes(range(256)) * 12_000


@pytest.fixture
def kept() -> Version:
    return vault.keep(LONG, name="act.bin")


def test_what_is_kept_is_given_back_to_the_byte(kept):
    assert vault.content(kept) == LONG
    assert (kept.state, kept.size, kept.document.head) == (State.READY, len(LONG), kept)


@pytest.mark.parametrize(("start", "end"), [(0, 1), (1_048_000, 1_049_000), (3_000_000, None), (5, 5), (0, 9_999_999)])
def test_a_range_is_read_alone(kept, start, end):
    assert b"".join(vault.stream(kept, start, end)) == LONG[start:end]


def test_an_asynchronous_reader_gets_the_same_bytes(kept):
    async def read() -> bytes:
        return b"".join([chunk async for chunk in vault.astream(kept, 10, 2_000_000)])

    assert asyncio.run(read()) == LONG[10:2_000_000]


def test_the_store_never_sees_the_bytes_nor_the_name(kept):
    sealed = b"".join(storage.get(kept.key))
    assert LONG[:64] not in sealed
    assert "act" not in kept.key


def test_pages_of_a_pdf_are_counted(pdf):
    assert vault.keep(pdf(3), name="three.pdf").pages == 3


def test_a_version_follows_another_and_takes_the_head(kept):
    second = vault.keep(b"second", name="", document=kept.document, based_on=kept)
    assert second.number == 2
    assert Document.objects.get(pk=kept.document_id).head == second


def test_a_version_made_from_an_older_one_is_refused_and_leaves_nothing(kept):
    vault.keep(b"second", name="", document=kept.document, based_on=kept)
    with pytest.raises(Outdated):
        vault.keep(b"late", name="", document=kept.document, based_on=kept)
    assert kept.document.versions.count() == 2
    assert len(list(storage.walk(f"documents/{kept.document_id}/"))) == 2


def test_two_versions_at_once_are_one_version_and_a_conflict(kept, monkeypatch):
    monkeypatch.setattr("documents.rows.place", lambda document: (document.pk, 1))
    with pytest.raises(Conflict):
        vault.keep(b"twin", name="", document=kept.document)


def test_a_copy_may_be_based_on_another_document(kept):
    copy = vault.keep(b"stamped", name="copy", made_by="stamp", based_on=kept)
    assert copy.document_id != kept.document_id
    assert Document.objects.get(pk=kept.document_id).head == kept


def test_what_is_not_checked_is_not_given(pdf):
    version = intake.take_in_bytes(pdf(), name="a.pdf", created_by=uuid4(), limit=10_000)
    with pytest.raises(NotNow):
        vault.content(version)


def test_swapped_objects_do_not_open(kept):
    other = vault.keep(LONG[::-1], name="other")
    sealed = b"".join(storage.get(other.key))
    storage.put(kept.key, BytesIO(sealed), len(sealed))
    with pytest.raises(envelope.Tampered):
        vault.content(kept)


def test_swapped_rows_do_not_open_either(kept):
    other = vault.keep(LONG[::-1], name="other")
    kept.key, kept.wrapped_key = other.key, other.wrapped_key
    with pytest.raises(envelope.Tampered):
        vault.content(kept)


def test_erasing_leaves_the_digest_and_nothing_to_read(kept, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        vault.erase(kept.document)
    erased = Version.objects.select_related("document").get(pk=kept.pk)
    assert (erased.state, bytes(erased.wrapped_key), erased.document.name, erased.sha256) == (State.ERASED, b"", "", kept.sha256)
    assert list(storage.walk(f"documents/{kept.document_id}/")) == []
    with pytest.raises(NotFound):
        vault.content(erased)


def test_a_store_that_does_not_answer_is_said_and_leaves_no_row(settings):
    settings.S3_ENDPOINT = "http://127.0.0.1:9"
    with pytest.raises(Unavailable):
        vault.keep(b"nowhere", name="lost")
    assert not Version.objects.exists()
    assert not storage.answers()


def test_those_who_want_to_know_are_told_after_commit(settings, django_capture_on_commit_callbacks):
    settings.DOCUMENTS_CHANGED = f"{__name__}.note_change"
    with django_capture_on_commit_callbacks(execute=True):
        version = vault.keep(b"x", name="x")
    assert changes_heard == [(version.pk, "ready")]


def test_the_moment_of_a_version_is_the_platforms(settings):
    with clock.at(clock.now() - timedelta(days=400)):
        version = vault.keep(b"x", name="x")
    assert version.at < clock.now() - timedelta(days=399)

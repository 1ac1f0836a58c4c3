"""How much one person may send, at the edges, and what becomes of what nobody keeps."""

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from backend import clock
from backend.errors import Conflict
from backend.work.doing import run_due
from documents import intake, quotas, rounds, storage, vault
from documents.models import Document, State, Version

HEAD = b"%PDF-1.7\n"


@pytest.fixture
def narrow(settings) -> None:
    settings.QUOTA_PERSON_BYTES, settings.QUOTA_PERSON_FILES = 4000, 4
    settings.QUOTA_UNBOUND_BYTES, settings.QUOTA_UNBOUND_FILES = 2000, 2


def send(user: UUID | None, size: int = 500) -> Version:
    return intake.take_in_bytes(HEAD + bytes(size - len(HEAD)), name="x.pdf", created_by=user, limit=10_000)


@pytest.mark.django_db
def test_the_last_byte_that_fits_is_taken_and_the_next_is_not(narrow):
    ours = uuid4()
    send(ours, 1500)
    with pytest.raises(quotas.Full):
        send(ours, 501)
    send(ours, 500)
    with pytest.raises(quotas.Full):
        quotas.admit(ours)
    assert Document.objects.filter(created_by=ours).count() == 2


@pytest.mark.django_db
def test_the_last_file_that_fits_is_taken_and_the_next_is_not(narrow):
    ours = uuid4()
    send(ours, 10)
    send(ours, 10)
    with pytest.raises(quotas.Full) as refusal:
        send(ours, 10)
    assert refusal.value.code == "quota"
    assert str(refusal.value.mend)


@pytest.mark.django_db
def test_what_is_kept_by_a_case_leaves_room_up_to_the_whole_quota(narrow):
    ours = uuid4()
    for _ in range(4):
        vault.bind(send(ours, 900).document)
    assert quotas.room(ours).files == 0
    with pytest.raises(quotas.Full):
        send(ours, 10)


@pytest.mark.django_db
def test_what_is_erased_gives_its_room_back(narrow):
    ours = uuid4()
    for _ in range(2):
        vault.erase(send(ours, 1000).document)
    assert quotas.room(ours).bytes == 2000


@pytest.mark.django_db
def test_nobody_takes_anothers_room_and_the_platform_needs_none(narrow):
    for _ in range(3):
        send(None)
    vault.keep(bytes(5000), name="made", created_by=(ours := uuid4()))
    send(ours)


@pytest.mark.django_db
def test_a_size_known_beforehand_is_refused_before_the_bytes_and_leaves_nothing(narrow):
    ours = uuid4()
    with pytest.raises(quotas.Full):
        quotas.admit(ours, 2001)
    quotas.admit(ours, 2000)
    before = len(list(storage.walk("documents/")))
    with pytest.raises(quotas.Full):
        send(ours, 2001)
    assert len(list(storage.walk("documents/"))) == before


def test_of_files_that_come_at_once_only_those_that_fit_are_taken(committed, narrow, settings):
    settings.DOCUMENTS_CHANGED = ""
    ours, refused = uuid4(), []
    together = threading.Barrier(6)

    def one() -> None:
        together.wait()
        try:
            send(ours, 10)
        except quotas.Full as full:
            refused.append(full)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Document.objects.filter(created_by=ours).count(), len(refused)) == (2, 4)


@pytest.mark.django_db
def test_what_nobody_keeps_is_erased_after_some_days_and_not_before(settings):
    loose, kept = send(uuid4()), send(uuid4())
    vault.bind(kept.document)
    for hours, state in ((-1, State.RECEIVED), (1, State.ERASED)):
        with clock.at(clock.now() + timedelta(days=settings.UNBOUND_DAYS, hours=hours)):
            vault.erase_left_alone()
        assert Version.objects.get(pk=loose.pk).state == state
    assert Version.objects.get(pk=kept.pk).state == State.RECEIVED


@pytest.mark.django_db
def test_what_was_let_go_may_be_taken_up_again_for_some_days(settings):
    version = send(uuid4())
    vault.bind(version.document)
    with clock.at(clock.now() + timedelta(days=30)):
        vault.release(version.document)
        vault.erase_left_alone()
        vault.bind(version.document)
    assert Version.objects.get(pk=version.pk).state != State.ERASED


@pytest.mark.django_db
def test_a_document_is_kept_once_and_never_after_it_was_erased():
    version = send(uuid4())
    vault.bind(version.document)
    with pytest.raises(Conflict):
        vault.bind(version.document)
    vault.release(version.document)
    vault.erase(version.document)
    with pytest.raises(Conflict):
        vault.bind(version.document)


@pytest.mark.django_db
def test_the_night_erases_what_was_left_alone(settings):
    version = send(uuid4())
    with clock.at((clock.now() + timedelta(days=settings.UNBOUND_DAYS + 1)).replace(hour=12)):
        rounds.owe_nightly()
        run_due()
    assert Version.objects.get(pk=version.pk).state == State.ERASED

"""The key-encryption key rotated: reading and writing go on, and the old key is not needed afterwards."""

from threading import Event, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from documents import keyring, previews, vault
from documents.envelope import Tampered
from documents.models import Version

OLD, NEW = "the-key-of-last-year-0000000000000000", "the-key-of-this-year-0000000000000000"


def fresh(version: Version) -> Version:
    return Version.objects.get(pk=version.pk)


def test_after_a_rotation_everything_opens_without_the_old_key(db: None, settings: Any, pdf: Any) -> None:
    first, second = pdf(2), pdf(1)
    settings.DOCUMENTS_KEY = OLD
    before = vault.keep(first, name="avant.pdf")
    seen = previews.page(before, 1)

    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = NEW, [OLD]
    during = vault.keep(second, name="pendant.pdf")
    assert vault.content(before) == first
    call_command("rewrap_documents")
    settings.DOCUMENTS_OTHER_KEYS = []

    assert vault.content(fresh(before)) == first
    assert previews.page(fresh(before), 1) == seen
    assert vault.content(fresh(during)) == second
    assert set(Version.objects.values_list("key_id", flat=True)) == {keyring.current()}


def test_a_key_that_is_known_beforehand_opens_what_a_process_ahead_has_wrapped(db: None, settings: Any, pdf: Any) -> None:
    content = pdf(1)
    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = NEW, [OLD]
    ahead = vault.keep(content, name="un.pdf")

    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = OLD, [NEW]

    assert vault.content(ahead) == content


def test_what_an_unknown_key_wraps_is_left_as_it_is(db: None, settings: Any, pdf: Any) -> None:
    content = pdf(1)
    settings.DOCUMENTS_KEY = OLD
    kept = vault.keep(content, name="un.pdf")
    settings.DOCUMENTS_KEY = NEW

    with pytest.raises(Tampered):
        call_command("rewrap_documents")

    settings.DOCUMENTS_KEY = OLD
    assert vault.content(fresh(kept)) == content


def test_an_erased_document_gets_no_key_again(db: None, settings: Any, pdf: Any) -> None:
    settings.DOCUMENTS_KEY = OLD
    erased = vault.keep(pdf(1), name="un.pdf")
    vault.erase(erased.document)

    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = NEW, [OLD]
    call_command("rewrap_documents")

    assert bytes(fresh(erased).wrapped_key) == b""


def test_readers_and_writers_never_wait_nor_fail_meanwhile(committed: Any, settings: Any, pdf: Any) -> None:
    content = pdf(1)
    settings.DOCUMENTS_KEY = OLD
    kept = [vault.keep(content, name=f"{number}.pdf") for number in range(5)]
    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = NEW, [OLD]
    read, over, faults = Event(), Event(), []

    def reading() -> None:
        try:
            while not over.is_set():
                for version in kept:
                    assert vault.content(fresh(version)) == content
                read.set()
        except Exception as fault:
            faults.append(fault)
        finally:
            read.set()
            connection.close()

    reader = Thread(target=reading)
    reader.start()
    read.wait()
    call_command("rewrap_documents")
    written = vault.keep(content, name="nouveau.pdf")
    over.set()
    reader.join()

    assert faults == []
    assert {fresh(version).key_id for version in [*kept, written]} == {keyring.current()}

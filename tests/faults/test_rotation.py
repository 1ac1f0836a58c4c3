"""The key-encryption key replaced while people read and write: nobody is kept waiting, nothing is left behind."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from documents import keyring, rotation, vault
from documents.models import Version
from tests.documents.transit import TOKEN, transit


@pytest.fixture(autouse=True)
def nobody_listens(settings) -> None:
    settings.DOCUMENTS_CHANGED = ""


@contextmanager
def going_on(*doings: Callable[[], object]) -> Iterator[list[BaseException]]:
    """Each of these done again and again by a thread of its own, until the block ends; what went wrong is in the list."""
    over, wrong = threading.Event(), []

    def again(doing: Callable[[], object]) -> None:
        try:
            while not over.is_set():
                doing()
        except BaseException as fault:
            wrong.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=again, args=[doing]) for doing in doings]
    for thread in threads:
        thread.start()
    try:
        yield wrong
    finally:
        over.set()
        for thread in threads:
            thread.join()


def read_all() -> None:
    for version in Version.objects.select_related("document").order_by("pk"):
        assert vault.content(version).decode() == version.document.name


def write_one() -> None:
    name = f"written under {keyring.present()}"
    vault.keep(name.encode(), name=name)


def test_reading_and_writing_never_stop_while_the_key_is_replaced(committed, settings):
    with transit() as engine:
        settings.DOCUMENTS_KEYRING, settings.VAULT_ADDR, settings.VAULT_TOKEN = "vault-transit", engine.address, TOKEN
        for _ in range(10):
            write_one()
        with going_on(read_all, read_all, write_one) as wrong:
            for _ in range(3):
                engine.rotate()
                rotation.rewrap()
        assert wrong == []
        rotation.rewrap()
        assert set(rotation.in_use()) == {keyring.present()} == {"vault:commun-accord:v4"}
        engine.retire(4)
        read_all()


def test_two_rotations_at_once_lose_no_data_key(committed, settings):
    for _ in range(20):
        write_one()
    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = "the-next-key-of-the-tests-00000000000000", [settings.DOCUMENTS_KEY]
    with going_on(rotation.rewrap, rotation.rewrap, read_all) as wrong:
        rotation.rewrap()
    assert wrong == []
    assert set(rotation.in_use()) == {keyring.present()}

"""The tests' own ground: real roles, real commits, databases of their own."""

import os
import threading

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from backend.people.models import User


def test_ordinary_tests_run_as_the_application_which_has_no_ddl(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("app",)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("CREATE TABLE mine (id int)")


def test_the_application_cannot_truncate(db):
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        cursor.execute("TRUNCATE django_session")


def test_a_durable_transaction_works_inside_an_ordinary_test(db):
    with transaction.atomic(durable=True):
        User.objects.create(email="anne@example.fr")


@pytest.mark.parametrize("turn", [1, 2])
def test_a_committed_database_is_seen_by_others_and_is_new_for_each_test(committed, turn):
    assert not User.objects.exists()

    User.objects.create(email="anne@example.fr")

    counts = []
    thread = threading.Thread(target=lambda: (counts.append(User.objects.count()), connection.close()))
    thread.start()
    thread.join()
    assert counts == [1]
    with psycopg.connect(committed.url) as other:
        assert other.execute("SELECT count(*) FROM people_user").fetchone() == (1,)


def test_a_committed_database_leaves_the_ordinary_one_empty(db):
    assert not User.objects.exists()


def test_the_cache_is_real_and_this_process_s_own(db):
    cache.set("who", os.environ["VALKEY_PREFIX"])
    assert cache.get("who") == os.environ["VALKEY_PREFIX"]
    assert f"/{os.environ['VALKEY_URL'].rpartition('/')[2]}".endswith(("/0", "/1", "/2", "/3", "/4"))

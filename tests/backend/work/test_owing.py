"""What is owed stands with its cause, once, and its bell harms nobody."""

import socket
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery
from django.db import transaction

from backend.work import Job, owing
from backend.work.models import Owed
from backend.work.owing import owe


def test_a_job_is_owed_once_however_often_it_is_asked_for(db: None) -> None:
    subject = uuid.uuid4()

    owe([Job("test.note", subject), Job("test.note", str(subject)), Job("test.other", subject)])
    owe([Job("test.note", subject)])

    assert sorted(Owed.objects.values_list("kind", "subject")) == [("test.note", str(subject)), ("test.other", str(subject))]


def test_jobs_keep_the_order_in_which_they_were_owed(db: None) -> None:
    owe(Job("test.note", subject, lane="a") for subject in "zyxabc")

    assert "".join(Owed.objects.values_list("subject", flat=True)) == "zyxabc"


def test_a_job_without_a_lane_has_one_of_its_own(db: None) -> None:
    owe([Job("test.note", "x")])

    assert Owed.objects.get().lane == "test.note:x"


def test_what_is_owed_falls_with_its_cause(committed: Any) -> None:
    with transaction.atomic():
        owe([Job("test.note", "x")])
        transaction.set_rollback(True)

    assert not Owed.objects.exists()


def test_nobody_is_woken_before_the_cause_is_committed(db: None, django_capture_on_commit_callbacks: Any, monkeypatch: Any) -> None:
    with django_capture_on_commit_callbacks() as bells:
        owe([Job("test.note", "x", lane="a"), Job("test.note", "y", lane="a"), Job("test.note", "z", lane="b")])

    assert len(bells) == 2


@pytest.fixture(params=["refuses", "is silent"])
def broken_broker(request: Any, monkeypatch: Any) -> Iterator[None]:
    """A broker nobody answers for: a closed port, or one that takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        if request.param == "refuses":
            listener.close()
        monkeypatch.setattr(owing, "_quiet_until", 0.0)
        port = listener.getsockname()[1] if request.param == "is silent" else 9
        monkeypatch.setattr(owing, "current_app", Celery("elsewhere", broker=f"redis://127.0.0.1:{port}/0", set_as_current=False))
        yield


def test_a_broken_broker_costs_the_caller_a_moment_and_no_failure(committed: Any, broken_broker: None) -> None:
    began = time.monotonic()

    for subject in "abc":
        owe([Job("test.note", subject)])

    assert Owed.objects.count() == 3
    assert time.monotonic() - began < 4

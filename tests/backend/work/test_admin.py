"""What an operator sees and may do."""

from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory

from backend import clock
from backend.register.models import Entry
from backend.work import Job
from backend.work.models import Owed, Period
from backend.work.owing import owe
from tests.backend.work.conftest import NOON


@pytest.fixture
def request_of_an_operator(rf: RequestFactory) -> Any:
    request = rf.get("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def test_parked_jobs_come_first_and_can_be_tried_again(db: None, request_of_an_operator: Any) -> None:
    owe(Job("test.note", subject) for subject in "xy")
    Owed.objects.get(subject="y").park("WorkerDied")
    desk = site._registry[Owed]

    rows = desk.get_queryset(request_of_an_operator).order_by(*desk.get_ordering(request_of_an_operator))
    assert [job.subject for job in rows] == ["y", "x"]
    with clock.at(NOON):
        desk.try_again(request_of_an_operator, Owed.objects.parked())

    owed = Owed.objects.get(subject="y")
    assert (owed.parked_at, owed.attempts, owed.deaths, owed.due_at) == (None, 0, 0, NOON)


@pytest.mark.parametrize("model", [Owed, Period, Entry])
def test_nobody_adds_changes_or_removes_by_hand(model: Any, request_of_an_operator: Any) -> None:
    desk = site._registry[model]

    for may in (desk.has_add_permission, desk.has_change_permission, desk.has_delete_permission):
        assert not may(request_of_an_operator)


def test_the_register_s_list_shows_nothing_of_a_case(request_of_an_operator: Any) -> None:
    shown = {*site._registry[Entry].list_display, *site._registry[Entry].fields}

    assert shown == {"of_chain", "seq", "at", "kind", "key_id"}

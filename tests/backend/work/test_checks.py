"""A kind without a function is said before deployment, not found at night."""

from typing import Any

from backend.work.checks import every_kind_has_its_handler


def test_a_path_that_leads_nowhere_and_a_subscriber_without_handler_are_said(settings: Any) -> None:
    settings.WORK_HANDLERS = {"a.b": "backend.work.doing.work", "c.d": "backend.work.doing.nothing"}
    settings.WORK_GIVEN_UP = {"a.b": "backend.work.doing.nothing_either"}
    settings.REGISTER_SUBSCRIBERS = ["nobody"]

    assert [fault.id for fault in every_kind_has_its_handler()] == ["work.E002", "work.E001", "work.E001"]


def test_a_whole_declaration_is_silent(settings: Any) -> None:
    settings.WORK_HANDLERS = {"register.feed": "backend.work.doing.work"}
    settings.REGISTER_SUBSCRIBERS = ["feed"]

    assert every_kind_has_its_handler() == []

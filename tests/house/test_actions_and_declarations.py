"""Every action that is declared exists, every action is declared, every event leads to a step; the system check refuses to start otherwise."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.checks import registry

from cases import agreeing, proceedings
from cases.actions.base import ACTIONS, Declared
from cases.proceedings.declare import LAWYER, Proceeding, Step

Declaring = Callable[[Proceeding], None]


@pytest.fixture
def declaring(monkeypatch: pytest.MonkeyPatch) -> Declaring:
    """Let a proceeding be the only one that is declared."""
    return lambda proceeding: monkeypatch.setattr(proceedings, "all_versions", lambda: {("made-up", 1): proceeding})


def joint_petition(**changed: Any) -> Proceeding:
    return replace(proceedings.get("joint-petition", 1), **changed)


def found() -> list[tuple[str | None, str]]:
    return [(fault.id, str(fault.msg)) for fault in agreeing.declarations_and_actions_agree()]


def test_actions_and_declarations_agree_and_the_start_asks_it() -> None:
    assert found() == []
    assert agreeing.declarations_and_actions_agree in registry.registry.get_checks()


def test_a_declared_action_that_does_not_exist_is_caught(declaring: Declaring) -> None:
    declaring(joint_petition(throughout={LAWYER: ["filing.telephone"]}))

    assert ("cases.E001", "filing.telephone is declared, and no action has this name") in found()


def test_an_action_that_nobody_declares_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIONS, "filing.burn", Declared("filing.burn", print, False, False, ""))

    assert found() == [("cases.E002", "filing.burn is an action that no proceeding declares")]


def test_an_event_that_leads_nowhere_is_caught(declaring: Declaring) -> None:
    lost = Step("wait", "", "", may={}, then={"told": "limbo"})
    declaring(joint_petition(steps=[*joint_petition().steps, lost]))

    assert found() == [("cases.E003", "joint-petition: told leads from wait to limbo, which is no step")]

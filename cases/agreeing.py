"""System checks: actions and declarations know each other by name only, so a name on one side without the other stops the start."""

from typing import Any

from django.core.checks import CheckMessage, Error

from cases import proceedings
from cases.proceedings.declare import Proceeding


def declared_names(proceeding: Proceeding) -> set[str]:
    """Every action named in a declaration."""
    tables = [proceeding.throughout, *(step.may for step in proceeding.steps)]
    return {name for table in tables for names in table.values() for name in names}


def declarations_and_actions_agree(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """A name without a function, a function in no declaration, an event that leads to no step."""
    from cases.actions.base import ACTIONS  # filled when every action is imported

    versions = proceedings.all_versions().values()
    named = {name for proceeding in versions for name in declared_names(proceeding)}
    acting = {name for name, declared in ACTIONS.items() if not declared.undeclared}
    return [
        *(Error(f"{name} is declared, and no action has this name", id="cases.E001") for name in sorted(named - set(ACTIONS))),
        *(Error(f"{name} is an action that no proceeding declares", id="cases.E002") for name in sorted(acting - named)),
        *(problem for proceeding in versions for problem in _lost_steps(proceeding)),
    ]


def _lost_steps(proceeding: Proceeding) -> list[CheckMessage]:
    steps = {step.name for step in proceeding.steps}
    return [
        Error(f"{proceeding.kind}: {event} leads from {step.name} to {to}, which is no step", id="cases.E003")
        for step in proceeding.steps
        for event, to in step.then.items()
        if to not in steps
    ]

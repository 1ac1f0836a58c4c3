"""What was tried and what was answered: at a stop, across two cases, twice under one key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.hostile.operations import Answer, Operation


@dataclass
class Stop:
    """What was tried at a stop, by whom, and what was answered."""

    proceeding: Any
    step: str
    tried: dict[tuple[str, Operation], Answer] = field(default_factory=dict)
    outside: dict[tuple[str, Operation], tuple[Answer, Answer]] = field(default_factory=dict)  # of the real case, of one that is not there
    private: dict[tuple[str, Operation], tuple[Answer, Answer]] = field(default_factory=dict)  # of what the other side keeps, of nothing


@dataclass(frozen=True)
class Crossing:
    """An act that can be done, with one identifier of a case that its author may not see; and with one of nothing."""

    theirs: Answer
    absent: Answer

    def holds(self, method: str) -> bool:
        alike = (self.theirs.status, self.theirs.content) == (self.absent.status, self.absent.content)
        return alike and (method == "GET" or self.theirs.status >= 400)


@dataclass(frozen=True)
class Repeated:
    """An act that can be done, asked twice under one key; `entries`: what the second left in the register."""

    first: Answer
    second: Answer
    entries: int

    @property
    def holds(self) -> bool:
        return (self.first.status, self.first.said, 0) == (self.second.status, self.second.said, self.entries)
